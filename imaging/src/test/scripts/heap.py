#!/usr/bin/env python3
"""Shows that a CT of 512 x 512 x 800 needs no more heap than 1.5 times its voxels as 16 bit plus 64 MiB.

Usage: heap.py [--syntax native|rle|jpeg|jpegls|j2k] [--slices N]

Writes such a CT to a temporary folder (400 MiB), compressed where asked, and runs `radnet convert` with that heap (664 MiB for 800
slices) and `radnet label` with 64 MiB. Java ends with an OutOfMemoryError where it does not suffice; the script then fails. The
compressed syntaxes need Debian's dcmtk (dcmcrle, dcmcjpeg, dcmcjpls), JPEG 2000 needs python3-gdcm; where they are absent the script
says so and exits with 0. RADNET names another launcher than the one of this tree.
"""
import argparse
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time

RADNET = os.environ.get("RADNET", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../../radnet"))
SIDE = 512
TOOLS = {"rle": ["dcmcrle"], "jpeg": ["dcmcjpeg", "+e1"], "jpegls": ["dcmcjpls", "+el"]}


def element(group, number, vr, value):
    if isinstance(value, str):
        value = value.encode() + (b"\0" if vr == "UI" else b" ") * (len(value) % 2)
    long = vr in ("OB", "OW", "SQ", "UN", "UT")
    head = struct.pack("<HH", group, number) + vr.encode()
    return head + (struct.pack("<HI", 0, len(value)) if long else struct.pack("<H", len(value))) + value


def slice_file(path, k, pixels):
    meta = element(2, 2, "UI", "1.2.840.10008.5.1.4.1.1.2") + element(2, 3, "UI", f"1.2.826.0.1.{k + 1}")
    meta += element(2, 0x10, "UI", "1.2.840.10008.1.2.1")
    short = lambda value: struct.pack("<H", value)
    body = b"".join((
        element(8, 8, "CS", "ORIGINAL\\PRIMARY\\AXIAL"), element(8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.2"),
        element(8, 0x18, "UI", f"1.2.826.0.1.{k + 1}"), element(8, 0x60, "CS", "CT"), element(0x18, 0x50, "DS", "1"),
        element(0x20, 0xD, "UI", "1.2.826.0.2"), element(0x20, 0xE, "UI", "1.2.826.0.3"), element(0x20, 0x13, "IS", str(k + 1)),
        element(0x20, 0x32, "DS", f"-200\\-200\\{k}"), element(0x20, 0x37, "DS", "1\\0\\0\\0\\1\\0"),
        element(0x28, 2, "US", short(1)), element(0x28, 4, "CS", "MONOCHROME2"), element(0x28, 0x10, "US", short(SIDE)),
        element(0x28, 0x11, "US", short(SIDE)), element(0x28, 0x30, "DS", "0.8\\0.8"), element(0x28, 0x100, "US", short(16)),
        element(0x28, 0x101, "US", short(12)), element(0x28, 0x102, "US", short(11)), element(0x28, 0x103, "US", short(0)),
        element(0x28, 0x1052, "DS", "-1024"), element(0x28, 0x1053, "DS", "1"), element(0x7FE0, 0x10, "OW", pixels)))
    with open(path, "wb") as file:
        file.write(b"\0" * 128 + b"DICM" + element(2, 0, "UL", struct.pack("<I", len(meta))) + meta + body)


def jpeg2000(path):
    import gdcm
    reader, change, writer = gdcm.ImageReader(), gdcm.ImageChangeTransferSyntax(), gdcm.ImageWriter()
    reader.SetFileName(path)
    assert reader.Read(), path
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEG2000Lossless))
    change.SetInput(reader.GetImage())
    assert change.Change(), path
    writer.SetFileName(path)
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write(), path


def compress(path, syntax):
    if syntax == "j2k":
        jpeg2000(path)
    elif syntax != "native":
        subprocess.run(TOOLS[syntax] + [path, path], check=True, capture_output=True)


def scan(folder, slices, syntax):
    noise = random.Random(1)
    rows = [struct.pack(f"<{SIDE}H", *(1000 + (x + y) % 200 + noise.randrange(8) for x in range(SIDE))) for y in range(SIDE)]
    patterns = 8
    for k in range(patterns):
        path = os.path.join(folder, f"{k:04d}.dcm")
        slice_file(path, k, b"".join(rows[k:] + rows[:k]))
        compress(path, syntax)
    for k in range(patterns, slices):  # the same pixels at another place: compressing 800 slices takes long
        with open(os.path.join(folder, f"{k % patterns:04d}.dcm"), "rb") as file:
            data = file.read()
        number, place, uid = (str(k % patterns + 1), f"-200\\-200\\{k % patterns}", f"1.2.826.0.1.{k % patterns + 1}")
        changed = ((0x20, 0x13, "IS", number, str(k + 1)), (0x20, 0x32, "DS", place, f"-200\\-200\\{k}"),
                   (8, 0x18, "UI", uid, f"1.2.826.0.1.{k + 1}"))
        for group, tag, vr, before, after in changed:
            old, new = element(group, tag, vr, before), element(group, tag, vr, after)
            assert data.count(old) == 1, (old, data.count(old))
            data = data.replace(old, new)
        with open(os.path.join(folder, f"{k:04d}.dcm"), "wb") as file:
            file.write(data)


def run(heap, *arguments):
    start = time.time()
    result = subprocess.run([RADNET, *arguments], env={**os.environ, "RADNET_JAVA_OPTS": f"-Xmx{heap}m"}, capture_output=True, text=True,
                            check=False)
    print(f"radnet {arguments[0]} with {heap} MiB: exit code {result.returncode}, {time.time() - start:.1f} s")
    if result.returncode != 0:
        sys.exit(result.stderr)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--syntax", choices=["native", "j2k", *TOOLS], default="native")
    options.add_argument("--slices", type=int, default=800)
    given = options.parse_args()
    if given.syntax in TOOLS and shutil.which(TOOLS[given.syntax][0]) is None:
        print(f"{TOOLS[given.syntax][0]} is absent (apt-get install dcmtk): nothing measured")
        return
    with tempfile.TemporaryDirectory() as work:
        folder = os.path.join(work, "ct")
        os.mkdir(folder)
        try:
            scan(folder, given.slices, given.syntax)
        except ImportError:
            print("gdcm is absent (apt-get install python3-gdcm): nothing measured")
            return
        voxels = SIDE * SIDE * 2 * given.slices / 2**20
        print(f"{given.syntax}: {given.slices} slices, {voxels:.0f} MiB of voxels")
        run(64, "label", folder, "--out", os.path.join(work, "labels.csv"))
        run(int(1.5 * voxels + 64), "convert", folder, "--strict", "--out", os.path.join(work, "out"))


main()
