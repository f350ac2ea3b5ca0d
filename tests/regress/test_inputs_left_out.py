"""`log_softmax(data, axis)` took the axis for the optional input that stands before it."""

import numpy as np
import pytest

import mxnet as mx

X = np.random.RandomState(0).randn(2, 3, 4)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
@pytest.mark.parametrize("axis", [1, -1])
def test_axis_by_position(name, axis):
    function = getattr(mx.nd, name)
    found, expected = function(mx.nd.array(X), axis), function(mx.nd.array(X), axis=axis)
    assert (found.asnumpy() == expected.asnumpy()).all()
    symbol = getattr(mx.sym, name)(mx.sym.Variable("data"), axis, name="out")
    assert symbol.list_arguments() == ["data"] and symbol.attr("axis") == str(axis)


def test_what_is_no_array_is_still_refused():
    with pytest.raises(TypeError, match="elemwise_add: rhs=2"):
        mx.nd.elemwise_add(mx.nd.ones(2), 2)
