"""Differences, polynomials and replacement of NaN, as mx.np has them."""

import numpy as np

from ..registry import translates


@translates("_npi_nan_to_num", ignores=("copy",))
def nan_to_num(node, g):
    x, attrs, dtype = node.inputs[0], node.attrs, node.dtype()
    if dtype.kind != "f":
        for name in ("nan", "posinf", "neginf"):
            attrs.ignore(name)
        return g.Identity(x)
    largest = np.finfo(dtype).max
    infinite = {"posinf": (np.inf, largest), "neginf": (-np.inf, -largest)}
    found = g.Where(g.IsNaN(x), g.number(attrs.nan, dtype), x)
    for name, (value, default) in infinite.items():
        given = getattr(attrs, name)
        number = g.number(default if given is None else given, dtype)
        found = g.Where(g.Equal(x, g.number(value, dtype)), number, found)
    return found


def _in_wider_dtype(node, g, formula):
    """A formula of the inputs; ONNX computes with no short integers."""
    dtype = node.out_dtype()
    if dtype.kind == "f" or dtype.itemsize > 2:
        return formula(node.inputs, dtype)
    wide = np.dtype("int64")
    values = [node.input_as(i, wide) for i in range(len(node.inputs))]
    return g.cast(formula(values, wide), dtype)


def _differences(g, value, axis):
    return g.Sub(g.slice(value, axis, 1, None), g.slice(value, axis, 0, -1))


@translates("_npi_diff")
def diff(node, g):
    axis, times = node.axis(node.attrs.axis), node.attrs.n

    def formula(values, dtype):
        found = values[0]
        for _ in range(times):
            found = _differences(g, found, axis)
        return found if times else g.Identity(found)

    return _in_wider_dtype(node, g, formula)


@translates("_npi_ediff1d")
def ediff1d(node, g):
    attrs = node.attrs

    def formula(values, dtype):
        flat = [g.Reshape(value, g.ints(-1)) for value in values]
        given = flat[1:]

        def part(is_array, number, take):
            if is_array:
                return [given.pop(take)]
            return [] if number is None else [g.Reshape(g.number(number, dtype), g.ints(1))]

        end = part(attrs.to_end_arr_given, attrs.to_end_scalar, -1)
        begin = part(attrs.to_begin_arr_given, attrs.to_begin_scalar, 0)
        parts = [*begin, _differences(g, flat[0], 0), *end]
        return parts[0] if len(parts) == 1 else g.Concat(*parts, axis=0)

    return _in_wider_dtype(node, g, formula)


@translates("_npi_polyval")
def polyval(node, g):
    """Horner's scheme."""
    count = node.size(0, 0)

    def formula(values, dtype):
        coefficients, x = values
        found = g.Expand(g.number(0, dtype), g.sizes(x))
        for i in range(count):
            scaled = g.Mul(found, x) if i else found
            found = g.Add(scaled, g.Gather(coefficients, g.number(i, np.int64)))
        return found

    return _in_wider_dtype(node, g, formula)
