"""The peer of SeriesToTensor: pydicom, NumPy and SciPy from the files of a series to the network's tensor.

Slices are sorted along their normal and rescaled one by one, the volume is resampled with order 1 to 48 x 192 x 192, cut
to [-1000, 1000] and scaled to [0, 1].
"""
import glob
import json
import os
import sys
import time
import warnings

import numpy as np
import pydicom
import scipy
from scipy.ndimage import zoom

warnings.filterwarnings("ignore")
QUICK = "--quick" in sys.argv
GRID = np.array([48, 192, 192])
folder = sys.argv[sys.argv.index("--scans") + 1]


def place(image):
    across, down = np.array(image.ImageOrientationPatient, dtype=float).reshape(2, 3)
    return np.cross(across, down) @ np.array(image.ImagePositionPatient, dtype=float)


def tensor(names):
    images = sorted((pydicom.dcmread(name) for name in names), key=place)
    volume = np.empty((len(images),) + images[0].pixel_array.shape, np.float32)
    for image, plane in zip(images, volume):
        plane[...] = image.pixel_array * float(image.get("RescaleSlope", 1)) + float(image.get("RescaleIntercept", 0))
    sampled = zoom(volume, GRID / volume.shape, order=1, grid_mode=True, mode="nearest")
    return (np.clip(sampled, -1000, 1000) + 1000) / 2000


for series in sorted(glob.glob(os.path.join(folder, "series", "*"))):
    coding = os.path.basename(series)
    if QUICK and coding != "native":
        continue
    names = glob.glob(os.path.join(series, "*"))
    samples = []
    for repetition in range(3 if QUICK else 8):
        begin = time.perf_counter()
        tensor(names)
        if repetition:
            samples.append((time.perf_counter() - begin) * 1e3)
    print(json.dumps({"benchmark": "SeriesToTensor.tensor", "parameters": {"coding": coding}, "unit": "ms/op",
                      "peer": f"pydicom {pydicom.__version__} and SciPy {scipy.__version__}, one core",
                      "samples": samples}), flush=True)
