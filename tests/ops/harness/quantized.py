"""What the tables of quantized operators share: the arithmetic of 1.9.1 in NumPy."""

import numpy as np

REAL = {"int8": 127.5, "uint8": 255.5}
WHOLE = {"int8": 127.0, "uint8": 255.0}
LIMITS = {"int8": (-128, 127), "uint8": (0, 255)}
SUM = 2147483647.0
R = np.random.default_rng(7)


def one(value):
    return np.array([value], np.float32)


def magnitude(low, high):
    return max(abs(float(low[0])), abs(float(high[0])))


def cut(x, dtype):
    return np.clip(np.rint(x), *LIMITS[dtype]).astype(dtype)


def whole(dtype, *shape):
    low, high = LIMITS[dtype]
    return R.integers(low, high + 1, shape).astype(dtype)
