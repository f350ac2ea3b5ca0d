"""Initializers that make values."""

import json
import math

import numpy as np

from .. import _core, error, random
from ..ndarray import NDArray
from .base import Initializer, alias, register

__all__ = [
    "Zero",
    "One",
    "Constant",
    "Uniform",
    "Normal",
    "Orthogonal",
    "Xavier",
    "MSRAPrelu",
    "Bilinear",
    "LSTMBias",
]

_numpy_normal = _core.op_function("_npi_normal", "normal", __name__)
_numpy_uniform = _core.op_function("_npi_uniform", "uniform", __name__)


def _fill_normal(sigma, arr):
    """Fill an array as its interface draws: that of `mx.np` gives other numbers than `mx.nd`."""
    if _core.is_numpy(arr):
        _numpy_normal(loc=0, scale=sigma, size=arr.shape, dtype=np.dtype(arr.dtype).name, out=arr)
    else:
        random.normal(0, sigma, out=arr)


def _fill_uniform(bound, arr):
    """The same with numbers from -bound to bound."""
    if _core.is_numpy(arr):
        dtype = np.dtype(arr.dtype).name
        _numpy_uniform(low=-bound, high=bound, size=arr.shape, dtype=dtype, out=arr)
    else:
        random.uniform(-bound, bound, out=arr)


@alias("zeros")
@register
class Zero(Initializer):
    """Zeros."""

    def __init__(self):
        super().__init__()

    def _init_weight(self, _, arr):
        arr[:] = 0


@alias("ones")
@register
class One(Initializer):
    """Ones."""

    def __init__(self):
        super().__init__()

    def _init_weight(self, _, arr):
        arr[:] = 1


@register
class Constant(Initializer):
    """One value for all elements, or an array that broadcasts to the parameter.

    Args:
        value (float or array): The value.
    """

    def __init__(self, value):
        super().__init__(value=value)
        self.value = value

    def _init_weight(self, _, arr):
        arr[:] = np.asarray(self.value) if isinstance(self.value, (list, tuple)) else self.value

    def dumps(self):
        value = self.value.asnumpy() if isinstance(self.value, NDArray) else self.value
        value = value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
        return json.dumps([type(self).__name__.lower(), {"value": value}])


@register
class Uniform(Initializer):
    """Uniformly distributed values from -scale to scale.

    Args:
        scale (float): The bound.
    """

    def __init__(self, scale=0.07):
        super().__init__(scale=scale)
        self.scale = scale

    def _init_weight(self, _, arr):
        _fill_uniform(self.scale, arr)


@register
class Normal(Initializer):
    """Normally distributed values around 0.

    Args:
        sigma (float): The standard deviation.
    """

    def __init__(self, sigma=0.01):
        super().__init__(sigma=sigma)
        self.sigma = sigma

    def _init_weight(self, _, arr):
        _fill_normal(self.sigma, arr)


@register
class Orthogonal(Initializer):
    """A matrix with orthogonal rows or columns (Saxe et al. 2013, arXiv:1312.6120).

    Args:
        scale (float): Length of the rows or columns.
        rand_type (str): Distribution of the matrix it is made from: ``uniform`` or ``normal``.
    """

    def __init__(self, scale=1.414, rand_type="uniform"):
        super().__init__(scale=scale, rand_type=rand_type)
        if rand_type not in ("uniform", "normal"):
            raise error.ValueError(
                f"Orthogonal: rand_type={rand_type!r} is unknown; uniform or normal is expected"
            )
        self.scale = scale
        self.rand_type = rand_type

    def _init_weight(self, _, arr):
        shape = (arr.shape[0], math.prod(arr.shape[1:]))
        start = (
            random.uniform(-1.0, 1.0, shape=shape)
            if self.rand_type == "uniform"
            else random.normal(0.0, 1.0, shape=shape)
        )
        left, _, right = np.linalg.svd(start.asnumpy(), full_matrices=False)
        arr[:] = (self.scale * (left if left.shape == shape else right)).reshape(arr.shape)


@register
class Xavier(Initializer):
    """Values whose spread depends on the numbers of inputs and outputs of a neuron.

    The bound (``uniform``) or standard deviation (``gaussian``) is ``sqrt(magnitude / factor)``
    (Glorot and Bengio 2010).

    Args:
        rnd_type (str): Distribution: ``uniform`` or ``gaussian``.
        factor_type (str): The factor: ``in``, ``out``, or ``avg`` of both.
        magnitude (float): The magnitude.
    """

    def __init__(self, rnd_type="uniform", factor_type="avg", magnitude=3):
        super().__init__(rnd_type=rnd_type, factor_type=factor_type, magnitude=magnitude)
        self.rnd_type = rnd_type
        self.factor_type = factor_type
        self.magnitude = float(magnitude)

    def _init_weight(self, name, arr):
        shape = arr.shape
        if len(shape) < 2:
            raise error.ValueError(
                f"Xavier: parameter {name} has the shape {shape}; at least 2 "
                "dimensions are expected"
            )
        positions = math.prod(shape[2:])
        inputs, outputs = shape[1] * positions, shape[0] * positions
        factors = {"avg": (inputs + outputs) / 2, "in": inputs, "out": outputs}
        if self.factor_type not in factors:
            raise error.ValueError(
                f"Xavier: factor_type={self.factor_type!r} is unknown; avg, in or out is expected"
            )
        scale = math.sqrt(self.magnitude / factors[self.factor_type])
        if self.rnd_type == "uniform":
            _fill_uniform(scale, arr)
        elif self.rnd_type == "gaussian":
            _fill_normal(scale, arr)
        else:
            raise error.ValueError(
                f"Xavier: rnd_type={self.rnd_type!r} is unknown; uniform or gaussian is expected"
            )


@register
class MSRAPrelu(Xavier):
    """Xavier's values for networks with leaky ReLU (He et al. 2015, arXiv:1502.01852).

    Args:
        factor_type (str): The factor: ``in``, ``out``, or ``avg`` of both.
        slope (float): Slope of the ReLU on the negative side.
    """

    def __init__(self, factor_type="avg", slope=0.25):
        super().__init__("gaussian", factor_type, 2.0 / (1 + slope**2))
        self._kwargs = {"factor_type": factor_type, "slope": slope}


@register
class Bilinear(Initializer):
    """Kernels with which a transposed convolution interpolates."""

    def __init__(self):
        super().__init__()

    def _init_weight(self, name, arr):
        self._init_bilinear(name, arr)


@register
class LSTMBias(Initializer):
    """Biases of an LSTM: those of the forget gate get a value, the others 0.

    Args:
        forget_bias (float): The value.
    """

    def __init__(self, forget_bias=1.0):
        super().__init__(forget_bias=forget_bias)
        self.forget_bias = forget_bias

    def _init_weight(self, _, arr):
        hidden = arr.shape[0] // 4
        arr[:] = 0
        arr[hidden : 2 * hidden] = self.forget_bias
