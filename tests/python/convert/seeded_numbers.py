"""Seeded parameters of networks by their names and shapes."""

import zlib

import numpy as np


def numbers(name, shape):
    """The same array for a name and shape wherever it is made."""
    rng = np.random.RandomState(zlib.crc32(name.encode()))
    if name.endswith("running_var"):
        return rng.uniform(0.8, 1.2, shape).astype(np.float32)
    if len(shape) == 1:
        return rng.uniform(-0.1, 0.1, shape).astype(np.float32) + name.endswith("weight")
    scale = np.sqrt(1.6 / np.prod(shape[1:]))
    return (rng.randn(*shape) * scale).astype(np.float32)
