"""The peer of SmoothResampling: SciPy's zoom of order 3 with its prefilter, and a Gaussian blur before zoom of order 1, which
is how SciPy's users reduce without aliasing. One thread, int16 in, float32 out."""
import json
import sys
import time

import numpy as np
import scipy
import scipy.ndimage

QUICK = "--quick" in sys.argv
GRIDS = ["160x512x512:40x64x64"] if QUICK else ["160x512x512:128x192x192", "160x512x512:40x64x64"]


def measure(work):
    samples = []
    for repetition in range(2 if QUICK else 4):
        begin = time.perf_counter()
        work()
        if repetition > 0:
            samples.append((time.perf_counter() - begin) * 1e3)
    return samples


def report(grids, interpolation, peer, work):
    print(json.dumps({"benchmark": "SmoothResampling.resample", "parameters": {"grids": grids, "interpolation": interpolation},
                      "peer": f"SciPy {scipy.__version__} {peer}, one thread", "unit": "ms/op",
                      "samples": measure(work)}), flush=True)


for grids in GRIDS:
    source, target = (tuple(map(int, side.split("x"))) for side in grids.split(":"))
    voxels = np.random.default_rng(1).integers(-1000, 2000, source, dtype=np.int16)
    factors = [t / s for t, s in zip(target, source)]

    def zoom(volume, order):
        return scipy.ndimage.zoom(volume, factors, output=np.float32, order=order, grid_mode=True, mode="mirror")

    report(grids, "ANTIALIASED", "gaussian_filter and zoom",
           lambda: zoom(scipy.ndimage.gaussian_filter(voxels, [(1 / f - 1) / 2 for f in factors], output=np.float32), 1))
    if not QUICK:
        report(grids, "CUBIC", "zoom of order 3", lambda: zoom(voxels, 3))
        report(grids, "NEAREST", "zoom of order 0", lambda: zoom(voxels, 0))
