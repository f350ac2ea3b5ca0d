"""The operator that the graph compiler makes of pointwise ones."""

import numpy as np
import pytest

import mxnet as mx


def fused(symbol, *arrays, dtype="float32"):
    return mx.nd._internal._fused_pointwise(
        *arrays, graph=symbol.tojson(), num_args=len(arrays), dtype=dtype
    )


@pytest.mark.parametrize("size", [1, 4096, 5000])
def test_values(size):
    x, y = mx.nd.arange(size) + 1, mx.nd.ones((size,)) * 3
    in0, in1 = mx.sym.Variable("in0"), mx.sym.Variable("in1")
    out = fused(mx.sym.sqrt(in0 * in0) - in1 / 3, x, y)
    np.testing.assert_allclose(out.asnumpy(), x.asnumpy() - 1, rtol=1e-6)


def test_an_input_may_be_given_twice_and_another_not_at_all():
    in0 = mx.sym.Variable("in0")
    out = fused((in0 + in0) * (in0 - 1), mx.nd.ones((2, 3)) * 3, mx.nd.zeros((2, 3)))
    np.testing.assert_array_equal(out.asnumpy(), np.full((2, 3), 12))


@pytest.mark.parametrize(
    "symbol, message",
    [
        (mx.sym.sum(mx.sym.Variable("in0")), "operator sum; expected pointwise"),
        (mx.sym.Variable("in7") + 1, "variable in7; expected in0 to in0"),
        (mx.sym.Variable("in0"), "no operator"),
        (mx.sym.Variable("other") + 1, "variable other; expected in0 to in0"),
    ],
    ids=["operator", "number", "variable", "name"],
)
def test_other_graphs(symbol, message):
    with pytest.raises(mx.error.ValueError, match=message):
        fused(symbol, mx.nd.ones((2,)))


def test_text_that_is_no_graph():
    with pytest.raises(mx.error.ValueError, match="expected"):
        mx.nd._internal._fused_pointwise(mx.nd.ones((2,)), graph="{", num_args=1)


def test_shapes_differ():
    symbol = mx.sym.Variable("in0") + mx.sym.Variable("in1")
    with pytest.raises(mx.error.ValueError, match="shape|fit"):
        fused(symbol, mx.nd.ones((2,)), mx.nd.ones((3,)))
