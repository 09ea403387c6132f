"""Makes src/test/resources/io/radnet/imaging/resample/golden.txt: what SciPy and PyTorch make of one small volume.

Run from the module's folder: /usr/bin/python3 src/test/scripts/resample_golden.py
Debian: apt-get install python3-scipy python3-torch

Each block: a name, the target's size (depth, height, width), the matrix from target to source indices (3 rows of 4, order
depth, height, width, start), then the values.
"""
import numpy as np
import scipy.ndimage
import torch
from torch.nn.functional import interpolate

SIZE = (6, 9, 11)
# a formula rather than random numbers, so that the test makes the same volume; int16
z, y, x = np.indices(SIZE)
volume = (((z * 37 + y * 101 + x * 61 + z * y * x * 13) % 257) * 8 - 900).astype(np.int16)


def block(name, values, matrix, start):
    size = values.shape
    print(name)
    print(*size)
    for row in range(3):
        print(*[repr(float(v)) for v in matrix[row]], repr(float(start[row])))
    print(*[f"{v:.5f}" for v in values.ravel()])


def affine(name, order, size, matrix, start):
    values = scipy.ndimage.affine_transform(volume.astype(np.float64), matrix, start, output_shape=size, order=order,
                                            mode="mirror")
    block(name, values, matrix, start)


straight = np.diag([0.61, 0.83, 0.77])
affine("cubic aligned", 3, (7, 9, 12), straight, [0.3, 0.2, 0.1])
angle = 0.35
turned = np.array([[0.8, 0.05, 0], [-0.04, 0.7 * np.cos(angle), -0.7 * np.sin(angle)], [0, 0.7 * np.sin(angle), 0.7 * np.cos(angle)]])
affine("cubic oblique", 3, (5, 6, 7), turned, [0.5, 2.2, 0.4])
affine("linear oblique", 1, (5, 6, 7), turned, [0.5, 2.2, 0.4])

target = (2, 4, 3)  # a strong reduction
reduced = torch.from_numpy(volume.astype(np.float64))[:, None]
reduced = interpolate(reduced, size=target[1:], mode="bilinear", align_corners=False, antialias=True)
reduced = reduced[:, 0].permute(1, 0, 2)[:, None]  # height, 1, depth, width
reduced = interpolate(reduced, size=(target[0], target[2]), mode="bilinear", align_corners=False, antialias=True)
values = reduced[:, 0].permute(1, 0, 2).numpy()
steps = [s / t for s, t in zip(SIZE, target)]
block("antialiased", values, np.diag(steps), [step / 2 - 0.5 for step in steps])
