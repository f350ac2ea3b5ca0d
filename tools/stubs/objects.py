"""Stubs of functions and classes, from what Python knows of them at run time."""

from __future__ import annotations

import ast
import inspect
import keyword
import re
import textwrap

# What special methods give, where that does not depend on the class.
_SPECIAL = {
    "__bool__": "bool",
    "__contains__": "bool",
    "__delitem__": "None",
    "__enter__": "Any",
    "__exit__": "Any",
    "__float__": "float",
    "__init__": "None",
    "__int__": "int",
    "__iter__": "Iterator[Any]",
    "__len__": "int",
    "__next__": "Any",
    "__repr__": "str",
    "__setitem__": "None",
    "__str__": "str",
}
_BINARY = "add sub mul truediv mod pow matmul eq ne lt le gt ge and or xor".split()
_OPERATORS = {f"__{kind}{name}__" for name in _BINARY for kind in ("", "r", "i")}
_UNARY = {"__abs__", "__neg__", "__copy__"}
# Classes whose operators and these methods give the class itself, and those that inherit them.
_HEIRS = ("ndarray", "_Symbol")
ARRAYS = ("NDArray", "Symbol", *_HEIRS)
_SAME_CLASS = {
    *_OPERATORS,
    *_UNARY,
    *"""__getitem__ as_in_context as_in_ctx as_nd_ndarray astype broadcast_to copy copyto detach
    expand_dims flatten reshape squeeze tostype""".split(),
}
# Words of a docstring's "Returns" that name a type.
_RETURNS = {"int", "float", "bool", "str", "tuple", "list", "dict"}
_NO_DOC = " ...\n"
_NB_DEFAULT = re.compile(r"= \\\d+")
_DOTTED = re.compile(r"\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")


def _doc_lines(value, indent):
    """How a stub ends: with the first line of the documentation, or with dots."""
    doc = inspect.getdoc(value)
    if hasattr(value, "__nb_signature__"):
        doc = value.__nb_signature__[0][1]  # without the line that is the signature
    if (
        getattr(value, "__name__", "").startswith("__")
        or not isinstance(doc, str)
        or not doc.strip()
    ):
        return _NO_DOC  # special methods have Python's own words
    first = doc.strip().split("\n")[0].replace("\\", "\\\\").replace('"""', "'''")
    space = " " if first.endswith('"') else ""
    return f'\n{indent}    """{first}{space}"""\n'


def _result_in_doc(function):
    """The type that the section "Returns" of a docstring begins with, or Any."""
    found = re.search(r"^Returns:\n\s+(\w+):", inspect.getdoc(function) or "", re.MULTILINE)
    return found[1] if found and found[1] in _RETURNS else "Any"


