"""Chooses kernels by name and calls them as the graph runner does."""

from __future__ import annotations

import contextlib

import numpy as np

import mxnet as mx

_core = getattr(mx, "_core", None)


def kernel_names(op):
    """Names of the kernels of an operator on the device under test; [None] under MXNet 1.9.1."""
    if _core is None:
        return [None]
    return _core.kernel_names(op, mx.current_context().device_typeid) or [None]


def registered_name(op):
    """The name that an operator has beside its aliases; under MXNet 1.9.1 `op` itself."""
    return op if _core is None else _core.describe_op(op)["name"]


@contextlib.contextmanager
def forced_kernel(op, name):
    """Inside, only that kernel of the operator runs; it raises NotImplementedError to refuse."""
    if name is None:
        yield
        return
    _core.force_kernel(op, name)
    try:
        yield
    finally:
        _core.force_kernel(op, "")


def run_with_modes(case, inputs, outputs, modes):
    """Runs the operator into `outputs`, each with its mode: "write", "add" or "null"."""
    attrs = {name: _text(value) for name, value in case.attrs.items()}
    count = _core.describe_op(case.op)["variadic_count"]
    if count:
        attrs.setdefault(count, str(len(inputs)))
    _core.invoke(case.op, list(attrs.items()), inputs, outputs, modes, case.train)


def _text(value):
    return np.dtype(value).name if isinstance(value, (type, np.dtype)) else str(value)
