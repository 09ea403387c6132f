"""The peer of ObliqueResampling: SciPy's affine_transform (order 1 and 3) on int16 voxels, float32 out, one thread."""
import json
import sys
import time

import numpy as np
import scipy
import scipy.ndimage

QUICK = "--quick" in sys.argv
GRIDS = ["64x256x256:48x192x192"] if QUICK else ["160x512x512:128x192x192", "64x256x256:48x192x192"]


def turned(source, target):
    """The same grid as the benchmark's: axes in the order depth, height, width here."""
    a, b = np.radians(20), np.radians(10)
    turn = np.array([[np.cos(a), -np.sin(a), 0],
                     [np.sin(a) * np.cos(b), np.cos(a) * np.cos(b), -np.sin(b)],
                     [np.sin(a) * np.sin(b), np.cos(a) * np.sin(b), np.cos(b)]])[::-1, ::-1]
    matrix = turn * (np.array(source) / np.array(target))
    start = (np.array(source) - 1) / 2 - matrix @ ((np.array(target) - 1) / 2)
    return matrix, start


for grids in GRIDS:
    source, target = (tuple(map(int, side.split("x"))) for side in grids.split(":"))
    voxels = np.random.default_rng(1).integers(-1000, 2000, source, dtype=np.int16)
    matrix, start = turned(source, target)
    for order, name in [(1, "LINEAR")] if QUICK else [(1, "LINEAR"), (3, "CUBIC")]:
        samples = []
        for repetition in range(3 if QUICK else 5):
            begin = time.perf_counter()
            scipy.ndimage.affine_transform(voxels, matrix, start, output_shape=target, output=np.float32, order=order)
            if repetition > 0:
                samples.append((time.perf_counter() - begin) * 1e3)
        print(json.dumps({"benchmark": "ObliqueResampling.oblique", "parameters": {"grids": grids, "interpolation": name},
                          "peer": f"SciPy {scipy.__version__} affine_transform, one thread", "unit": "ms/op",
                          "samples": samples}), flush=True)
