"""Optimizers that scale each element by the gradients it has seen."""

from .. import ndarray as nd
from .base import Optimizer, register, zeros_like

__all__ = ["AdaGrad", "RMSProp", "AdaDelta", "Ftrl"]


@register
class AdaGrad(Optimizer):
    """Steps divided by the root of the sum of squared gradients (Duchi et al. 2011).

    Args:
        eps (float): Added under the root.
        **kwargs: See `Optimizer`.
    """

    def __init__(self, eps=1e-7, **kwargs):
        super().__init__(**kwargs)
        self.float_stable_eps = eps

    def create_state(self, index, weight):
        return zeros_like(weight, stype=weight.stype)

    def update(self, index, weight, grad, state):
        lr, wd = self._begin(index)
        if grad.stype == "row_sparse":
            options = self._fused_options()
            nd.sparse.adagrad_update(
                weight,
                grad,
                state,
                out=weight,
                lr=lr,
                wd=wd,
                epsilon=self.float_stable_eps,
                **options,
            )
            return
        grad = self._scaled(grad)
        state[:] = state + grad * grad
        weight[:] = weight - lr * (grad / nd.sqrt(state + self.float_stable_eps) + wd * weight)


@register
class RMSProp(Optimizer):
    """Steps divided by the root of the running mean of squared gradients.

    Args:
        learning_rate (float): Learning rate.
        gamma1 (float): Decay of the running means.
        gamma2 (float): Share of the last step that goes on, if `centered`.
        epsilon (float): Added under the root.
        centered (bool): Whether to divide by the root of the variance (arXiv:1308.0850).
        clip_weights (float): Parameters are clipped to this range around 0.
        **kwargs: See `Optimizer`.
    """

    def __init__(
        self,
        learning_rate=0.001,
        gamma1=0.9,
        gamma2=0.9,
        epsilon=1e-8,
        centered=False,
        clip_weights=None,
        **kwargs,
    ):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.gamma1 = gamma1
        self.gamma2 = gamma2
        self.centered = centered
        self.epsilon = epsilon
        self.clip_weights = clip_weights

    def create_state(self, index, weight):
        return tuple(zeros_like(weight) for _ in range(3 if self.centered else 1))

    def update(self, index, weight, grad, state):
        lr, wd = self._begin(index)
        options = {"gamma1": self.gamma1, "epsilon": self.epsilon, **self._fused_options()}
        if self.clip_weights:
            options["clip_weights"] = self.clip_weights
        operator = nd.rmsprop_update
        if self.centered:
            operator = nd.rmspropalex_update
            options["gamma2"] = self.gamma2
        operator(weight, grad, *state, out=weight, lr=lr, wd=wd, **options)


@register
class AdaDelta(Optimizer):
    """Steps scaled by running means of squared steps and gradients (arXiv:1212.5701).

    It has no learning rate.

    Args:
        rho (float): Decay of the running means.
        epsilon (float): Added under the roots.
        **kwargs: See `Optimizer`.
    """

    def __init__(self, rho=0.90, epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.rho = rho
        self.epsilon = epsilon

    def create_state(self, index, weight):
        return zeros_like(weight), zeros_like(weight)

    def update(self, index, weight, grad, state):
        _, wd = self._begin(index)
        grad = self._scaled(grad)
        gradients, steps = state
        gradients[:] = self.rho * gradients + (1.0 - self.rho) * grad * grad
        step = nd.sqrt(steps + self.epsilon) / nd.sqrt(gradients + self.epsilon) * grad
        steps[:] = self.rho * steps + (1.0 - self.rho) * step * step
        weight[:] = weight - step - wd * weight


@register
class Ftrl(Optimizer):
    """Follow the regularized leader (McMahan et al. 2013).

    Args:
        lamda1 (float): Weight of the sum of absolute values.
        learning_rate (float): Learning rate.
        beta (float): Added to the root of the sum of squared gradients.
        **kwargs: See `Optimizer`.
    """

    def __init__(self, lamda1=0.01, learning_rate=0.1, beta=1, **kwargs):
        super().__init__(**kwargs)
        self.lamda1 = lamda1
        self.beta = beta
        # A scheduler keeps its own learning rate here, as it does in MXNet.
        self.lr = learning_rate

    def create_state(self, index, weight):
        return (
            zeros_like(weight, stype=weight.stype),
            zeros_like(weight, stype=weight.stype),
        )

    def update(self, index, weight, grad, state):
        lr, wd = self._begin(index)
        nd.ftrl_update(
            weight,
            grad,
            *state,
            out=weight,
            lr=lr,
            wd=wd,
            lamda1=self.lamda1,
            beta=self.beta,
            **self._fused_options(),
        )
