"""The peer of PixelDecoding: pydicom decodes the same images from memory, header included.

Its decoders are NumPy for native and RLE pixels and gdcm or Pillow (libraries in C) for the others; where several can,
each is measured.
"""
import glob
import io
import json
import os
import sys
import time
import warnings

import pydicom
from pydicom.pixels import get_decoder

warnings.filterwarnings("ignore")
QUICK = "--quick" in sys.argv
folder = sys.argv[sys.argv.index("--scans") + 1]


def decode(data, plugin):
    image = pydicom.dcmread(io.BytesIO(data))
    if plugin:
        image.pixel_array_options(decoding_plugin=plugin)
    return image.pixel_array


for path in sorted(glob.glob(os.path.join(folder, "frames", "*.dcm"))):
    coding = os.path.basename(path)[:-4]
    if QUICK and coding != "native":
        continue
    with open(path, "rb") as file:
        data = file.read()
    syntax = pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True).file_meta.TransferSyntaxUID
    plugins = get_decoder(syntax).available_plugins if syntax.is_encapsulated else [""]
    if not plugins:
        print(f"{coding}: no decoder is installed", file=sys.stderr)
    for plugin in plugins:
        try:
            decode(data, plugin)
        except Exception as refused:
            print(f"{coding}: {plugin} refused the image: {type(refused).__name__}", file=sys.stderr)
            continue
        samples = []
        for _ in range(3 if QUICK else 8):
            count, begin = 0, time.perf_counter()
            while time.perf_counter() - begin < (0.05 if QUICK else 0.3):
                decode(data, plugin)
                count += 1
            samples.append(count / (time.perf_counter() - begin))
        print(json.dumps({"benchmark": "PixelDecoding.frame", "parameters": {"coding": coding}, "unit": "ops/s",
                          "peer": f"pydicom {pydicom.__version__} with {plugin or 'numpy'}",
                          "samples": samples}), flush=True)
