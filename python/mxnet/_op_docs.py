"""Signatures and documentation of operator functions, made from the operator registry."""

import importlib
import inspect
import textwrap

from . import _core
from ._core import _Null

_EMPTY = inspect.Parameter.empty


def find_function(module, name):
    """The function `name` of a module; how operator functions are unpickled."""
    return getattr(importlib.import_module(module), name)


def signature_of(op_name, array="NDArray"):
    """How an operator is called: inputs, parameters, ``out`` and ``name`` (inspect.Signature)."""
    op = _core.describe_op(op_name)
    kind = inspect.Parameter
    if op["variadic"]:
        params = [kind("data", kind.VAR_POSITIONAL)]
        params += [kind(name, kind.KEYWORD_ONLY, default=_Null) for name, *_ in op["params"]]
        rest = kind.KEYWORD_ONLY
    else:
        params = [kind(name, kind.POSITIONAL_OR_KEYWORD, default=None) for name, _ in op["inputs"]]
        params += [
            kind(name, kind.POSITIONAL_OR_KEYWORD, default=_Null) for name, *_ in op["params"]
        ]
        rest = kind.POSITIONAL_OR_KEYWORD
    last = ("out", "name") if array == "NDArray" else ("name", "attr", "out")
    params += [kind(name, rest, default=None) for name in last]
    params.append(kind("kwargs", kind.VAR_KEYWORD))
    return inspect.Signature(params)


def doc_of(op_name, array="NDArray"):
    """Documentation of an operator: what it does, arguments with types and defaults, result."""
    if not _core.has_op(op_name):
        return None
    op = _core.describe_op(op_name)
    lines = [op["doc"], "", "Args:"]
    if op["variadic"]:
        lines.append(_entry("*data", array + "s", "The inputs."))
    else:
        lines += [_entry(name, array, doc) for name, doc in op["inputs"]]
    for name, type_text, default, doc in op["params"]:
        given = "required" if default is None else f"optional, default={default}"
        lines.append(_entry(name, f"{type_text}, {given}", doc))
    if array == "NDArray":
        lines.append(_entry("out", "NDArray, optional", "Where to write the result."))
    else:
        lines.append(_entry("name", "str, optional", "Name of the node."))
        lines.append(_entry("attr", "dict of str to str, optional", "Attributes of the node."))
    lines += ["", "Returns:", f"    {array} or list of {array}s: The output of the operator."]
    return "\n".join(lines)


def _entry(name, type_text, doc):
    return textwrap.fill(
        f"{name} ({type_text}): {doc}".rstrip(": "),
        96,
        initial_indent="    ",
        subsequent_indent="        ",
    )
