"""Which function translates an operator; modules in the folders beside this file say so."""

import dataclasses
import functools
import importlib
import pkgutil
from collections.abc import Callable

import numpy as np

from ... import _core

_TRANSLATIONS = {}
# Functions that ONNX has for integers.
_OF_WHOLES = ("Abs", "Neg")
# What no result depends on: where and with which library something is computed.
_NEVER_MATTERS = ("ctx", "cudnn_off", "cudnn_tune", "is_int", "num_args", "workspace")


@dataclasses.dataclass(frozen=True)
class Translation:
    """How an operator is said in ONNX.

    Attributes:
        function: Takes a `Node` and a `Writer`; returns the name of the result, or a list of them.
        ignores: Parameters that change no result of a prediction.
        unused: Inputs that predictions do not read, such as labels.
        opset: First version of ONNX's operators that can say it.
        kind: "one" for one node of ONNX, "composed" for several, "folded" for a constant.
    """

    function: Callable
    ignores: tuple
    unused: tuple
    opset: int
    kind: str


def translates(*ops, ignores=(), unused=(), opset=13, kind="composed"):
    """Registers a function for operators; see `Translation` for what it takes."""

    def register(function):
        # An operator that this build of the library lacks needs no translation.
        for op in filter(_core.has_op, ops):
            name = _core.describe_op(op)["name"]
            if name in _TRANSLATIONS:
                raise ValueError(f"translates: {op} has a translation already; expected one")
            _TRANSLATIONS[name] = Translation(
                function, (*_NEVER_MATTERS, *ignores), tuple(unused), opset, kind
            )
        return function

    return register


def renames(onnx_names):
    """Registers operators that one node of ONNX says, without attributes: a dict of names."""
    for op, onnx_name in onnx_names.items():

        def function(node, g, onnx_name=onnx_name):
            return as_floats(node, g, lambda x: g.add(onnx_name, [x]), onnx_name in _OF_WHOLES)

        translates(op, kind="one")(function)


def as_floats(node, g, formula, wholes=False):
    """A formula of the first input; ONNX knows most functions for floating numbers only.

    Args:
        node: The node.
        g: The writer.
        formula: Function of the name of a value.
        wholes: Whether ONNX has it for integers, too.
    """
    dtype = node.out_dtype()
    if dtype.kind == "f" or dtype.names or wholes:
        return formula(node.input_as(0, dtype))
    return g.cast(formula(node.input_as(0, np.dtype("float32"))), dtype)


@functools.cache
def _load():
    package = importlib.import_module(__package__)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if module.name.count(".") > package.__name__.count(".") + 1:
            importlib.import_module(module.name)


def translation_of(op):
    """The `Translation` of an operator by its name in the registry, or None."""
    _load()
    return _TRANSLATIONS.get(op)


def all_translations():
    """A dict of all translations by the names of their operators."""
    _load()
    return dict(_TRANSLATIONS)


def get_operator_support(opset_version=None):
    """Names of the operators that can be exported.

    Args:
        opset_version (int): Version of ONNX's operators; None is the newest one.

    Returns:
        list of str: The names, sorted.
    """
    return sorted(
        name
        for name, translation in all_translations().items()
        if opset_version is None or translation.opset <= opset_version
    )
