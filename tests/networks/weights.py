"""Seeded weights and inputs for network tests, the same for every NumPy and every framework.

Numbers come from `numpy.random.RandomState(...).bytes`, whose stream NumPy guarantees; one
generator per array makes an array independent of all others.
"""

import numpy as np

_STRIDE = 100003


def _spread(shape, seed):
    """Float32 array of `shape`, uniform in (-1, 1) in steps of 2**-15."""
    count = int(np.prod(shape))
    raw = np.frombuffer(np.random.RandomState(seed).bytes(2 * count), "<u2")
    return ((raw.astype(np.float32) - np.float32(32767.5)) / np.float32(32768)).reshape(shape)


def _argument(name, shape, seed, gain):
    if "prelu" in name:
        return np.float32(0.25) + np.float32(0.1) * _spread(shape, seed)
    if name.endswith("gamma"):
        return np.float32(1) + np.float32(0.2) * _spread(shape, seed)
    if name.endswith("scale"):
        return np.float32(20) + np.float32(2) * _spread(shape, seed)
    if len(shape) < 2:
        return np.float32(0.1) * _spread(shape, seed)
    fan_in = int(np.prod(shape[1:]))
    return np.float32(np.sqrt(6.0 * gain / fan_in)) * _spread(shape, seed)


def make_weights(arg_shapes, aux_shapes, seed, gain=1.0, head=(), head_gain=1.0):
    """Makes all parameters of a network.

    Weights are uniform with the variance that keeps activations steady through ReLU (He),
    gammas near 1 (of PReLU near 0.25), biases and means near 0, variances near 1.

    Args:
        arg_shapes: dict of argument name to shape, without data and labels, in argument order.
        aux_shapes: dict of auxiliary state name to shape, in order.
        seed: base of all seeds, at most 40000.
        gain: factor on the variance of all weights; below 1 for deep residual networks.
        head: names of the weights that get `head_gain` instead.
        head_gain: factor on the variance of those.

    Returns:
        Two dicts of float32 arrays: arguments and auxiliary states.
    """
    args, auxs = {}, {}
    for index, (name, shape) in enumerate(arg_shapes.items()):
        factor = head_gain if name in head else gain
        args[name] = _argument(name, shape, seed * _STRIDE + index, factor)
    for index, (name, shape) in enumerate(aux_shapes.items()):
        values = _spread(shape, seed * _STRIDE + 50000 + index)
        is_variance = name.endswith("var")
        auxs[name] = (
            np.float32(1) + np.float32(0.2) * values if is_variance else (np.float32(0.1) * values)
        )
    return args, auxs


def make_input(shape, seed):
    """A float32 batch in (-2, 2); 4-d batches have coarse structure, as pictures have."""
    fine = np.float32(0.5) * _spread(shape, seed * _STRIDE + 99999)
    if len(shape) != 4:
        return np.float32(2) * fine
    block = max(1, shape[2] // 8)
    cells = shape[:2] + tuple(-(-size // block) for size in shape[2:])
    coarse = np.float32(1.5) * _spread(cells, seed * _STRIDE + 99998)
    coarse = coarse.repeat(block, axis=2).repeat(block, axis=3)
    return fine + coarse[:, :, : shape[2], : shape[3]]
