#!/usr/bin/env python3
"""Compares `radnet convert` with Debian's dcm2niix, folder by folder, in world coordinates.

Usage: compare_dcm2niix.py ARCHIVE [--all]

Needs Debian's packages dcm2niix and python3-numpy; says so and exits with 0 where they are absent. Every
folder that holds DICOM files is converted by both. dcm2niix joins time points into 4D files and may flip or reorder axes, so
its files are split into 3D volumes, both sides are brought to the nearest RAS order, and each of its volumes is matched with
the volume of ours whose grid and voxels are nearest. Prints a row per folder: volumes of both, how many of dcm2niix's volumes
have an equal counterpart, the largest difference of voxel values, and the largest distance in mm between the affines of the
grids. Only folders that differ are printed, all of them with --all.

Volumes that dcm2niix resampled are no reading of the header and are counted apart ("resampled"): those it set upright (_Tilt)
are compared in their grid with `radnet convert --upright`, those it put at even steps (_Eq) have no counterpart. RADNET names
another launcher than the one of this tree.
"""
import glob
import gzip
import itertools
import os
import shutil
import struct
import subprocess
import sys
import tempfile

if shutil.which("dcm2niix") is None:
    print("dcm2niix is absent (apt-get install dcm2niix): nothing compared")
    sys.exit(0)
try:
    import numpy
except ImportError:
    print("numpy is absent (apt-get install python3-numpy): nothing compared")
    sys.exit(0)

