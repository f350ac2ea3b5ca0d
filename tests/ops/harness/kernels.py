"""Chooses kernels by name."""

from __future__ import annotations

import contextlib

import mxnet as mx

_core = getattr(mx, "_core", None)


def kernel_names(op):
    """Names of the kernels of an operator on the device under test; [None] under MXNet 1.9.1."""
    if _core is None:
        return [None]
    return _core.kernel_names(op, mx.current_context().device_typeid) or [None]


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
