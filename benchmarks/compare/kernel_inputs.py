"""Inputs of the single operators that `kernels.py` times: name of the row -> NumPy arrays.

The same for every program. Small integers are indices; each row's arrays come from a generator of
their own, so that one row can be run alone.
"""

from __future__ import annotations

import zlib

import numpy as np


class Maker:
    def __init__(self, name):
        self.random = np.random.default_rng(zlib.crc32(name.encode()))

    def normal(self, *shape, dtype="float32"):
        return self.random.standard_normal(size=shape).astype(dtype)

    def integers(self, high, *shape, dtype="int64"):
        return self.random.integers(0, high, size=shape).astype(dtype)


INPUTS = {
    "layer_norm 4096x768": lambda m: [m.normal(4096, 768), m.normal(768), m.normal(768)],
    "layer_norm bwd 4096x768": lambda m: [m.normal(4096, 768), m.normal(768), m.normal(768)],
    "layer_norm axis=1 8x768x512": lambda m: [m.normal(8, 768, 512), m.normal(768), m.normal(768)],
    "group_norm 16x64x56x56": lambda m: [m.normal(16, 64, 56, 56)],
    "instance_norm 16x64x56x56": lambda m: [m.normal(16, 64, 56, 56)],
    "l2_normalization 4096x768": lambda m: [m.normal(4096, 768)],
    "softmax 4096x1000": lambda m: [m.normal(4096, 1000)],
    "softmax axis=1 16x21x8732": lambda m: [m.normal(16, 21, 8732)],
    "softmax 1Mx4": lambda m: [m.normal(1000000, 4)],
    "softmax bwd 4096x1000": lambda m: [m.normal(4096, 1000)],
    "log_softmax bwd 4096x1000": lambda m: [m.normal(4096, 1000)],
    "sum axis=1 4096x1024": lambda m: [m.normal(4096, 1024)],
    "sum axis=0 4096x1024": lambda m: [m.normal(4096, 1024)],
    "sum axis=(0,2,3) 32x64x56x56": lambda m: [m.normal(32, 64, 56, 56)],
    "sum axis=1 1Mx4": lambda m: [m.normal(1000000, 4)],
    "sum axis=0 1Mx4": lambda m: [m.normal(1000000, 4)],
    "max axis=1 4096x1024": lambda m: [m.normal(4096, 1024)],
    "argmax axis=1 4096x1024": lambda m: [m.normal(4096, 1024)],
    "norm 4096x1024": lambda m: [m.normal(4096, 1024)],
    "transpose 2048x2048": lambda m: [m.normal(2048, 2048)],
    "transpose 0231 32x64x56x56": lambda m: [m.normal(32, 64, 56, 56)],
    "transpose 0213 32x128x12x64": lambda m: [m.normal(32, 128, 12, 64)],
    "transpose float16 2048x2048": lambda m: [m.normal(2048, 2048, dtype="float16")],
    "slice ::2 4096x2048": lambda m: [m.normal(4096, 2048)],
    "concat 8 of 256x2048": lambda m: [m.normal(256, 2048) for _ in range(8)],
    "take 8192 rows of 50000x256": lambda m: [m.normal(50000, 256), m.integers(50000, 8192)],
    "embedding bwd 50000x256, 8192": lambda m: [m.normal(50000, 256), m.integers(50000, 8192)],
    "pick 1Mx8": lambda m: [m.normal(1000000, 8), m.integers(8, 1000000)],
    "gather_nd 1M of 1000x1000": lambda m: [m.normal(1000, 1000), m.integers(1000, 2, 1000000)],
    "one_hot 65536x100": lambda m: [m.integers(100, 65536)],
    "topk 10 of 1000x10000": lambda m: [m.normal(1000, 10000)],
    "sort 1000x1000": lambda m: [m.normal(1000, 1000)],
    "sort 1M": lambda m: [m.normal(1000000)],
    "argsort 1000x1000": lambda m: [m.normal(1000, 1000)],
    "where 4M": lambda m: [m.normal(4000000) > 0, m.normal(4000000), m.normal(4000000)],
    "add 4M": lambda m: [m.normal(4000000), m.normal(4000000)],
    "add 2048x2048 + 2048x1": lambda m: [m.normal(2048, 2048), m.normal(2048, 1)],
    "add 32x64x56x56 + 1x64x1x1": lambda m: [m.normal(32, 64, 56, 56), m.normal(1, 64, 1, 1)],
    "add float16 4M": lambda m: [m.normal(4000000, dtype="float16") for _ in range(2)],
    "exp 4M": lambda m: [m.normal(4000000)],
    "tanh 4M": lambda m: [m.normal(4000000)],
    "erf 4M": lambda m: [m.normal(4000000)],
    "sin 4M": lambda m: [m.normal(4000000)],
    "log1p 4M": lambda m: [np.abs(m.normal(4000000))],
    "power 4M": lambda m: [np.abs(m.normal(4000000))],
    "gelu 4M": lambda m: [m.normal(4000000)],
    "cast to float16 4M": lambda m: [m.normal(4000000)],
    "dot 1024": lambda m: [m.normal(1024, 1024), m.normal(1024, 1024)],
    "dot float64 512": lambda m: [m.normal(512, 512, dtype="float64") for _ in range(2)],
    "batch_dot 64x128x64x128": lambda m: [m.normal(64, 128, 64), m.normal(64, 64, 128)],
    "convolution float64 8x16x32x32": lambda m: [
        m.normal(8, 16, 32, 32, dtype="float64"),
        m.normal(16, 16, 3, 3, dtype="float64"),
    ],
    "random normal 1M": lambda m: [],
    "random uniform 1M": lambda m: [],
}
