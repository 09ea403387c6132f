#!/usr/bin/env python3
"""Compares `radnet convert` with Debian's dcm2niix, folder by folder, in world coordinates.

Usage: compare_dcm2niix.py ARCHIVE [--all]

Needs Debian's packages dcm2niix, python3-nibabel and python3-numpy; says so and exits with 0 where they are absent. Every
folder that holds DICOM files is converted by both. dcm2niix joins time points into 4D files and may flip or reorder axes, so
its files are split into 3D volumes, both sides are brought to the nearest RAS order, and each of its volumes is matched with
the volume of ours whose grid and voxels are nearest. Prints a row per folder: volumes of both, how many of dcm2niix's volumes
have an equal counterpart, the largest difference of voxel values, and the largest distance in mm between the affines of the
grids. Only folders that differ are printed, all of them with --all.
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


def volumes(folder):
    found = []
    for path in sorted(glob.glob(os.path.join(folder, "*.nii*"))):
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
    print(f"{'ours':>5} {'theirs':>6} {'equal':>5} {'value':>9} {'affine mm':>9}  folder")
    totals = numpy.zeros(4, int)
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
            totals += (len(ours), len(theirs), equal, 1)
            if show_all or equal < len(theirs) or len(ours) != len(theirs):
                print(f"{len(ours):5d} {len(theirs):6d} {equal:5d} {value:9.2g} {affine:9.2g}  {os.path.relpath(folder, archive)}")
    print(f"{totals[0]:5d} {totals[1]:6d} {totals[2]:5d}                      all {totals[3]} folders")


main()
