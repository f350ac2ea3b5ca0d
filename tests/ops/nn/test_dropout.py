import numpy as np
import pytest
from harness import FLOATS, Case, Fault, operator_tests

import mxnet as mx

X = np.random.default_rng(12).normal(size=(3, 4))
CASES = [
    Case(
        "Dropout",
        [X],
        lambda x, **_: x,
        {"p": 0.5},
        FLOATS,
        second=False,
        grad=False,
        oracle="1.9.1 has no bfloat16",
    ),
    Case("Dropout", [X], lambda x, **_: x, {"p": 0.0, "mode": "always"}, train=True),
    Case(
        "Dropout",
        [X],
        lambda x, **_: 0 * x,
        {"p": 1.0, "mode": "always"},
        grad=False,
        oracle="1.9.1 gives NaN",
    ),
    Case(
        "_rnn_dropout",
        [X],
        lambda x, **_: x,
        {"p": 0.5},
        FLOATS,
        second=False,
        grad=False,
        oracle="1.9.1 has it inside of RNN",
    ),
]
FAULTS = [
    Fault("Dropout", [X], "Dropout: p=1.5 is out of range", {"p": 1.5}),
    Fault("Dropout", [X], "Dropout: axes=3", {"axes": (3,)}, kind=IndexError),
]
TestDropout = operator_tests(CASES, FAULTS)


def test_masks_are_those_of_1_9_1():
    if mx.current_context().device_type == "gpu":
        pytest.skip("GPUs draw masks of their own")
    # mx.random.seed(1); Dropout(ones(2, 5), p=0.5) under MXNet 1.9.1, twice
    first = [[0, 2, 2, 0, 2], [0, 0, 0, 0, 2]]
    second = [[2, 2, 2, 2, 0], [2, 0, 0, 2, 0]]
    mx.random.seed(1)
    with mx.autograd.train_mode():
        np.testing.assert_array_equal(mx.nd.Dropout(mx.nd.ones((2, 5)), p=0.5).asnumpy(), first)
    out = mx.nd.Dropout(mx.nd.ones((2, 5)), p=0.5, mode="always")
    np.testing.assert_array_equal(out.asnumpy(), second)


def test_gradient_is_the_mask():
    x = mx.nd.ones((50, 40))
    x.attach_grad()
    with mx.autograd.record():
        out = mx.nd.Dropout(x, p=0.25)
    out.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), out.asnumpy())
    assert 0.7 < (out.asnumpy() > 0).mean() < 0.8
    np.testing.assert_allclose(np.unique(out.asnumpy()), [0, 4 / 3], rtol=1e-6)


def test_axes_share_the_mask():
    x = mx.nd.ones((4, 30, 5))
    x.attach_grad()
    with mx.autograd.record():
        out = mx.nd.Dropout(x, p=0.5, axes=(0, 2))
    out.backward()
    values = out.asnumpy()
    assert (values == values[:1, :, :1]).all() and len(np.unique(values)) == 2
    np.testing.assert_array_equal(x.grad.asnumpy(), values)
