"""Gradient descent for large batches."""

import math

from .. import ndarray as nd
from .base import Optimizer, register, zeros_like
from .sgd import SGD, fused_operator

__all__ = ["LARS", "LBSGD"]


def _norm(array):
    return math.sqrt(float(nd.sum(nd.square(array.astype("float32"))).asscalar()))


@register
class LARS(SGD):
    """Gradient descent with a learning rate for each layer (arXiv:1708.03888).

    The learning rate of a weight is multiplied by
    ``eta * |weight| / (|grad| + wd * |weight| + eps)``; biases, gammas and betas keep theirs.

    Args:
        momentum (float): Share of the last step that goes on.
        lazy_update (bool): Accepted for compatibility.
        eta (float): The factor.
        eps (float): Added to the divisor.
        momentum_correction (bool): Whether the momentum follows changes of the learning rate.
        **kwargs: See `Optimizer`.
    """

    _decayed_endings = ("_weight",)

    def __init__(
        self,
        momentum=0.0,
        lazy_update=True,
        eta=0.001,
        eps=0,
        momentum_correction=True,
        **kwargs,
    ):
        super().__init__(momentum=momentum, lazy_update=lazy_update, **kwargs)
        self.momentum_correction = momentum_correction
        self.eta = eta
        self.eps = eps
        self.skip = 0
        self.last_lr = None
        self.cur_lr = None

    def _layer_rate(self, index, weight, grad, lr, wd):
        if self.idx2name.get(index, "").endswith(("gamma", "beta", "bias")):
            return lr
        weight_norm, grad_norm = _norm(weight), _norm(grad) * self.rescale_grad
        if weight_norm <= 0 or grad_norm <= 0:
            return lr
        return lr * self.eta * weight_norm / (grad_norm + wd * weight_norm + self.eps)

    def _update_all(self, index, weight, grad, state, with_copy):
        if not isinstance(index, (list, tuple)):
            index, weight, grad, state = [index], [weight], [grad], [state]
        self._update_count(index)
        self.last_lr = self.cur_lr if self.cur_lr is not None else self.learning_rate
        self.cur_lr = self.learning_rate
        rates, decays = self._get_lrs(index), self._get_wds(index)
        for entry in zip(index, weight, grad, state, rates, decays):
            self._update_layer(*entry, with_copy)

    def _update_layer(self, index, weight, grad, state, lr, wd, with_copy):
        momentum, copy = state if with_copy else (state, None)
        lr = self._layer_rate(index, weight, grad, lr, wd)
        options = self._fused_options()
        if momentum is not None:
            options["momentum"] = self.momentum
            if self.momentum_correction:
                options["momentum"] *= self.cur_lr / self.last_lr
        states = [array for array in (momentum, copy) if array is not None]
        operator = fused_operator("", momentum is not None, with_copy)
        operator(weight, grad, *states, out=weight, lr=lr, wd=wd, **options)


@register
class LBSGD(Optimizer):
    """Gradient descent that adds gradients of several batches up to a large one, with a warm-up.

    The learning rate rises to `batch_scale` times its value over the warm-up.

    Args:
        momentum (float): Share of the last step that goes on.
        multi_precision (bool): See `Optimizer`.
        warmup_strategy (str): How it rises: ``linear``, ``power2``, ``sqrt``; ``lars`` takes the
            ratio of the sizes of weight and gradient.
        warmup_epochs (int): Epochs of the warm-up.
        batch_scale (int): Batches that are added up.
        updates_per_epoch (int): Updates in an epoch.
        begin_epoch (int): Number of the first epoch.
        num_epochs (int): Accepted for compatibility.
        **kwargs: See `Optimizer`.
    """

    def __init__(
        self,
        momentum=0.0,
        multi_precision=False,
        warmup_strategy="linear",
        warmup_epochs=5,
        batch_scale=1,
        updates_per_epoch=32,
        begin_epoch=0,
        num_epochs=60,
        **kwargs,
    ):
        super().__init__(multi_precision=multi_precision, **kwargs)
        self.momentum = momentum
        self.warmup_strategy = warmup_strategy
        self.warmup_epochs = warmup_epochs
        self.batch_scale = batch_scale
        self.updates_per_epoch = updates_per_epoch
        self.init_updates = begin_epoch * updates_per_epoch
        self.num_epochs = num_epochs
        self.cumgrads = {}

    def create_state(self, index, weight):
        return zeros_like(weight) if self.momentum != 0.0 else None

    _written = {"lbmult": 1, "admult": 1, "adaptive": False}

    def _warm_factor(self, updates):
        """What the learning rate is multiplied by after a number of updates."""
        total = self.warmup_epochs * self.updates_per_epoch
        if updates >= total:
            return self.batch_scale
        parts = {"linear": updates / total, "power2": (updates / total) ** 2}
        parts["sqrt"] = math.sqrt(updates / total)
        return 1.0 + (self.batch_scale - 1) * parts.get(self.warmup_strategy, 0.0)

    @staticmethod
    def _size_ratio(weight, grad, wd):
        weight_square, grad_square = _norm(weight) ** 2, _norm(grad) ** 2
        ratio = math.sqrt(weight_square / (grad_square + wd * weight_square + 1e-18))
        return min(max(ratio, 0.01), 100.0)

    def update(self, index, weight, grad, state):
        # As in MXNet the learning rate is that before this update.
        lr, wd = self._get_lr(index), self._get_wd(index)
        self._update_count(index)
        entry = self.cumgrads.setdefault(index, {"cum_grad": 0, "num_cums": self.init_updates})
        entry["cum_grad"] = grad + entry["cum_grad"]
        entry["num_cums"] += 1
        if entry["num_cums"] % self.batch_scale != 0:
            return
        grad = entry["cum_grad"] / self.batch_scale
        entry["cum_grad"] = 0
        if self.warmup_strategy == "lars":
            lr *= self._size_ratio(weight, grad, wd)
        else:
            lr *= self._warm_factor(entry["num_cums"])
        options = self._fused_options()
        states = []
        if state is not None:
            options["momentum"] = self.momentum
            states = [state]
        operator = fused_operator("", state is not None, False)
        operator(weight, grad, *states, out=weight, lr=lr, wd=wd, **options)
