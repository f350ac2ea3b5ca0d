"""Networks of functions of mx.sym.np: values, gradients, and JSON that comes back."""

import numpy as onp
import pytest

import mxnet as mx
from mxnet import np as mnp


@pytest.fixture(autouse=True)
def numpy_mode():
    with mx.util.np_shape(), mx.util.np_array():
        yield


def network():
    a, b = (mx.sym.var(name).as_np_ndarray() for name in "ab")
    F = mx.sym.np
    hidden = F.maximum(F.add(F.multiply(a, 2), F.exp(b)), F.full((1,), 0.5))
    chosen = F.where(F.greater(hidden, 3), hidden, F.sqrt(F.clip(hidden, 0.0, 9.0)))
    return F.add(chosen, F.linalg.norm(chosen, axis=1, keepdims=True))


def test_network_computes_what_arrays_compute():
    a = mnp.array([[0.5, 1.5], [2.5, -1.0]])
    b = mnp.array([[0.1, 0.2], [0.3, 0.4]])
    hidden = mnp.maximum(mnp.add(mnp.multiply(a, 2), mnp.exp(b)), mnp.full((1,), 0.5))
    chosen = mnp.where(mnp.greater(hidden, 3), hidden, mnp.sqrt(mnp.clip(hidden, 0.0, 9.0)))
    expected = mnp.add(chosen, mnp.linalg.norm(chosen, axis=1, keepdims=True)).asnumpy()
    for symbol in (network(), mx.sym.load_json(network().tojson())):
        found = symbol.bind(mx.cpu(), {"a": a, "b": b}).forward()[0].asnumpy()
        onp.testing.assert_allclose(found, expected, rtol=1e-6)


def test_gradients_of_a_network():
    inputs = {name: mnp.array([[0.5, 1.5], [2.5, -1.0]]) for name in "ab"}
    slopes = {name: mnp.zeros((2, 2)) for name in "ab"}
    executor = network().bind(mx.cpu(), inputs, slopes)
    executor.forward(is_train=True)
    executor.backward(mnp.ones((2, 2)))
    for each in inputs.values():
        each.attach_grad()
    with mx.autograd.record():
        a, b = inputs["a"], inputs["b"]
        hidden = mnp.maximum(mnp.add(mnp.multiply(a, 2), mnp.exp(b)), mnp.full((1,), 0.5))
        chosen = mnp.where(mnp.greater(hidden, 3), hidden, mnp.sqrt(mnp.clip(hidden, 0.0, 9.0)))
        out = mnp.add(chosen, mnp.linalg.norm(chosen, axis=1, keepdims=True))
    out.backward()
    for name, each in inputs.items():
        onp.testing.assert_allclose(slopes[name].asnumpy(), each.grad.asnumpy(), rtol=1e-5)
