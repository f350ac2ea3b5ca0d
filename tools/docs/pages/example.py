"""An example of an operator: a session of Python, run when the page is made."""

import ast

import numpy as np

import mxnet as mx
from mxnet import _core

from . import facts
from .written import EXAMPLES

_LARGEST = 32  # elements of an array that is written into the page


def example(op):
    """Lines of a session of Python that uses an operator; None where nothing is known to show.

    What is not written by hand is made of the smallest case in float32 that gives elements, its
    inputs rounded to two digits behind the point; large inputs are counted up instead.
    """
    if op in EXAMPLES:
        return _session(EXAMPLES[op].split("\n"))
    for case in sorted(facts.rows()[0][op], key=_size):
        if not case.train and "float32" in case.dtypes and all(a.size for a in case.inputs):
            lines = _session(_statements(op, case))
            if "[]" not in lines:
                return lines
    return None


def _size(case):
    return sum(array.size for array in case.inputs), len(str(case.attrs))


def _session(statements):
    """The statements with what the last one gives."""
    names = {"mx": mx, "nan": np.nan, "inf": np.inf}
    for statement in statements[:-1]:
        exec(statement, names)
    result = eval(statements[-1], names)
    shown = [_shown(each) for each in (result if isinstance(result, (list, tuple)) else [result])]
    return [f">>> {each}" for each in statements] + "\n".join(shown).splitlines()


def _statements(op, case):
    names = _names(op, len(case.inputs))
    attrs = [f"{key}={_text(value)}" for key, value in case.attrs.items()]
    arrays = [f"{name} = {_literal(array)}" for name, array in zip(names, case.inputs)]
    return [*arrays, f"{facts.call_name(op)}({', '.join([*names, *attrs])})"]


def _names(op, count):
    described = _core.describe_op(op)
    if described["variadic"] or len(described["inputs"]) < count:
        return [f"x{i}" for i in range(count)]
    return [name for name, _ in described["inputs"][:count]]


def _literal(array):
    """How a program makes an array."""
    dtype = "float32" if array.dtype.kind == "f" else array.dtype.name
    kind = "" if dtype == "float32" else f", dtype={dtype!r}"
    if array.size <= _LARGEST:
        return f"mx.nd.array({_rounded(array).tolist()}{kind})"
    if dtype == "float32":
        return f"mx.nd.arange({array.size}).reshape({array.shape}) / {array.size}"
    return f"mx.nd.zeros({array.shape}{kind})"


def _rounded(array):
    return np.round(array, 2) + 0.0 if array.dtype.kind == "f" else array


def _text(value):
    text = repr(np.dtype(value).name if isinstance(value, (type, np.dtype)) else value)
    return str(ast.literal_eval(text)) if isinstance(value, np.generic) else text


def _shown(array):
    if array.size > _LARGEST:
        return f"<NDArray of {array.shape}, {np.dtype(array.dtype).name}>"
    return str(array).strip()
