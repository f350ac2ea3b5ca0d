"""Which elements are NaN, infinite or finite."""

from ..registry import translates


def _answer(op):
    def register(condition):
        def function(node, g):
            return g.cast(condition(node.inputs[0], g), node.out_dtype())

        translates(op)(function)
        return condition

    return register


@_answer("_npi_isnan")
def isnan(x, g):
    return g.IsNaN(x)


@_answer("_npi_isinf")
def isinf(x, g):
    return g.IsInf(x)


@_answer("_npi_isposinf")
def isposinf(x, g):
    return g.IsInf(x, detect_negative=0)


@_answer("_npi_isneginf")
def isneginf(x, g):
    return g.IsInf(x, detect_positive=0)


@_answer("_npi_isfinite")
def isfinite(x, g):
    return g.Not(g.Or(g.IsNaN(x), g.IsInf(x)))


@translates("all_finite", "multi_all_finite", ignores=("num_arrays",))
def all_finite(node, g):
    if not node.attrs.init_output:
        node.refuse("adds to what the output holds", "True is expected", "init_output")
    dtype = node.out_dtype()
    parts = [
        g.reduce("ReduceMin", g.cast(isfinite(g.Reshape(x, g.ints(-1)), g), dtype), [0], True)
        for x in node.inputs
    ]
    return parts[0] if len(parts) == 1 else g.Min(*parts)