def _parameters(function, owner):
    """The parameters of a function or method as text; None where Python does not tell them."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    parts, star, slash = [], False, False
    for parameter in signature.parameters.values():
        if slash and parameter.kind != parameter.POSITIONAL_ONLY:
            parts.append("/")
        slash = parameter.kind == parameter.POSITIONAL_ONLY
        if parameter.kind == parameter.KEYWORD_ONLY and not star:
            parts.append("*")
        star = star or parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL)
        mark = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        default = "" if parameter.default is parameter.empty else " = ..."
        typed = f"{mark}{parameter.name}: Any{default}"
        parts.append(parameter.name if owner and not parts else typed)
    return ", ".join([*parts, "/"] if slash else parts)


def _bound_signature(name, value, indent):
    """The stub of a function of the extension module, whose types nanobind tells."""
    text = value.__nb_signature__[0][0]
    if len(value.__nb_signature__) > 1:
        text = f"def {name}(self, *args: Any, **kwargs: Any) -> Any"
    text = _NB_DEFAULT.sub("= ...", text)
    text = re.sub(r"\bobject\b", "Any", text)
    text = _DOTTED.sub(lambda dotted: "Any" if "._" in dotted[0] else dotted[0], text)
    return f"{indent}{text}:{_doc_lines(value, indent)}"


def function_stub(name, value, indent="", owner=None, result=None):
    """The stub of a function or method.

    Args:
        name (str): Its name.
        value (function): The function.
        indent (str): What stands before each line.
        owner (type): The class that it is a method of.
        result (str): The type that it gives, where that is known.
    """
    if hasattr(value, "__nb_signature__"):
        return _bound_signature(name, value, indent)
    result = result or _SPECIAL.get(name) or _result_in_doc(value)
    if owner is not None and owner.__name__ in ARRAYS:
        if name in _SAME_CLASS:
            result = owner.__name__
        if name == "__iter__":
            result = f"Iterator[{owner.__name__}]"
        if name == "asnumpy":
            result = "numpy.ndarray"
    parameters = _parameters(value, owner)
    if parameters is None:
        parameters = "*args: Any, **kwargs: Any"
        parameters = f"self, {parameters}" if owner else parameters
    if name in _OPERATORS:  # of C, where their parameters have names of no use
        parameters = "self, other: Any, /"
    if owner is not None and name in ("__eq__", "__ne__"):
        return f"{indent}def {name}({parameters}) -> {result}: ...  # type: ignore\n"
    return f"{indent}def {name}({parameters}) -> {result}:{_doc_lines(value, indent)}"


def _attributes(cls):
    """Public attributes that the methods of a class set on itself."""
    try:
        source = textwrap.dedent(inspect.getsource(cls))
    except (OSError, TypeError):
        return []
    found = [
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and getattr(node.value, "id", "") == "self"
    ]
    return [name for name in dict.fromkeys(found) if not name.startswith("_")]


def _property(name, value, indent):
    result = "Any"
    signature = getattr(value.fget, "__nb_signature__", None)
    if signature:
        found = signature[0][0].rpartition("-> ")[2]
        result = "Any" if found == "object" or "._" in found else found
    if name == "shape":
        result = "tuple[int, ...]"
    lines = f"{indent}@property\n{indent}def {name}(self) -> {result}:{_doc_lines(value, indent)}"
    if value.fset is not None:
        lines += f"{indent}@{name}.setter\n{indent}def {name}(self, value: Any) -> None: ...\n"
    return lines


def _member(name, value, cls, operator_method):
    """The stub of one attribute of a class, or nothing."""
    indent = "    "
    if isinstance(value, (staticmethod, classmethod)):
        kind = type(value).__name__
        return f"{indent}@{kind}\n" + function_stub(
            name, value.__func__, indent, cls if kind == "classmethod" else None
        )
    if isinstance(value, property):
        return _property(name, value, indent)
    if type(value).__name__ == "OpFunction":
        return textwrap.indent(operator_method(name, value, cls), indent)
    if callable(value) and not isinstance(value, type):
        return function_stub(name, value, indent, cls)
    return "" if name.startswith("__") else f"{indent}{name}: Any\n"


def is_private(cls):
    """Whether a class is of a private module of the package, which has no stub."""
    return cls.__module__.startswith("mxnet.") and "._" in cls.__module__


def _members(cls):
    """The attributes of a class and of the private ones that it is made of, by name."""
    found = {}
    for base in reversed(cls.__mro__):
        if base is cls or is_private(base):
            found.update(vars(base))
    return found


def class_stub(cls, base_names, operator_method):
    """The stub of a class.

    Args:
        cls (type): The class.
        base_names (list of str): Its bases, as the stub calls them.
        operator_method (function): Makes the stub of a method that is an operator.
    """
    wanted = {*_SPECIAL, *_OPERATORS, *_UNARY, "__call__", "__getitem__", "__getattr__"}
    lines, members = [], _members(cls)
    for name, value in members.items():
        if (name.startswith("_") and name not in wanted) or value is None:
            continue
        if not keyword.iskeyword(name):
            lines.append(_member(name, value, cls, operator_method))
    if cls.__name__ in _HEIRS:
        inherited = [name for name in sorted(_SAME_CLASS - {*members}) if hasattr(cls, name)]
        lines += [_member(name, getattr(cls, name), cls, operator_method) for name in inherited]
    taken = {*members}
    fields = [*getattr(cls, "_fields", ()), *_attributes(cls)]
    lines += [f"    {name}: Any\n" for name in dict.fromkeys(fields) if name not in taken]
    head = (
        f"class {cls.__name__}({', '.join(base_names)}):"
        if base_names
        else f"class {cls.__name__}:"
    )
    doc = _doc_lines(cls, "")
    return "".join([head, "\n" if lines and doc == _NO_DOC else doc, *lines])
