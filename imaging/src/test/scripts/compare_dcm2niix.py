#!/usr/bin/env python3
"""Compares `radnet convert` with Debian's dcm2niix, folder by folder, in world coordinates.

Usage: compare_dcm2niix.py ARCHIVE [--all]

Needs Debian's packages dcm2niix, python3-nibabel and python3-numpy; says so and exits with 0 where they are absent. Every
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
import os
import shutil
import subprocess
import sys
import tempfile

if shutil.which("dcm2niix") is None:
    print("dcm2niix is absent (apt-get install dcm2niix): nothing compared")
    sys.exit(0)
try:
    import nibabel
    import numpy
except ImportError:
    print("nibabel or numpy is absent (apt-get install python3-nibabel): nothing compared")
    sys.exit(0)

AFFINE_TOLERANCE_MM = 1e-3
VALUE_TOLERANCE = 1e-5  # of the largest value
RADNET = os.environ.get("RADNET", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../../radnet"))


def is_dicom(path):
    with open(path, "rb") as file:
        head = file.read(132)
    return head[128:132] == b"DICM"


def resampled(path):
    return any(mark in os.path.basename(path) for mark in ("_Tilt", "_Eq"))


def upright_grids_match(flat, peer, work):
    """Whether each _Tilt volume of dcm2niix has the grid of one of ours."""
    tilted = [nibabel.load(path) for path in glob.glob(os.path.join(peer, "*_Tilt*.nii"))]
    if not tilted:
        return ""
    upright = os.path.join(work, "upright")
    subprocess.run([RADNET, "convert", flat, "--out", upright, "--upright"], capture_output=True, check=False)
    ours = [nibabel.as_closest_canonical(nibabel.load(path)) for path in glob.glob(os.path.join(upright, "*.nii.gz"))]
    equal = 0
    for image in map(nibabel.as_closest_canonical, tilted):
        equal += any(o.shape[:3] == image.shape[:3] and affine_difference(o, image) <= AFFINE_TOLERANCE_MM for o in ours)
    return f" (upright grids equal: {equal} of {len(tilted)})"


def volumes(folder):
    found = []
    for path in sorted(path for path in glob.glob(os.path.join(folder, "*.nii*")) if not resampled(path)):
        image = nibabel.load(path)
        data = numpy.asanyarray(image.dataobj)
        if data.dtype.names:  # colour
            continue
        data = data.reshape(data.shape[:3] + (-1,)) if data.ndim >= 3 else data.reshape(data.shape + (1, 1))
        for index in range(data.shape[3]):
            found.append(nibabel.as_closest_canonical(nibabel.Nifti1Image(data[..., index].astype(numpy.float64), image.affine)))
    return found


def affine_difference(a, b):
    return float(numpy.abs(a.affine - b.affine).max())


def compare(ours, theirs):
    equal, worst_value, worst_affine = 0, 0.0, 0.0
    left = list(ours)
    for volume in theirs:
        best = None
        for candidate in left:
            if candidate.shape == volume.shape:
                scale = max(1.0, float(numpy.abs(volume.get_fdata()).max()))
                value = float(numpy.abs(candidate.get_fdata() - volume.get_fdata()).max()) / scale
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
