"""Computes nodes whose inputs are constants while a network is exported.

Parameters are cut and turned by the same lines that would write nodes for computed ones.
"""

import numpy as np

from ..package import onnx


def knows(op):
    """Whether nodes of ONNX's operator `op` can be computed here."""
    return op in _FUNCTIONS


def fold(op, inputs, attributes):
    """The result of a node of ONNX.

    Args:
        op: Name of the operator.
        inputs: NumPy arrays.
        attributes: Attributes by name.
    """
    result = np.asarray(_FUNCTIONS[op](*inputs, **attributes))
    return np.ascontiguousarray(result).reshape(result.shape)


class Turned:
    """A parameter with its axes in another order, which is read late, as parameters are.

    Args:
        array: An NDArray, or another such parameter.
        perm: The order of its axes.
    """

    def __init__(self, array, perm):
        self._array, self._perm = array, perm
        self.dtype = array.dtype
        self.shape = tuple(array.shape[axis] for axis in perm)

    def asnumpy(self):
        """The elements as a NumPy array."""
        return np.ascontiguousarray(self._array.asnumpy().transpose(self._perm))


def _slice(data, starts, ends, axes, steps):
    index = [slice(None)] * data.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps):
        # An end far below zero means: up to the first element.
        open_end = step < 0 and end < -data.shape[axis]
        index[axis] = slice(int(start), None if open_end else int(end), int(step))
    return data[tuple(index)]


def _reshape(data, shape):
    return data.reshape([data.shape[i] if s == 0 else int(s) for i, s in enumerate(shape)])


def _cast(data, to):
    return data.astype(onnx.helper.tensor_dtype_to_np_dtype(to))


def _unsqueeze(data, axes):
    return np.expand_dims(data, tuple(int(axis) for axis in axes))


def _squeeze(data, axes):
    return np.squeeze(data, tuple(int(axis) for axis in axes))


def _transpose(data, perm=None):
    return data.transpose(perm)


def _gather(data, indices, axis=0):
    return np.take(data, indices, axis)


def _concat(*parts, axis):
    return np.concatenate(parts, axis)


_FUNCTIONS = {
    "Add": np.add,
    "Cast": _cast,
    "Concat": _concat,
    "Gather": _gather,
    "Identity": np.asarray,
    "Mul": np.multiply,
    "Neg": np.negative,
    "Reshape": _reshape,
    "Slice": _slice,
    "Sqrt": np.sqrt,
    "Squeeze": _squeeze,
    "Sub": np.subtract,
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
}
