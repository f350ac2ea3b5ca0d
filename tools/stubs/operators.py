"""Stubs of the operator functions, from the descriptions in the operator registry."""

from __future__ import annotations

import re

SCALARS = {
    "int": "int",
    "long": "int",
    "float": "float",
    "double": "float",
    "boolean": "bool",
    "string": "str",
    "dtype": "Any",
    "Shape(tuple)": "int | Sequence[int]",
    "tuple of <float>": "float | Sequence[float]",
}


def annotation(type_text):
    """The Python type of a parameter, from the words that describe it."""
    text = type_text.replace(" (non-negative)", "")
    optional = text.endswith(" or None") or "{None" in text
    text = text.removesuffix(" or None")
    names = re.findall(r"'([^']*)'", text)
    base = f"Literal[{', '.join(map(repr, names))}]" if names else SCALARS.get(text, "Any")
    return f"{base} | None" if optional else base


def _arguments(op, array, method):
    """The arguments of an operator's function, or of the method for its first input, as text."""
    params = [f"{name}: {annotation(text)} = ..." for name, text, *_ in op["params"]]
    last = [f"out: {array} | list[{array}] | None = ...", "name: str | None = ..."]
    if array == "Symbol":
        last = ["name: str | None = ...", "attr: dict[str, str] | None = ...", "out: Any = ..."]
    if op["variadic"]:
        return [f"*data: {array} | Sequence[{array}]", *params, *last, "**kwargs: Any"]
    inputs = [f"{name}: {array} | None = ..." for name, _ in op["inputs"]]
    if method:
        inputs[0] = "self"
    return [*inputs, *params, *last, "**kwargs: Any"]


def operator_stub(name, op, array, method=False):
    """The stub of one function.

    Args:
        name (str): Name of the function.
        op (dict): The operator, as ``mxnet._core.describe_op`` gives it.
        array (str): What it takes and gives, ``NDArray`` or ``Symbol``.
        method (bool): Whether it is a method of `array`.
    """
    result = array if array == "Symbol" or len(op["outputs"]) == 1 else "Any"
    first = op["doc"].strip().split("\n")[0].replace('"""', "'''").replace("\\", "\\\\")
    arguments = ", ".join(_arguments(op, array, method))
    return f'def {name}({arguments}) -> {result}:\n    """{first}"""\n'
