"""Activation layers."""

from ... import error
from ...initializer import Constant
from ..block import HybridBlock

__all__ = ["Activation", "LeakyReLU", "PReLU", "ELU", "SELU", "Swish", "SiLU", "GELU"]


class Activation(HybridBlock):
    """Applies an activation function.

    Args:
        activation (str): 'relu', 'sigmoid', 'tanh', 'softrelu' or 'softsign'.
    """

    def __init__(self, activation, **kwargs):
        self._act_type = activation
        super().__init__(**kwargs)

    def _alias(self):
        return self._act_type

    def hybrid_forward(self, F, x):
        return F.Activation(x, act_type=self._act_type, name="fwd")

    def __repr__(self):
        return f"{type(self).__name__}({self._act_type})"


class LeakyReLU(HybridBlock):
    """``x`` where it is positive and ``alpha * x`` elsewhere.

    Args:
        alpha (float): Slope for negative numbers; at least 0.
    """

    def __init__(self, alpha, **kwargs):
        if alpha < 0:
            raise error.AssertionError(f"LeakyReLU: alpha={alpha} is negative; expected 0 or more")
        super().__init__(**kwargs)
        self._alpha = alpha

    def hybrid_forward(self, F, x):
        return F.LeakyReLU(x, act_type="leaky", slope=self._alpha, name="fwd")

    def __repr__(self):
        return f"{type(self).__name__}({self._alpha})"


class PReLU(HybridBlock):
    """``x`` where it is positive and ``alpha * x`` elsewhere; alpha is learned (arXiv:1502.01852).

    Args:
        alpha_initializer (Initializer): Initializer of alpha.
        in_channels (int): How many alphas: 1, or one for each channel.
    """

    def __init__(self, alpha_initializer=None, in_channels=1, **kwargs):
        super().__init__(**kwargs)
        if alpha_initializer is None:
            alpha_initializer = Constant(0.25)
        with self.name_scope():
            self.alpha = self.params.get("alpha", shape=(in_channels,), init=alpha_initializer)

    def hybrid_forward(self, F, x, alpha):
        return F.LeakyReLU(x, gamma=alpha, act_type="prelu", name="fwd")


class ELU(HybridBlock):
    """``x`` where it is positive and ``alpha * (exp(x) - 1)`` elsewhere (arXiv:1511.07289).

    Args:
        alpha (float): Limit for negative numbers.
    """

    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        self._alpha = alpha

    def hybrid_forward(self, F, x):
        return F.LeakyReLU(x, act_type="elu", slope=self._alpha)


class SELU(HybridBlock):
    """The scaled exponential linear unit (arXiv:1706.02515)."""

    def hybrid_forward(self, F, x):
        return F.LeakyReLU(x, act_type="selu", name="fwd")


class GELU(HybridBlock):
    """The Gaussian error linear unit (arXiv:1606.08415)."""

    def hybrid_forward(self, F, x):
        return F.LeakyReLU(x, act_type="gelu", name="fwd")


class Swish(HybridBlock):
    """``x * sigmoid(beta * x)`` (arXiv:1710.05941).

    Args:
        beta (float): Factor inside.
    """

    def __init__(self, beta=1.0, **kwargs):
        super().__init__(**kwargs)
        self._beta = beta

    def hybrid_forward(self, F, x):
        return x * F.sigmoid(self._beta * x, name="fwd")


class SiLU(Swish):
    """``x * sigmoid(x)``: `Swish` with a factor of 1."""

    def __init__(self, **kwargs):
        super().__init__(1.0, **kwargs)
