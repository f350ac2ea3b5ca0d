"""Functions of one array that are a few nodes of ONNX."""

import math

import numpy as np

from ..registry import as_floats, translates


def _input(node, g):
    return node.input_as(0, node.out_dtype())


@translates("square", "_npi_square")
def square(node, g):
    x = _input(node, g)
    return g.Mul(x, x)


@translates("rsqrt")
def rsqrt(node, g):
    return g.Reciprocal(g.Sqrt(node.inputs[0]))


def _cube_root(node, g):
    x, third = _input(node, g), g.number(1 / 3, node.out_dtype())
    return g.Mul(g.Sign(x), g.Pow(g.Abs(x), third))


@translates("cbrt", "_npi_cbrt")
def cbrt(node, g):
    return _cube_root(node, g)


@translates("rcbrt")
def rcbrt(node, g):
    return g.Reciprocal(_cube_root(node, g))


def _logarithm(base):
    def function(node, g):
        return g.Mul(g.Log(_input(node, g)), g.number(1 / math.log(base), node.out_dtype()))

    return function


translates("log10", "_npi_log10")(_logarithm(10))
translates("log2", "_npi_log2")(_logarithm(2))


@translates("log1p", "_npi_log1p")
def log1p(node, g):
    """x * log(u) / (u - 1) with u = 1 + x: the rounding of u goes away in the quotient."""
    x, one = _input(node, g), g.number(1, node.out_dtype())
    u = g.Add(x, one)
    unchanged = g.Or(g.Equal(u, one), g.IsInf(u))
    return g.Where(unchanged, x, g.Div(g.Mul(x, g.Log(u)), g.Sub(u, one)))


@translates("expm1", "_npi_expm1")
def expm1(node, g):
    """x * (u - 1) / log(u) with u = exp(x), where u is near 1; else u - 1."""
    x, one = _input(node, g), g.number(1, node.out_dtype())
    u = g.Exp(x)
    direct = g.Sub(u, one)
    near = g.Div(g.Mul(direct, x), g.Log(u))
    small = g.Less(g.Abs(x), g.number(0.5, node.out_dtype()))
    return g.Where(g.Equal(u, one), x, g.Where(small, near, direct))


@translates("degrees", "_npi_degrees")
def degrees(node, g):
    return g.Mul(_input(node, g), g.number(180 / math.pi, node.out_dtype()))


@translates("radians", "_npi_radians")
def radians(node, g):
    return g.Mul(_input(node, g), g.number(math.pi / 180, node.out_dtype()))


@translates("sign", "_npi_sign", "_contrib_sign_ste")
def sign(node, g):
    """Also for NaN, whose sign is 0."""
    x = _input(node, g)
    if node.out_dtype().kind != "f":
        return g.Sign(x)
    return g.Where(g.IsNaN(x), g.number(0, node.out_dtype()), g.Sign(x))


@translates("trunc", "fix", "_npi_trunc", "_npi_fix")
def trunc(node, g):
    x = _input(node, g)
    return g.Mul(g.Sign(x), g.Floor(g.Abs(x)))


@translates("round", "_contrib_round_ste")
def round_half_away(node, g):
    x, dtype = _input(node, g), node.out_dtype()
    size = g.Abs(x)
    whole = g.Floor(size)
    up = g.GreaterOrEqual(g.Sub(size, whole), g.number(0.5, dtype))
    return g.Mul(g.Sign(x), g.Add(whole, g.cast(up, dtype)))


@translates("rint")
def round_half_down(node, g):
    x, dtype = _input(node, g), node.out_dtype()
    whole = g.Floor(x)
    up = g.Greater(g.Sub(x, whole), g.number(0.5, dtype))
    return g.Add(whole, g.cast(up, dtype))


@translates("_npi_around")
def around(node, g):
    """Integers have nothing behind the point; tens of them are rounded as floating numbers."""
    decimals, dtype = node.attrs.decimals, node.out_dtype()
    if decimals == 0:
        return as_floats(node, g, g.Round) if dtype.kind == "f" else node.inputs[0]
    if dtype.kind != "f":
        dtype = np.dtype("float64")
    factor = g.number(10.0 ** abs(decimals), dtype)
    grow, shrink = (g.Mul, g.Div) if decimals > 0 else (g.Div, g.Mul)
    found = shrink(g.Round(grow(node.input_as(0, dtype), factor)), factor)
    return found if dtype == node.out_dtype() else g.cast(found, node.out_dtype())


@translates("hard_sigmoid", kind="one")
def hard_sigmoid(node, g):
    return g.HardSigmoid(node.inputs[0], alpha=node.attrs.alpha, beta=node.attrs.beta)


@translates("smooth_l1")
def smooth_l1(node, g):
    x, dtype, square = node.inputs[0], node.out_dtype(), node.attrs.scalar**2
    size = g.Abs(x)
    inner = g.Mul(g.Mul(x, x), g.number(square / 2, dtype))
    outer = g.Sub(size, g.number(0.5 / square, dtype))
    return g.Where(g.Less(size, g.number(1 / square, dtype)), inner, outer)


@translates("clip", kind="one")
def clip(node, g):
    dtype = node.out_dtype()
    return g.Clip(
        node.inputs[0], g.number(node.attrs.a_min, dtype), g.number(node.attrs.a_max, dtype)
    )


@translates("_contrib_quadratic")
def quadratic(node, g):
    def formula(x):
        dtype = node.out_dtype() if node.out_dtype().kind == "f" else np.dtype("float32")
        a, b, c = (g.number(getattr(node.attrs, name), dtype) for name in "abc")
        return g.Add(g.Mul(g.Add(g.Mul(x, a), b), x), c)

    return as_floats(node, g, formula)


@translates("_contrib_div_sqrt_dim")
def div_sqrt_dim(node, g):
    root = g.number(math.sqrt(node.size(-1)), node.out_dtype())
    return g.Div(node.inputs[0], root)


@translates("zeros_like")
def zeros_like(node, g):
    return filled_like(node, g, 0)


@translates("ones_like")
def ones_like(node, g):
    return filled_like(node, g, 1)


def filled_like(node, g, value):
    """One number in the shape of the input."""
    return g.Expand(g.number(value, node.out_dtype()), g.Shape(node.inputs[0]))


@translates("shape_array", kind="one")
def shape_array(node, g):
    return g.Shape(node.inputs[0])


@translates("size_array")
def size_array(node, g):
    return g.Reshape(g.Size(node.inputs[0]), g.ints(1))
