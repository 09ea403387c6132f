"""Writes the scan that the server's peak memory is measured with: 512 x 512 x 800 voxels of int16, a cylinder in air.

Usage: python3 large_scan.py SPACING_MM FILE.nii
"""
import struct
import sys

WIDTH = 512
SLICES = 800
HEADER = 352
AIR, TISSUE = -1000, 40


def main():
    spacing, name = float(sys.argv[1]), sys.argv[2]
    header = bytearray(HEADER)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, WIDTH, WIDTH, SLICES, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 4, 16)  # int16
    struct.pack_into("<8f", header, 76, 1, spacing, spacing, spacing, 1, 1, 1, 1)
    struct.pack_into("<3f", header, 108, HEADER, 1, 0)  # where voxels begin, slope, intercept
    header[123] = 2  # mm
    struct.pack_into("<h", header, 254, 1)
    struct.pack_into("<12f", header, 280, spacing, 0, 0, 0, 0, spacing, 0, 0, 0, 0, spacing, 0)
    header[344:348] = b"n+1\0"
    middle = WIDTH // 2
    inside = [(x - middle) ** 2 + (y - middle) ** 2 < 200 ** 2 for y in range(WIDTH) for x in range(WIDTH)]
    plane = struct.pack("<%dh" % len(inside), *[TISSUE if voxel else AIR for voxel in inside])
    with open(name, "wb") as out:
        out.write(header)
        for _ in range(SLICES):
            out.write(plane)


main()
