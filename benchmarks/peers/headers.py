"""The peer of HeaderScan: pydicom reads each file of the same tree up to its pixels, on one core.

The walk and the grouping to series are left out, in its favour. The tree is the one that the benchmark made; without it
any folder will do.
"""
import json
import os
import sys
import time
import warnings

import pydicom

warnings.filterwarnings("ignore")
QUICK = "--quick" in sys.argv
LEAST = 500 if QUICK else 20000


def headers(paths):
    begin = time.perf_counter()
    for path in paths:
        try:
            header = pydicom.dcmread(path, stop_before_pixels=True)
            header.get("SeriesInstanceUID"), header.get("Modality"), header.get("ImagePositionPatient")
        except Exception:  # some files are broken on purpose: they cost time here and in our reader
            pass
    return time.perf_counter() - begin


folder = sys.argv[sys.argv.index("--scans") + 1]
tree = os.path.join(folder, f"tree-{LEAST}")
names = [os.path.join(at, name) for at, _, files in os.walk(tree if os.path.isdir(tree) else folder) for name in files]
headers(names[:1000])
samples = [1 / headers(names) for _ in range(2 if QUICK else 5)]
print(json.dumps({"benchmark": "HeaderScan.scan", "parameters": {"files": str(LEAST)}, "unit": "ops/s",
                  "peer": f"pydicom {pydicom.__version__}, one core", "samples": samples}))
