"""Adam and its relatives."""

import math

from .. import ndarray as nd
from .base import Optimizer, lazy_stype, register, zeros_like

__all__ = ["Adam", "Adamax", "Nadam", "FTML", "LAMB"]


@register
class Adam(Optimizer):
    """Adam: steps scaled by running moments of the gradient (arXiv:1412.6980).

    Args:
        learning_rate (float): Learning rate.
        beta1 (float): Decay of the running mean.
        beta2 (float): Decay of the running mean of squares.
        epsilon (float): Added to the root that is divided by.
        lazy_update (bool): Whether rows without a gradient stay as they are, for row-sparse
            gradients.
        **kwargs: See `Optimizer`.
    """

    def __init__(
        self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, lazy_update=True, **kwargs
    ):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.lazy_update = lazy_update

    def create_state(self, index, weight):
        stype = lazy_stype(self, weight)
        return zeros_like(weight, stype=stype), zeros_like(weight, stype=stype)

    def update(self, index, weight, grad, state):
        lr, wd = self._begin(index)
        count = self._index_update_count[index]
        lr *= math.sqrt(1.0 - self.beta2**count) / (1.0 - self.beta1**count)
        mean, var = state
        nd.adam_update(
            weight,
            grad,
            mean,
            var,
            out=weight,
            lr=lr,
            wd=wd,
            beta1=self.beta1,
            beta2=self.beta2,
            epsilon=self.epsilon,
            lazy_update=self.lazy_update,
            **self._fused_options(),
        )


@register
class Adamax(Optimizer):
    """Adam with the largest gradient in place of the mean of squares (arXiv:1412.6980).

    Args:
        learning_rate (float): Learning rate.
        beta1 (float): Decay of the running mean.
        beta2 (float): Decay of the running maximum.
        **kwargs: See `Optimizer`.
    """

    def __init__(self, learning_rate=0.002, beta1=0.9, beta2=0.999, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2

    def create_state(self, index, weight):
        return zeros_like(weight), zeros_like(weight)

    def update(self, index, weight, grad, state):
        lr, wd = self._begin(index)
        lr /= 1.0 - self.beta1 ** self._index_update_count[index]
        grad = self._scaled_decayed(weight, grad, wd)
        mean, largest = state
        mean[:] = self.beta1 * mean + (1.0 - self.beta1) * grad
        largest[:] = nd.maximum(self.beta2 * largest, nd.abs(grad))
        weight[:] = weight - lr * mean / largest


@register
class Nadam(Optimizer):
    """Adam with Nesterov's momentum (Dozat 2016).

    Args:
        learning_rate (float): Learning rate.
        beta1 (float): Decay of the running mean.
        beta2 (float): Decay of the running mean of squares.
        epsilon (float): Added to the root that is divided by.
        schedule_decay (float): How fast the momentum rises.
        **kwargs: See `Optimizer`.
    """

    def __init__(
        self,
        learning_rate=0.001,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        schedule_decay=0.004,
        **kwargs,
    ):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.schedule_decay = schedule_decay
        self.m_schedule = 1.0

    def create_state(self, index, weight):
        return zeros_like(weight), zeros_like(weight)

    def _momentum(self, count):
        return self.beta1 * (1.0 - 0.5 * 0.96 ** (count * self.schedule_decay))

    def update(self, index, weight, grad, state):
        lr, wd = self._begin(index)
        count = self._index_update_count[index]
        grad = self._scaled_decayed(weight, grad, wd)
        now, later = self._momentum(count), self._momentum(count + 1)
        self.m_schedule *= now
        mean, var = state
        mean[:] = self.beta1 * mean + (1.0 - self.beta1) * grad
        var[:] = self.beta2 * var + (1.0 - self.beta2) * grad * grad
        step = ((1.0 - now) / (1.0 - self.m_schedule)) * grad + (
            later / (1.0 - self.m_schedule * later)
        ) * mean
        weight[:] = weight - lr * step / (nd.sqrt(var / (1.0 - self.beta2**count)) + self.epsilon)


@register
class FTML(Optimizer):
    """Follow the moving leader (Zheng and Kwok 2017).

    Args:
        beta1 (float): Decay of the running mean.
        beta2 (float): Decay of the running mean of squares.
        epsilon (float): Added to the root.
        **kwargs: See `Optimizer`.
    """

    def __init__(self, beta1=0.6, beta2=0.999, epsilon=1e-8, **kwargs):
        super().__init__(**kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon

    def create_state(self, index, weight):
        return zeros_like(weight), zeros_like(weight), zeros_like(weight)

    def update(self, index, weight, grad, state):
        lr, wd = self._begin(index)
        options = self._fused_options()
        if "clip_gradient" in options:
            options["clip_grad"] = options.pop("clip_gradient")
        nd.ftml_update(
            weight,
            grad,
            *state,
            out=weight,
            lr=lr,
            wd=wd,
            t=self._index_update_count[index],
            beta1=self.beta1,
            beta2=self.beta2,
            epsilon=self.epsilon,
            **options,
        )


@register
class LAMB(Optimizer):
    """Adam with a learning rate for each layer from the sizes of weight and step
    (arXiv:1904.00962).

    Args:
        learning_rate (float): Learning rate.
        beta1 (float): Decay of the running mean.
        beta2 (float): Decay of the running mean of squares.
        epsilon (float): Added to the root that is divided by.
        lower_bound (float): Least size of a weight to reckon with.
        upper_bound (float): Largest size of a weight to reckon with.
        bias_correction (bool): Whether to make up for the zeros that the moments start from.
        **kwargs: See `Optimizer`.
    """

    def __init__(
        self,
        learning_rate=0.001,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-6,
        lower_bound=None,
        upper_bound=None,
        bias_correction=True,
        **kwargs,
    ):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.lower_bound = lower_bound
        self.upper_bound = upper_bound
        self.bias_correction = bias_correction

    _written = {"aggregate_num": 45}

    def create_state(self, index, weight):
        return zeros_like(weight), zeros_like(weight)

    def update(self, index, weight, grad, state):
        if isinstance(index, (list, tuple)):
            for each in zip(index, weight, grad, state):
                self.update(*each)
            return
        lr, wd = self._begin(index)
        step = nd.lamb_update_phase1(
            weight,
            grad,
            *state,
            wd=wd,
            t=self._index_update_count[index],
            beta1=self.beta1,
            beta2=self.beta2,
            epsilon=self.epsilon,
            bias_correction=self.bias_correction,
            **self._fused_options(),
        )
        bounds = {"lower_bound": self.lower_bound, "upper_bound": self.upper_bound}
        bounds = {name: value for name, value in bounds.items() if value is not None}
        nd.lamb_update_phase2(
            weight, step, nd.norm(weight), nd.norm(step), out=weight, lr=lr, **bounds
        )
