"""Optimizers of `mx.optimizer.contrib`."""

from .. import error
from .. import ndarray as nd
from ..ndarray import contrib
from .base import Optimizer, register

__all__ = ["GroupAdaGrad"]


@register
class GroupAdaGrad(Optimizer):
    """AdaGrad with one learning rate for each row of a parameter.

    Rows without a gradient stay as they are when gradients are row-sparse. There is no weight
    decay.

    Args:
        eps (float): Added under the root.
        **kwargs: See `Optimizer`.
    """

    def __init__(self, eps=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.float_stable_eps = eps

    def create_state(self, index, weight):
        if len(weight.shape) != 2:
            raise error.AssertionError(
                f"GroupAdaGrad: weight {index} has the shape {weight.shape}; expected two axes"
            )
        shape = (weight.shape[0], 1)
        return nd.zeros(shape, ctx=weight.context, dtype=weight.dtype, stype=weight.stype)

    def update(self, index, weight, grad, state):
        lr, wd = self._begin(index)
        if wd != 0:
            raise error.AssertionError(f"GroupAdaGrad: wd={wd} is not supported; expected 0")
        contrib.group_adagrad_update(
            weight,
            grad,
            state,
            out=weight,
            lr=lr,
            epsilon=self.float_stable_eps,
            **self._fused_options(),
        )