AFFINE_TOLERANCE_MM = 1e-3
VALUE_TOLERANCE = 1e-5  # of the largest value
RADNET = os.environ.get("RADNET", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../../radnet"))


NIFTI_TYPES = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4"}


class Image:
    """A 3D volume: values, and the affine from voxel indices to RAS mm."""

    def __init__(self, values, affine):
        self.values, self.affine, self.shape = values, affine, values.shape

    def canonical(self):
        """Axes permuted and flipped to the nearest RAS order, as nibabel.as_closest_canonical does."""
        cosines = self.affine[:3, :3] / numpy.linalg.norm(self.affine[:3, :3], axis=0)
        order = max(itertools.permutations(range(3)), key=lambda o: sum(abs(cosines[row, o[row]]) for row in range(3)))
        values, turn = self.values.transpose(order), numpy.zeros((4, 4))
        turn[3, 3] = 1
        for row, axis in enumerate(order):
            backwards = cosines[row, axis] < 0
            turn[axis, row] = -1 if backwards else 1
            turn[axis, 3] = self.values.shape[axis] - 1 if backwards else 0
            values = numpy.flip(values, row) if backwards else values
        return Image(values, self.affine @ turn)


def nifti(path):
    """The volumes of a NIfTI-1 file, none where it is a colour picture."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        raw = file.read()
    order = "<" if struct.unpack("<i", raw[:4])[0] == 348 else ">"
    dim = struct.unpack(order + "8h", raw[40:56])
    kind = struct.unpack(order + "h", raw[70:72])[0]
    offset, slope, inter = struct.unpack(order + "3f", raw[108:120])
    if kind not in NIFTI_TYPES:
        return []
    shape = [max(1, n) for n in dim[1:8]]
    values = numpy.frombuffer(raw, order + NIFTI_TYPES[kind], int(numpy.prod(shape)), int(offset)).astype(numpy.float64)
    if slope != 0:
        values = values * slope + inter
    values = values.reshape(shape[:3] + [-1], order="F")
    affine = numpy.vstack([numpy.array(struct.unpack(order + "12f", raw[280:328])).reshape(3, 4), [0, 0, 0, 1]])
    if struct.unpack(order + "h", raw[254:256])[0] == 0 or not affine[:3, :3].any():
        affine = numpy.diag(struct.unpack(order + "8f", raw[76:108])[1:4] + (1.0,))
    return [Image(values[..., index], affine).canonical() for index in range(values.shape[3])]


def is_dicom(path):
    with open(path, "rb") as file:
        head = file.read(132)
    return head[128:132] == b"DICM"


def resampled(path):
    return any(mark in os.path.basename(path) for mark in ("_Tilt", "_Eq"))


def upright_grids_match(flat, peer, work):
    """Whether each _Tilt volume of dcm2niix has the grid of one of ours."""
    tilted = [image for path in glob.glob(os.path.join(peer, "*_Tilt*.nii")) for image in nifti(path)]
    if not tilted:
        return ""
    upright = os.path.join(work, "upright")
    subprocess.run([RADNET, "convert", flat, "--out", upright, "--upright"], capture_output=True, check=False)
    ours = [image for path in glob.glob(os.path.join(upright, "*.nii.gz")) for image in nifti(path)]
    equal = 0
    for image in tilted:
        equal += any(o.shape == image.shape and affine_difference(o, image) <= AFFINE_TOLERANCE_MM for o in ours)
    return f" (upright grids equal: {equal} of {len(tilted)})"


def volumes(folder):
    paths = sorted(path for path in glob.glob(os.path.join(folder, "*.nii*")) if not resampled(path))
    return [image for path in paths for image in nifti(path)]


def affine_difference(a, b):
    return float(numpy.abs(a.affine - b.affine).max())


def compare(ours, theirs):
    equal, worst_value, worst_affine = 0, 0.0, 0.0
    left = list(ours)
    for volume in theirs:
        best = None
        for candidate in left:
            if candidate.shape == volume.shape:
                scale = max(1.0, float(numpy.nanmax(numpy.abs(volume.values))))
                value = float(numpy.nanmax(numpy.abs(candidate.values - volume.values))) / scale
                affine = affine_difference(candidate, volume)
                if best is None or (value, affine) < best[:2]:
                    best = (value, affine, candidate)
        if best is None:
            continue
        left.remove(best[2])
        worst_value, worst_affine = max(worst_value, best[0]), max(worst_affine, best[1])
        equal += best[0] <= VALUE_TOLERANCE and best[1] <= AFFINE_TOLERANCE_MM
    return equal, worst_value, worst_affine


def main():
    archive, show_all = sys.argv[1], "--all" in sys.argv
    folders = sorted(d for d, _, names in os.walk(archive) if any(is_dicom(os.path.join(d, n)) for n in names))
    print(f"{'ours':>5} {'theirs':>6} {'equal':>5} {'resampled':>9} {'value':>9} {'affine mm':>9}  folder")
    totals = numpy.zeros(5, int)
    for folder in folders:
        with tempfile.TemporaryDirectory() as work:
            flat, mine, peer = (os.path.join(work, name) for name in ("in", "ours", "theirs"))
            for made in (flat, mine, peer):
                os.mkdir(made)
            for name in os.listdir(folder):
                if os.path.isfile(os.path.join(folder, name)):
                    os.symlink(os.path.abspath(os.path.join(folder, name)), os.path.join(flat, name))
            subprocess.run([RADNET, "convert", flat, "--out", mine], capture_output=True, check=False)
            subprocess.run(["dcm2niix", "-z", "n", "-b", "n", "-p", "n", "-d", "0", "-f", "%j_%s_%t", "-o", peer, flat],
                           capture_output=True, check=False)
            ours, theirs = volumes(mine), volumes(peer)
            equal, value, affine = compare(ours, theirs)
            extra = sum(resampled(path) for path in glob.glob(os.path.join(peer, "*.nii")))
            totals += (len(ours), len(theirs), equal, extra, 1)
            if show_all or extra or equal < len(theirs) or len(ours) != len(theirs):
                print(f"{len(ours):5d} {len(theirs):6d} {equal:5d} {extra:9d} {value:9.2g} {affine:9.2g}  "
                      f"{os.path.relpath(folder, archive)}{upright_grids_match(flat, peer, work)}")
    print(f"{totals[0]:5d} {totals[1]:6d} {totals[2]:5d} {totals[3]:9d}                      all {totals[4]} folders")


main()
