"""The distributions of mx.np draw what MXNet 1.9.1 drew (tests/data/numpy_random.json)."""

import json
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx

I = mx.nd._internal  # noqa: E741
CALLS = json.loads((Path(__file__).parents[2] / "data/numpy_random.json").read_text())
SEED = 7
# Operators whose result has a dtype of the program's choice.
HAVE_DTYPE = ("uniform", "uniform_n", "normal", "normal_n", "gamma", "bernoulli")


@pytest.fixture(autouse=True)
def numpy_shapes():
    with mx.util.np_shape(True):
        yield


def attributes(call):
    dtype = {"dtype": call["dtype"]} if call["op"].removeprefix("_npi_") in HAVE_DTYPE else {}
    return {**call["attrs"], **dtype}


def kept(call, array):
    flat = array.asnumpy().ravel()
    return flat[call["positions"]] if "positions" in call else flat


def call_id(call):
    given = "-".join(f"{k}={v}" for k, v in call["attrs"].items())
    return f"{call['op']}-{call['dtype']}-{given}"


def parameters(call):
    return [mx.nd.array(array, dtype="float32") for array in call["arrays"]]


@pytest.mark.parametrize("call", CALLS, ids=call_id)
def test_draws_what_1_9_1_draws(call):
    mx.random.seed(SEED)
    drawn = getattr(I, call["op"])(*parameters(call), **attributes(call))
    assert drawn.shape == tuple(call["shape"])
    assert drawn.dtype == np.dtype(call["dtype"])
    np.testing.assert_array_equal(kept(call, drawn), call["values"])
    following = I._npi_uniform(low=0, high=1, size=(1,)).item()
    assert following == np.float32(call["next"])


@pytest.mark.parametrize("call", [call for call in CALLS if call["gradients"]], ids=call_id)
def test_gradients_of_1_9_1(call):
    arrays = parameters(call)
    for array in arrays:
        array.attach_grad()
    mx.random.seed(SEED)
    with mx.autograd.record():
        drawn = getattr(I, call["op"])(*arrays, **attributes(call))
    drawn.backward()
    for array, expected in zip(arrays, call["gradients"]):
        np.testing.assert_allclose(array.grad.asnumpy(), expected, rtol=1e-5, atol=1e-6)


def test_gradients_of_second_order():
    a = mx.nd.array([0.7, 2.0])
    a.attach_grad()
    mx.random.seed(SEED)
    with mx.autograd.record():
        y = I._npi_weibull(a, a=None)
        (slope,) = mx.autograd.grad(y, [a], create_graph=True)
    slope.backward()
    log = np.log(y.asnumpy())  # y = z^(1/a)
    expected = y.asnumpy() * log * (log + 2) / a.asnumpy() ** 2
    np.testing.assert_allclose(slope.asnumpy(), -y.asnumpy() * log / a.asnumpy(), rtol=1e-5)
    np.testing.assert_allclose(a.grad.asnumpy(), expected, rtol=1e-4)


def test_no_element():
    mx.random.seed(SEED)
    assert I._npi_gamma(shape=1, scale=1, size=(0, 3)).shape == (0, 3)
    assert I._npi_normal(mx.nd.zeros((0, 2)), loc=None, scale=1, size=None).shape == (0, 2)


FAULTS = [
    ("normal", (), {"loc": 0, "scale": -1, "size": (2,)}, "scale=-1 make no distribution"),
    ("normal", ([1.0, -2.0],), {"loc": 0, "scale": None, "size": None}, "scale=-2 make no"),
    ("gamma", (), {"shape": 0, "scale": 1, "size": (2,)}, "shape=0 and scale=1 make no"),
    ("gamma", ([1.0, -1.0],), {"shape": None, "scale": 1, "size": None}, "shape=-1"),
    ("weibull", (), {"a": 0, "size": (2,)}, "a=0 make no distribution; expected a number above 0"),
    ("exponential", ([-1.0],), {"scale": None}, "scale=-1 make no"),
    ("uniform", ([1.0, 2.0],), {"low": None, "high": 3, "size": (3,)}, "broadcast"),
    ("uniform", (), {"low": 0, "high": 1, "dtype": "int32", "size": (2,)}, "dtype=int32"),
    ("bernoulli", (), {"prob": 2, "logit": None, "is_logit": False, "size": (2,)}, "prob=2"),
    ("choice", (), {"a": 3, "size": (4,), "replace": False}, "more than a=3 without replacement"),
    ("choice", (), {"a": 0, "size": (4,)}, "a=0 leaves nothing"),
    ("choice", ([0.5, 0.5],), {"a": 3, "size": (4,), "weighted": True}, "input1"),
    ("multinomial", (), {"n": 3, "pvals": (0.7, 0.8, 0)}, "sum to 1.5"),
    ("multinomial", (), {"n": 3, "pvals": (-0.7, 0.8)}, "holds -0.7"),
    ("multinomial", ([[0.5, 0.5]],), {"n": 3}, "one axis"),
    ("bernoulli", ([2.0],), {"prob": None, "logit": None, "is_logit": False}, "prob=2"),
]


@pytest.mark.parametrize("op, arrays, attrs, match", FAULTS)
def test_fault(op, arrays, attrs, match):
    with pytest.raises(ValueError, match=match):
        getattr(I, "_npi_" + op)(*map(mx.nd.array, arrays), **attrs).asnumpy()


def test_symbol_has_its_shape_and_hides_the_noise():
    symbol = mx.sym._internal._npi_normal(mx.sym.var("loc"), loc=None, scale=2, size=(3, 2))
    assert symbol.infer_shape(loc=(2,))[1] == [(3, 2)]
    assert len(symbol.list_outputs()) == 1
    executor = symbol.bind(mx.cpu(), {"loc": mx.nd.array([1.0, 2.0])})
    mx.random.seed(SEED)
    (drawn,) = executor.forward()
    mx.random.seed(SEED)
    eager = I._npi_normal(mx.nd.array([1.0, 2.0]), loc=None, scale=2, size=(3, 2))
    np.testing.assert_array_equal(drawn.asnumpy(), eager.asnumpy())
