"""The peer of Resampling: PyTorch's trilinear interpolate and SciPy's zoom (order 1) on int16 voxels.

PyTorch computes in float32, so the cast of the input belongs to its time; rescale and window, which our kernel does in the
same pass, are left out in its favour.
"""
import json
import sys
import time

import numpy as np
import scipy
import scipy.ndimage
import torch
from torch.nn.functional import interpolate

QUICK = "--quick" in sys.argv
GRIDS = ["64x256x256:48x192x192"] if QUICK else [
    "160x512x512:128x192x192", "40x512x512:200x256x256", "64x256x256:48x192x192"]


def measure(work, repetitions):
    work()
    samples = []
    for _ in range(repetitions):
        begin = time.perf_counter()
        work()
        samples.append((time.perf_counter() - begin) * 1e3)
    return samples


def report(peer, parameters, samples):
    print(json.dumps({"benchmark": "Resampling.trilinear", "parameters": parameters, "peer": peer,
                      "unit": "ms/op", "samples": samples}), flush=True)


for grids in GRIDS:
    source, target = (tuple(map(int, side.split("x"))) for side in grids.split(":"))
    voxels = np.random.default_rng(1).integers(-1000, 2000, source, dtype=np.int16)
    for threads in ([2] if QUICK else [1, 2]):
        torch.set_num_threads(threads)
        report(f"PyTorch {torch.__version__} interpolate, cast included", {"grids": grids, "threads": str(threads)},
               measure(lambda: interpolate(torch.from_numpy(voxels).float()[None, None], size=target,
                                           mode="trilinear", align_corners=False), 3 if QUICK else 10))
    factors = [t / s for t, s in zip(target, source)]
    report(f"SciPy {scipy.__version__} zoom, one thread", {"grids": grids},
           measure(lambda: scipy.ndimage.zoom(voxels.astype(np.float32), factors, order=1, grid_mode=True,
                                              mode="nearest"), 2 if QUICK else 4))
