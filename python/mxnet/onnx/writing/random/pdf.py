"""Densities and probabilities of samples."""

import math

import numpy as np

from ..elemwise.special import log_gamma, wide
from ..registry import translates

_WIDE = np.dtype("float64")


def _log_uniform(g, x, low, high):
    return g.Add(g.Mul(x, wide(0)), g.Neg(g.Log(g.Sub(high, low))))


def _log_normal(g, x, mu, sigma):
    z = g.Div(g.Sub(x, mu), sigma)
    half = g.Mul(g.Mul(z, z), wide(-0.5))
    return g.Sub(g.Sub(half, g.Log(sigma)), wide(0.5 * math.log(2 * math.pi)))


def _log_gamma_density(g, x, alpha, beta):
    power = g.Mul(g.Log(x), g.Sub(alpha, wide(1)))
    constant = g.Sub(g.Mul(alpha, g.Log(beta)), log_gamma(g, alpha))
    return g.Add(g.Sub(power, g.Mul(x, beta)), constant)


def _log_exponential(g, x, lam):
    return g.Sub(g.Log(lam), g.Mul(x, lam))


def _log_factorial(g, x):
    return log_gamma(g, g.Add(x, wide(1)))


def _log_poisson(g, x, lam):
    return g.Sub(g.Sub(g.Mul(x, g.Log(lam)), lam), _log_factorial(g, x))


def _log_negative_binomial(g, x, limit, p):
    """x failures before `limit` successes of probability p."""
    ways = g.Sub(log_gamma(g, g.Add(x, limit)), g.Add(_log_factorial(g, x), log_gamma(g, limit)))
    chance = g.Add(g.Mul(x, g.Log(g.Sub(wide(1), p))), g.Mul(limit, g.Log(p)))
    return g.Add(ways, chance)


def _log_generalized(g, x, mu, alpha):
    p = g.Reciprocal(g.Add(g.Mul(mu, alpha), wide(1)))
    return _log_negative_binomial(g, x, g.Reciprocal(alpha), p)


def _log_dirichlet(g, x, alpha):
    """The last axis holds the shares of one sample."""
    power = g.reduce("ReduceSum", g.Mul(g.Log(x), g.Sub(alpha, wide(1))), [-1])
    whole = log_gamma(g, g.reduce("ReduceSum", alpha, [-1]))
    parts = g.reduce("ReduceSum", log_gamma(g, alpha), [-1])
    return g.Add(power, g.Sub(whole, parts))


def _density(logarithm, axes=0):
    """A translation: each row of samples, whose last `axes` are one sample, has parameters."""

    def function(node, g):
        x, rank = node.input_as(0, _WIDE), node.rank()
        parameters = []
        for i in range(1, len(node.inputs)):
            rows = node.rank(i) - axes
            new = range(rows, rank - axes)
            value = node.input_as(i, _WIDE)
            parameters.append(g.unsqueeze(value, *new) if new else value)
        found = logarithm(g, x, *parameters)
        return g.cast(found if node.attrs.is_log else g.Exp(found), node.out_dtype())

    return function


translates("_random_pdf_uniform")(_density(_log_uniform))
translates("_random_pdf_normal")(_density(_log_normal))
translates("_random_pdf_gamma")(_density(_log_gamma_density))
translates("_random_pdf_exponential")(_density(_log_exponential))
translates("_random_pdf_poisson")(_density(_log_poisson))
translates("_random_pdf_negative_binomial")(_density(_log_negative_binomial))
translates("_random_pdf_generalized_negative_binomial")(_density(_log_generalized))
translates("_random_pdf_dirichlet")(_density(_log_dirichlet, axes=1))
