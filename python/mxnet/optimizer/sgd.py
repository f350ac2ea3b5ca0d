"""Stochastic gradient descent and what is close to it."""

import os

from .. import ndarray as nd
from .. import random
from .base import Optimizer, is_half, lazy_stype, register, zeros_like

__all__ = ["SGD", "ccSGD", "NAG", "Signum", "SGLD", "DCASGD"]

# How many parameters one call of a fused operator updates. On the CPU there is nothing to gain
# from several calls, so this is above the number of parameters of most networks.
_AGGREGATION_SIZE = 256


def aggregation_size():
    """Most parameters that are updated in one call."""
    return int(os.environ.get("MXNET_OPTIMIZER_AGGREGATION_SIZE", _AGGREGATION_SIZE))


def momentum_with_copy(optimizer, index, weight):
    """State of a momentum optimizer; in multi-precision the 32 bit copy comes last."""
    if is_half(weight):
        if optimizer.multi_precision:
            copy = weight.astype("float32")
            return optimizer.create_state(index, copy), copy
        optimizer._warn_of_half()
    return optimizer.create_state(index, weight)


def fused_operator(prefix, has_momentum, has_copy):
    """The operator that updates one parameter, or several with the prefix ``multi_``."""
    kind = ("mp_" if has_copy else "") + ("sgd_mom_update" if has_momentum else "sgd_update")
    return getattr(nd, prefix + kind)


@register
class SGD(Optimizer):
    """Stochastic gradient descent with momentum.

    Each update is ``g = clip(rescale_grad * grad) + wd * weight``,
    ``state = momentum * state - lr * g``, ``weight += state``.

    Args:
        momentum (float): Share of the last step that goes on.
        lazy_update (bool): Whether rows without a gradient stay as they are, for row-sparse
            gradients.
        **kwargs: See `Optimizer`.
    """

    def __init__(self, momentum=0.0, lazy_update=True, **kwargs):
        super().__init__(**kwargs)
        self.momentum = momentum
        self.lazy_update = lazy_update
        self.aggregate_num = self._own_aggregation()

    _written = {"aggregate_num": 4}

    @staticmethod
    def _own_aggregation():
        return aggregation_size()

    def create_state(self, index, weight):
        if self.momentum == 0.0:
            return None
        return zeros_like(weight, stype=lazy_stype(self, weight))

    def create_state_multi_precision(self, index, weight):
        return momentum_with_copy(self, index, weight)

    def update(self, index, weight, grad, state):
        self._update_all(index, weight, grad, state, False)

    def update_multi_precision(self, index, weight, grad, state):
        first = weight[0] if isinstance(weight, (list, tuple)) else weight
        self._update_all(index, weight, grad, state, self.multi_precision and is_half(first))

    def _update_all(self, index, weight, grad, state, with_copy):
        if isinstance(index, (list, tuple)) and len(index) > 1:
            if all(array.stype == "default" for array in (*weight, *grad)):
                self._update_several(index, weight, grad, state, with_copy)
                return
            for each in zip(index, weight, grad, state):
                self._update_all(*each, with_copy)
            return
        if isinstance(index, (list, tuple)):
            index, weight, grad, state = index[0], weight[0], grad[0], state[0]
        lr, wd = self._begin(index)
        momentum, copy = state if with_copy else (state, None)
        states = [array for array in (momentum, copy) if array is not None]
        options = self._fused_options()
        if momentum is not None:
            options["momentum"] = self.momentum
        if not with_copy:
            options["lazy_update"] = self.lazy_update
        operator = fused_operator("", momentum is not None, with_copy)
        operator(weight, grad, *states, out=weight, lr=lr, wd=wd, **options)

    def _update_several(self, index, weight, grad, state, with_copy):
        self._update_count(index)
        options = self._fused_options()
        arrays = [weight, grad]
        if self.momentum != 0.0:
            options["momentum"] = self.momentum
            arrays.append([each[0] for each in state] if with_copy else state)
        if with_copy:
            arrays.append([each[1] for each in state])
        operator = fused_operator("multi_", self.momentum != 0.0, with_copy)
        operator(
            *(array for group in zip(*arrays) for array in group),
            out=weight,
            num_weights=len(weight),
            lrs=self._get_lrs(index),
            wds=self._get_wds(index),
            **options,
        )


