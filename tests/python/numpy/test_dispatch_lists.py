"""The functions of NumPy that 1.9.1 lists are computed by mx.np, not by NumPy."""

import functools

import numpy as onp
import pytest

from mxnet import np
from mxnet import numpy_dispatch_protocol as protocol
from mxnet.numpy import _dispatch

NAMES = protocol._NUMPY_ARRAY_FUNCTION_LIST + protocol._NUMPY_ARRAY_UFUNC_LIST


def find(package, name):
    return functools.reduce(lambda found, part: getattr(found, part, None), name.split("."), package)


@pytest.mark.parametrize("name", NAMES)
def test_listed_functions_are_computed_by_mx_np(name):
    ours, theirs = find(np, name), find(onp, name)
    assert callable(ours)
    if theirs is None:
        assert name in ("product", "round_", "sometrue"), "newer versions of NumPy lack these only"
    else:
        found = _dispatch._counterpart(theirs)
        assert found is ours or found is find(np, theirs.__name__)


def test_decorators_keep_the_function():
    assert protocol.with_array_function_protocol(find) is find
    assert protocol.with_array_ufunc_protocol(find) is find
