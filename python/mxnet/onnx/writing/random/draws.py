"""Numbers of distributions that ONNX lacks, from those that it has, in float64.

Every function takes parameters that have the shape of the result.
"""

import math
import zlib

import numpy as np

from ..dtypes import code_of
from ..elemwise.special import wide
from ..subgraph import repeat_while

_WIDE = np.dtype("float64")


def between_0_and_1(g, like):
    """Uniform numbers from 0 on and below 1, in the shape of a value."""
    return g.RandomUniformLike(like, dtype=code_of(_WIDE))


def _in_a_loop(inner, shift):
    """The same in the body of a loop, where runtimes give nodes of different bodies one seed.

    So each node has its own, and numbers drawn outside of the loop shift what it draws: runs of a
    file differ.
    """
    seed = float(zlib.crc32(inner.new_name("draw").encode()) % (1 << 24))
    total = inner.Add(inner.RandomUniformLike(shift, dtype=code_of(_WIDE), seed=seed), shift)
    return inner.Sub(total, inner.Floor(total))


def uniform(g, low, high):
    """Numbers from low on and below high."""
    return g.Add(g.Mul(between_0_and_1(g, low), g.Sub(high, low)), low)


def normal(g, mean, deviation):
    """Normally distributed numbers."""
    return g.Add(g.Mul(g.RandomNormalLike(mean, dtype=code_of(_WIDE)), deviation), mean)


def _logarithm(g, numbers):
    """Logarithms of uniform numbers, of which none is 1."""
    return g.Log(g.Sub(wide(1), numbers))


def exponential(g, rate):
    """By the inverse of the distribution."""
    return g.Neg(g.Div(_logarithm(g, between_0_and_1(g, rate)), rate))


def gamma(g, alpha, beta):
    """Of shape alpha and scale beta, by Marsaglia's and Tsang's method: all draw until all hit.

    Below 1 a number of shape alpha + 1 is multiplied by a power of a uniform one.
    """
    small = g.Less(alpha, wide(1))
    d = g.Sub(g.Where(small, g.Add(alpha, wide(1)), alpha), wide(1 / 3))
    c = g.Reciprocal(g.Sqrt(g.Mul(d, wide(9))))
    shifts = [between_0_and_1(g, alpha) for _ in range(3)]

    def step(inner, states):
        value, open_ones = states
        length, angle, height = (_in_a_loop(inner, shift) for shift in shifts)
        length = inner.Sqrt(inner.Mul(_logarithm(inner, length), wide(-2)))
        x = inner.Mul(length, inner.Cos(inner.Mul(angle, wide(2 * math.pi))))
        root = inner.Add(inner.Mul(x, c), wide(1))
        v = inner.Mul(inner.Mul(root, root), root)
        positive = inner.Greater(v, wide(0))
        log_v = inner.Log(inner.Where(positive, v, wide(1)))
        bound = inner.Add(
            inner.Mul(inner.Mul(x, x), wide(0.5)),
            inner.Mul(d, inner.Add(inner.Sub(wide(1), v), log_v)),
        )
        hit = inner.And(positive, inner.Less(_logarithm(inner, height), bound))
        taken = inner.And(open_ones, hit)
        value = inner.Where(taken, inner.Mul(d, v), value)
        left = inner.And(open_ones, inner.Not(hit))
        return _any(inner, left), [value, left]

    value = repeat_while(g, _states(g, alpha), step)[0]
    drawn = _logarithm(g, between_0_and_1(g, alpha))
    power = g.Exp(g.Div(drawn, g.Where(small, alpha, wide(1))))
    return g.Mul(g.Where(small, g.Mul(value, power), value), beta)


def poisson(g, rate):
    """How many events happen in a time, one after the other."""
    shift = between_0_and_1(g, rate)

    def step(inner, states):
        count, open_ones, time = states
        time = inner.Sub(time, _logarithm(inner, _in_a_loop(inner, shift)))
        left = inner.And(open_ones, inner.LessOrEqual(time, rate))
        count = inner.Where(left, inner.Add(count, wide(1)), count)
        return _any(inner, left), [count, left, time]

    start = g.Mul(rate, wide(0))
    return repeat_while(g, [*_states(g, rate), (start, _WIDE)], step)[0]


def negative_binomial(g, limit, p):
    """How often it fails before it has succeeded `limit` times."""
    return poisson(g, gamma(g, limit, g.Div(g.Sub(wide(1), p), p)))


def generalized_negative_binomial(g, mean, dispersion):
    """The same by its mean; without dispersion it is Poisson's distribution."""
    none = g.Equal(dispersion, wide(0))
    safe = g.Where(none, wide(1), dispersion)
    rate = gamma(g, g.Reciprocal(safe), g.Mul(safe, mean))
    return poisson(g, g.Where(none, mean, rate))


def _states(g, like):
    """Zeros, and that all of them are still to be drawn."""
    shape = g.Shape(like)
    return [
        (g.Expand(wide(0), shape), _WIDE),
        (g.Expand(g.number(True, bool), shape), np.dtype(bool)),
    ]


def _any(g, mask):
    return g.cast(g.reduce("ReduceMax", g.cast(mask, np.dtype("int32"))), bool)