@register
class ccSGD(SGD):  # pylint: disable=invalid-name
    """`SGD` under the name of its first implementation in C++."""


@register
class NAG(Optimizer):
    """Stochastic gradient descent with Nesterov's momentum.

    Each update is ``g = clip(rescale_grad * grad) + wd * weight``,
    ``state = momentum * state - lr * g``, ``weight += momentum * state - lr * g``.

    Args:
        momentum (float): Share of the last step that goes on.
        **kwargs: See `Optimizer`.
    """

    def __init__(self, momentum=0.0, **kwargs):
        super().__init__(**kwargs)
        self.momentum = momentum

    def create_state(self, index, weight):
        return zeros_like(weight) if self.momentum != 0.0 else None

    def create_state_multi_precision(self, index, weight):
        return momentum_with_copy(self, index, weight)

    def update(self, index, weight, grad, state):
        self._update(index, weight, grad, state, None)

    def update_multi_precision(self, index, weight, grad, state):
        momentum, copy = state if self.multi_precision and is_half(weight) else (state, None)
        self._update(index, weight, grad, momentum, copy)

    def _update(self, index, weight, grad, momentum, copy):
        lr, wd = self._begin(index)
        options = self._fused_options()
        if momentum is not None:
            options["momentum"] = self.momentum
            operator = nd.nag_mom_update if copy is None else nd.mp_nag_mom_update
        else:
            operator = fused_operator("", False, copy is not None)
        states = [array for array in (momentum, copy) if array is not None]
        operator(weight, grad, *states, out=weight, lr=lr, wd=wd, **options)


@register
class Signum(Optimizer):
    """Steps of equal length in the direction of the sign of the momentum (arXiv:1802.04434).

    Args:
        learning_rate (float): Learning rate.
        momentum (float): Share of the last direction that goes on.
        wd_lh (float): Weight decay that acts on the parameter itself.
        **kwargs: See `Optimizer`.
    """

    def __init__(self, learning_rate=0.01, momentum=0.9, wd_lh=0.0, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.momentum = momentum
        self.wd_lh = wd_lh

    def create_state(self, index, weight):
        return zeros_like(weight) if self.momentum != 0.0 else None

    def update(self, index, weight, grad, state):
        lr, wd = self._begin(index)
        options = self._fused_options()
        if state is None:
            nd.signsgd_update(weight, grad, out=weight, lr=lr, wd=wd, **options)
            return
        nd.signum_update(
            weight,
            grad,
            state,
            out=weight,
            lr=lr,
            wd=wd,
            momentum=self.momentum,
            wd_lh=self.wd_lh,
            **options,
        )


@register
class SGLD(Optimizer):
    """Stochastic gradient Langevin dynamics: gradient steps with noise (Welling and Teh 2011).

    Args:
        **kwargs: See `Optimizer`.
    """

    def update(self, index, weight, grad, state):
        lr, wd = self._begin(index)
        noise = random.normal(
            0, lr**0.5, shape=weight.shape, dtype=weight.dtype, ctx=weight.context
        )
        weight[:] = weight - lr / 2 * (self._scaled(grad) + wd * weight) + noise


@register
class DCASGD(Optimizer):
    """Gradient descent that makes up for late gradients (arXiv:1609.08326).

    Args:
        momentum (float): Share of the last step that goes on.
        lamda (float): Strength of the compensation.
        **kwargs: See `Optimizer`.
    """

    def __init__(self, momentum=0.0, lamda=0.04, **kwargs):
        super().__init__(**kwargs)
        self.momentum = momentum
        self.weight_previous = {}
        self.lamda = lamda

    def create_state(self, index, weight):
        return zeros_like(weight) if self.momentum != 0.0 else None, weight.copy()

    def update(self, index, weight, grad, state):
        lr, wd = self._begin(index)
        momentum, previous = state
        grad = self._scaled(grad)
        step = -lr * (grad + wd * weight + self.lamda * grad * grad * (weight - previous))
        if momentum is not None:
            momentum[:] = self.momentum * momentum + step
            step = momentum
        previous[:] = weight
        weight[:] = weight + step
