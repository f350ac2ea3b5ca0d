"""The functions of `mx.npx.random` and `mx.sym.npx.random`, which differ in what they make."""

import numpy as onp

from .. import error
from ..numpy._arguments import dtype_or
from ..numpy._random_functions import Drawer

__all__ = ["RandomExtension"]


class RandomExtension:
    """Functions that draw random numbers beyond those of NumPy: as arrays or as symbols.

    Args:
        make (function): Makes the function of an operator from its name in the registry.
        default_ctx (function): See `Drawer`.
    """

    def __init__(self, make, default_ctx=None):
        drawer = Drawer(make, default_ctx)
        self._draw, self._place = drawer.draw, drawer.place

    def functions(self):
        """The functions by their names."""
        return {name: getattr(self, name) for name in ("bernoulli", "normal_n", "uniform_n")}

    def bernoulli(self, prob=None, logit=None, size=None, dtype=None, ctx=None, out=None):
        """Draw zeros and ones.

        Args:
            prob (number or ndarray): Probability of 1.
            logit (number or ndarray): Logarithm of the odds of 1, in place of `prob`.
            size (int or tuple of int): Shape of the result; None is that of the parameter.
            dtype (str or type): bool, uint8, int32 or floating; None is float32.
            ctx (Context): Where to make the result; None is the current context.
            out (ndarray): Where to write the result.

        Raises:
            ValueError: Not exactly one of `prob` and `logit` is given, or a probability is none.
        """
        if (prob is None) == (logit is None):
            raise error.ValueError(
                f"bernoulli: prob={prob!r} and logit={logit!r}; expected exactly one of them"
            )
        name, other = ("prob", "logit") if logit is None else ("logit", "prob")
        return self._draw(
            "bernoulli",
            {name: prob if logit is None else logit},
            **{other: None},
            is_logit=prob is None,
            size=size,
            dtype=dtype_or(dtype, onp.float32),
            ctx=self._place(ctx),
            out=out,
        )

    def uniform_n(self, low=0.0, high=1.0, batch_shape=None, dtype=None, ctx=None):
        """Draw several arrays from uniform distributions over [low, high).

        Args:
            low (number or ndarray): Lower limit.
            high (number or ndarray): Upper limit.
            batch_shape (int or tuple of int): How many arrays; None is one without an axis.
            dtype (str or type): float16, float32 or float64; None is float32.
            ctx (Context): Where to make the result; None is the current context.

        Returns:
            Array of shape (*batch_shape, ...), with the shape of the parameters at the end.
        """
        return self._arrays("uniform_n", {"low": low, "high": high}, batch_shape, dtype, ctx)

    def normal_n(self, loc=0.0, scale=1.0, batch_shape=None, dtype=None, ctx=None):
        """Draw several arrays from normal distributions.

        Args:
            loc (number or ndarray): Mean.
            scale (number or ndarray): Standard deviation, at least 0.
            batch_shape (int or tuple of int): How many arrays; None is one without an axis.
            dtype (str or type): float16, float32 or float64; None is float32.
            ctx (Context): Where to make the result; None is the current context.

        Returns:
            Array of shape (*batch_shape, ...), with the shape of the parameters at the end.

        Raises:
            ValueError: The deviation is negative.
        """
        return self._arrays("normal_n", {"loc": loc, "scale": scale}, batch_shape, dtype, ctx)

    def _arrays(self, function, parameters, batch_shape, dtype, ctx):
        return self._draw(
            function,
            parameters,
            size=batch_shape,
            dtype=dtype_or(dtype, onp.float32),
            ctx=self._place(ctx),
        )
