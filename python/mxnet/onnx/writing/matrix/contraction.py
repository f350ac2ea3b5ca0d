"""Products of mx.np, which ONNX has as MatMul or as Einstein's sums."""

import string

import numpy as np

from ..registry import translates

_INT = np.dtype("int64")


@translates("_npi_matmul", kind="one")
def matmul(node, g):
    return g.MatMul(*node.inputs)


def _contracted(node, g, a_axes, b_axes):
    """Sums over pairs of axes; the other ones of a come first."""
    a = list(string.ascii_lowercase[: node.rank(0)])
    b = list(string.ascii_uppercase[: node.rank(1)])
    for i, k in zip(a_axes, b_axes):
        b[k] = a[i]
    left = [letter for letter in a if letter not in b]
    right = [letter for letter in b if letter not in a]
    equation = f"{''.join(a)},{''.join(b)}->{''.join(left + right)}"
    return g.Einsum(*node.inputs, equation=equation)


@translates("_np_dot", kind="one")
def dot(node, g):
    ranks = node.rank(0), node.rank(1)
    if 0 in ranks:
        return g.Mul(*node.inputs)
    if ranks[1] <= 2:
        return g.MatMul(*node.inputs)
    return _contracted(node, g, [ranks[0] - 1], [ranks[1] - 2])


@translates("_npi_tensordot", kind="one")
def tensordot(node, g):
    a_axes = [node.axis(axis, 0) for axis in node.attrs.a_axes_summed]
    b_axes = [node.axis(axis, 1) for axis in node.attrs.b_axes_summed]
    return _contracted(node, g, a_axes, b_axes)


@translates("_npi_tensordot_int_axes", kind="one")
def tensordot_int_axes(node, g):
    count = node.attrs.axes
    return _contracted(node, g, range(node.rank(0) - count, node.rank(0)), range(count))


def _without_ellipses(node, subscripts):
    """The same with letters, as ONNX wants ellipses of one rank."""
    free = [letter for letter in string.ascii_letters if letter not in subscripts]
    terms, arrow, result = subscripts.partition("->")
    terms, most = terms.split(","), 0
    for i, term in enumerate(terms):
        if "..." in term:
            covered = node.rank(i) - len(term.replace("...", ""))
            most = max(most, covered)
            # The last axes are those that belong together.
            terms[i] = term.replace("...", "".join(reversed(free[:covered])))
    letters = "".join(reversed(free[:most]))
    if not arrow:
        used = "".join(each for each in subscripts if each.isalpha())
        result = letters + "".join(sorted(each for each in used if used.count(each) == 1))
    return ",".join(terms) + "->" + result.replace("...", letters)


@translates("_npi_einsum", kind="one", ignores=("optimize",))
def einsum(node, g):
    dtype, equation = node.dtype(), node.attrs.subscripts.replace(" ", "")
    if "..." in equation:
        equation = _without_ellipses(node, equation)
    if dtype.kind == "f":
        return g.Einsum(*node.inputs, equation=equation)
    wide = [node.input_as(i, _INT) for i in range(len(node.inputs))]
    return g.cast(g.Einsum(*wide, equation=equation), dtype)
