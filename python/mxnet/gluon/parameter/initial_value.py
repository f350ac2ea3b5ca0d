"""First values of parameters."""

import numpy as np

from ... import initializer
from ... import ndarray as nd
from ..._numpy_mode import of_mode
from ...context import cpu

__all__ = ["GivenValue", "create_array"]


class GivenValue(initializer.Initializer):
    """Fills a parameter with a value that is known.

    Args:
        value (NDArray): The value.
    """

    def __init__(self, value):
        super().__init__()
        self.value = value

    def _init_weight(self, _, arr):
        self.value.copyto(arr)


def create_array(parameter, init, default_init):
    """The first values of a parameter, on the CPU.

    Args:
        parameter (Parameter): Its shape is known.
        init (Initializer or str): What makes them.
        default_init (Initializer): What is used for the network around.

    Returns:
        NDArray: Of the parameter's shape, dtype and storage kind.
    """
    dtype = parameter.dtype if parameter.dtype is not None else np.float32
    array = of_mode(nd.zeros(parameter.shape, dtype=dtype, ctx=cpu(), stype=parameter.stype))
    desc = initializer.InitDesc(parameter.name, {"__init__": init})
    initializer.create(default_init)(desc, array)
    return array
