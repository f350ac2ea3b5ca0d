"""Functions that ONNX lacks, by series that are exact to the last places of float32.

All is computed in float64, which every runtime has for the operators used here.
"""

import math

import numpy as np

from ..registry import translates
from ..subgraph import repeat_while
from .binary import arithmetic

_WIDE, _LONG = np.dtype("float64"), np.dtype("int64")
# Lanczos' series for the gamma function with g = 7.
_SHIFT = 7.5
_LANCZOS = (
    *(0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313),
    *(-176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6),
    1.5056327351493116e-7,
)
# Giles' polynomials for the inverse of erf, highest power first: in w - 2.5 for w < 5, else in
# sqrt(w) - 3, where w = -log(1 - x^2).
_CENTRAL = (
    *(2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087),
    *(-0.00125372503, -0.00417768164, 0.246640727, 1.50140941),
)
_TAIL = (
    *(-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773),
    *(-0.0076224613, 0.00943887047, 1.00167406, 2.83297682),
)


def wide(value):
    """A constant in float64."""
    return np.array(value, _WIDE)


def _series(g, x):
    """log(gamma(x)) for x of at least 0.5."""
    z = g.Sub(x, wide(1))
    total = wide(_LANCZOS[0])
    for i, factor in enumerate(_LANCZOS[1:], 1):
        total = g.Add(total, g.Div(wide(factor), g.Add(z, wide(i))))
    t = g.Add(z, wide(_SHIFT))
    power = g.Sub(g.Mul(g.Add(z, wide(0.5)), g.Log(t)), t)
    found = g.Add(g.Add(power, wide(0.5 * math.log(2 * math.pi))), g.Log(total))
    return g.Where(g.IsInf(x), x, found)


def log_gamma(g, x):
    """Logarithm of the absolute value of gamma(x), x in float64.

    Below 0.5 by the reflection gamma(x) gamma(1 - x) = pi / sin(pi x).
    """
    low = g.Less(x, wide(0.5))
    above = _series(g, g.Where(low, g.Sub(wide(1), x), x))
    part = g.Sub(x, g.Floor(x))
    sine = g.Abs(g.Sin(g.Mul(part, wide(math.pi))))
    reflected = g.Sub(g.Log(g.Div(wide(math.pi), sine)), above)
    reflected = g.Where(g.Equal(part, wide(0)), wide(np.inf), reflected)
    return g.Where(g.And(low, g.Not(g.IsInf(x))), reflected, above)


def _gamma(g, x):
    size = g.Exp(log_gamma(g, x))
    whole = g.Floor(x)
    # Below 0 the sign changes with each whole number, at which there is no value.
    odd = g.Mod(whole, wide(2), fmod=1)
    negative = g.Less(x, wide(0))
    signed = g.Where(g.And(negative, g.Not(g.Equal(odd, wide(0)))), g.Neg(size), size)
    none = g.Or(g.And(negative, g.Equal(whole, x)), g.And(negative, g.IsInf(x)))
    # The reciprocal of 0 has the sign of 0.
    signed = g.Where(g.Equal(x, wide(0)), g.Reciprocal(x), signed)
    return g.Where(none, wide(np.nan), signed)


def _polynomial(g, w, factors):
    total = wide(factors[0])
    for factor in factors[1:]:
        total = g.Add(g.Mul(total, w), wide(factor))
    return total


def _inverse_of_erf(g, x):
    w = g.Neg(g.Log(g.Mul(g.Sub(wide(1), x), g.Add(wide(1), x))))
    central = _polynomial(g, g.Sub(w, wide(2.5)), _CENTRAL)
    tail = _polynomial(g, g.Sub(g.Sqrt(g.Max(w, wide(0))), wide(3)), _TAIL)
    found = g.Mul(g.Where(g.Less(w, wide(5)), central, tail), x)
    end = g.Equal(g.Abs(x), wide(1))
    found = g.Where(end, g.Mul(x, wide(np.inf)), found)
    return g.Where(g.Greater(g.Abs(x), wide(1)), wide(np.nan), found)


def _in_float64(formula):
    def function(node, g):
        return g.cast(formula(g, node.input_as(0, _WIDE)), node.out_dtype())

    return function


translates("gammaln")(_in_float64(log_gamma))
translates("gamma")(_in_float64(_gamma))
translates("erfinv")(_in_float64(_inverse_of_erf))


@arithmetic("_npi_lcm", "_npi_lcm_scalar")
def lcm(g, a, b, dtype):
    """|a b| over the greatest common divisor, by Euclid's algorithm; 0 where one of them is 0."""
    # Older versions of ONNX add no bytes.
    a, b = g.cast(a, _LONG), g.cast(b, _LONG)
    zero, one = g.number(0, _LONG), g.number(1, _LONG)
    shape = g.Shape(g.Add(a, b))

    def step(inner, values):
        first, second = values
        more = inner.Not(inner.Equal(second, zero))
        rest = inner.Mod(first, inner.Where(more, second, one))
        divisor = inner.Where(more, second, first)
        rest = inner.Where(more, rest, zero)
        left = inner.reduce("ReduceMax", inner.Abs(rest))
        return inner.Greater(left, np.array(0)), [divisor, rest]

    whole = [(g.Expand(g.Abs(each), shape), _LONG) for each in (a, b)]
    divisor = repeat_while(g, whole, step)[0]
    nothing = g.Equal(divisor, zero)
    quotient = g.Div(whole[0][0], g.Where(nothing, one, divisor))
    return g.cast(g.Mul(quotient, whole[1][0]), dtype)
