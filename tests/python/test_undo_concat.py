"""Weights of an RNN that were joined for the operator are taken from before they were joined."""

import numpy as np
import pytest

import mxnet as mx

HIDDEN, FEATURES = 6, 5
PIECES = [
    ("i2h_weight", (4 * HIDDEN, FEATURES)),
    ("h2h_weight", (4 * HIDDEN, HIDDEN)),
    ("i2h_bias", (4 * HIDDEN,)),
    ("h2h_bias", (4 * HIDDEN,)),
]


def network(pieces):
    flat = [mx.sym.Reshape(mx.sym.Variable(name), shape=(-1,)) for name, _ in pieces]
    state, cell = mx.sym.Variable("state"), mx.sym.Variable("cell")
    parameters = mx.sym.concat(*flat, dim=0)
    return mx.sym.RNN(
        mx.sym.Variable("data"),
        parameters,
        state,
        cell,
        mode="lstm",
        state_size=HIDDEN,
        num_layers=1,
    )


def trained(pieces, is_watched):
    """Results of a step, and the plan; a monitor is shown all operators, so that they stay."""
    shapes = {"data": (3, 2, FEATURES), "state": (1, 2, HIDDEN), "cell": (1, 2, HIDDEN)}
    executor = network(pieces).simple_bind(mx.cpu(), **shapes, **dict(pieces))
    if is_watched:
        executor.set_monitor_callback(lambda name, value: None)
    generator = np.random.RandomState(0)
    for array in executor.arg_arrays:
        array[:] = generator.uniform(-1, 1, array.shape)
    executor.forward(is_train=True)
    executor.backward(mx.nd.ones((3, 2, HIDDEN)))
    results = {"out": executor.outputs[0], **executor.grad_dict}
    return {k: v.asnumpy() for k, v in results.items()}, executor.debug_str()


# The last one joins what the operator cuts elsewhere.
@pytest.mark.parametrize(
    "pieces, is_undone",
    [
        (PIECES, True),
        ([("first", (100,)), ("second", (4 * HIDDEN * (FEATURES + 8) - 100,))], False),
    ],
)
def test_joined_weights(pieces, is_undone):
    results, plan = trained(pieces, is_watched=False)
    expected, plain_plan = trained(pieces, is_watched=True)
    assert ("Op:Concat" not in plan and "Op:_split_v2" not in plan) == is_undone
    assert "Op:Concat" in plain_plan
    for name, value in expected.items():
        np.testing.assert_allclose(results[name], value, rtol=1e-5, atol=1e-6, err_msg=name)
