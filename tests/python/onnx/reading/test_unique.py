"""Unique elements of numbers that are only known when the network runs."""

import numpy as np
import pytest

import mxnet as mx
from mxnet.contrib import onnx as onnx_mx

onnx = pytest.importorskip("onnx")
helper = onnx.helper
RANDOM = np.random.default_rng(0)


def expected_of(data, axis, in_order):
    values, first, inverse, counts = np.unique(
        data, return_index=True, return_inverse=True, return_counts=True, axis=axis
    )
    inverse = inverse.reshape(-1)
    if not in_order:
        order = np.argsort(first)
        values = np.take(values, order, axis or 0)
        first, counts, inverse = first[order], counts[order], np.argsort(order)[inverse]
    return values, first, inverse, counts


@pytest.mark.parametrize("in_order", [0, 1])
@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("shape", [(1,), (12,), (5, 4), (4, 2, 3)])
def test_unique(shape, axis, in_order):
    """As NumPy finds them."""
    if axis is not None and not -len(shape) <= axis < len(shape):
        pytest.skip("no such axis")
    more = {} if axis is None else {"axis": axis}
    node = helper.make_node("Unique", ["x"], ["y", "i", "j", "n"], sorted=in_order, **more)
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, shape)],
        [helper.make_empty_tensor_value_info(name) for name in node.output],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    symbol, args, _ = onnx_mx.import_model(model)
    for _ in range(3):
        data = RANDOM.integers(0, 2 if len(shape) > 1 else 5, shape).astype(np.float32)
        executor = symbol.bind(mx.cpu(), {**args, "x": mx.nd.array(data)}, grad_req="null")
        found = executor.forward()
        expected = expected_of(data, axis, in_order)
        for a, b in zip(found, expected):
            np.testing.assert_array_equal(a.asnumpy(), b)
