"""Custom functions, threads and the state of recording; see also expressions/gradients.py."""

import threading

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, nd


class Sigmoid(autograd.Function):
    def forward(self, x):
        y = 1 / (1 + nd.exp(-x))
        self.save_for_backward(y)
        return y

    def backward(self, dy):
        (y,) = self.saved_tensors
        return dy * y * (1 - y)


class Swap(autograd.Function):
    def forward(self, a, b):
        return b * 2, a * 3

    def backward(self, d_first, d_second):
        return d_second * 3, d_first * 2


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_function_computes_and_differentiates():
    x = nd.array([[-1.0, 0.0, 2.0]])
    x.attach_grad()
    with autograd.record():
        y = Sigmoid()(x) * 2
    y.backward()
    s = sigmoid(x.asnumpy())
    np.testing.assert_allclose(y.asnumpy(), 2 * s, rtol=1e-6)
    np.testing.assert_allclose(x.grad.asnumpy(), 2 * s * (1 - s), rtol=1e-6)


def test_function_of_several_arrays():
    a, b = nd.array([1.0, 2.0]), nd.array([3.0, 4.0])
    a.attach_grad(), b.attach_grad()
    with autograd.record():
        first, second = Swap()(a, b)
        total = first * 10 + second
    total.backward()
    np.testing.assert_array_equal(a.grad.asnumpy(), [3, 3])
    np.testing.assert_array_equal(b.grad.asnumpy(), [20, 20])


def test_an_output_that_is_not_used_has_gradient_zero():
    a, b = nd.array([1.0]), nd.array([3.0])
    a.attach_grad(), b.attach_grad()
    with autograd.record():
        first, _ = Swap()(a, b)
    first.backward()
    assert a.grad.asscalar() == 0 and b.grad.asscalar() == 2


class Cube(autograd.Function):
    def forward(self, x):
        self.save_for_backward(x)
        return x * x * x

    def backward(self, dy):
        (x,) = self.saved_tensors
        return dy * 3 * x * x


def test_function_to_second_order():
    x = nd.array([0.5])
    x.attach_grad()
    with autograd.record():
        (first,) = autograd.grad(Cube()(x), [x], create_graph=True)
    first.backward()
    assert x.grad.asscalar() == pytest.approx(3.0)


def test_function_without_recording():
    np.testing.assert_allclose(Sigmoid()(nd.zeros((2,))).asnumpy(), [0.5, 0.5])


def test_function_is_called_once():
    function = Sigmoid()
    function(nd.ones((1,)))
    with pytest.raises(ValueError, match="called already"):
        function(nd.ones((1,)))


def test_errors_of_python_code_come_through():
    class Broken(autograd.Function):
        def forward(self, x):
            return x * 1

        def backward(self, dy):
            raise KeyError("broken")

    x = nd.ones((1,))
    x.attach_grad()
    with autograd.record():
        y = Broken()(x)
    with pytest.raises(KeyError, match="broken"):
        y.backward()


@pytest.mark.parametrize("wrong", [lambda dy: [dy, dy], lambda dy: nd.ones((7,))])
def test_wrong_gradients_are_named(wrong):
    class Wrong(Sigmoid):
        def backward(self, dy):
            return wrong(dy)

    x = nd.ones((1,))
    x.attach_grad()
    with autograd.record():
        y = Wrong()(x)
    with pytest.raises(mx.MXNetError, match="Wrong.backward"):
        y.backward()


def test_threads_record_on_their_own():
    seen = []
    with autograd.record():
        thread = threading.Thread(target=lambda: seen.append(autograd.is_recording()))
        thread.start()
        thread.join()
    assert seen == [False]


def test_state_is_restored_after_an_error():
    with pytest.raises(ZeroDivisionError), autograd.record():
        1 / 0  # noqa: B018
    assert not autograd.is_recording() and not autograd.is_training()


def test_gradients_arrive_in_the_arrays_that_were_attached():
    x = nd.ones((2,))
    x.attach_grad()
    grad = x.grad
    for factor in (2, 5):
        with autograd.record():
            y = x * factor
        y.backward()
        np.testing.assert_array_equal(grad.asnumpy(), [factor, factor])


def test_a_long_tape_is_differentiated_and_freed():
    x = nd.ones((1,))
    x.attach_grad()
    with autograd.record():
        y = x
        for _ in range(20000):
            y = y + 0
    y.backward()
    assert x.grad.asscalar() == 1
