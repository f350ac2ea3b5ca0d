"""A backward that found no training forward ran one, with effects that the user saw."""

import numpy as np
import pytest

import mxnet as mx

S = mx.sym
ONES = [mx.nd.ones((6,))]


def test_after_prediction_it_differentiates_what_was_predicted():
    module = mx.mod.Module(S.BatchNorm(S.Variable("data"), name="bn"), label_names=None)
    module.bind([("data", (4, 1))], inputs_need_grad=True)
    module.init_params()
    batch = mx.io.DataBatch([mx.nd.array([[0], [1], [2], [3.0]])])
    module.forward(batch, is_train=False)
    before = module.get_outputs()[0].asnumpy()
    module.backward([mx.nd.array([[1], [0], [0], [0]])])
    assert np.array_equal(module._exec_group.execs[0].outputs[0].asnumpy(), before)
    assert module.get_params()[1]["bn_moving_mean"].asnumpy().tolist() == [0]
    expected = [1 / np.sqrt(1 + 1e-3), 0, 0, 0]
    assert np.allclose(module.get_input_grads()[0].asnumpy().ravel(), expected)


def test_dropout_is_the_identity_in_prediction_mode():
    executor = S.Dropout(S.Variable("x"), p=0.5).simple_bind(mx.cpu(), x=(6,))
    executor.arg_arrays[0][:] = 1
    executor.forward(is_train=False)
    executor.backward(ONES, is_train=False)
    assert executor.grad_arrays[0].asnumpy().tolist() == [1] * 6


def test_without_any_gradient_it_does_nothing():
    executor = S.Dropout(S.Variable("x")).bind(mx.cpu(), args=[mx.nd.ones((16,))])
    executor.forward(is_train=True)
    before = executor.outputs[0].asnumpy()
    executor.backward([mx.nd.ones((16,))])
    assert np.array_equal(executor.outputs[0].asnumpy(), before)


def test_twice_gives_the_same():
    symbol = S.exp(S.exp(S.sigmoid(S.Variable("x") * 3) + 1)) * 2
    executor = symbol.simple_bind(mx.cpu(), x=(6,))
    executor.arg_arrays[0][:] = 0.1
    executor.forward(is_train=True)
    executor.backward(ONES)
    first, output = executor.grad_arrays[0].asnumpy(), executor.outputs[0].asnumpy()
    executor.backward(ONES)
    assert np.allclose(first, 884.95844)
    assert np.array_equal(executor.grad_arrays[0].asnumpy(), first)
    assert np.array_equal(executor.outputs[0].asnumpy(), output)


def test_errors():
    executor = S.Dropout(S.Variable("x"), p=0.5).simple_bind(mx.cpu(), x=(6,))
    with pytest.raises(mx.MXNetError, match="no forward came before it"):
        executor.backward(ONES)
    executor.forward(is_train=True)
    executor.backward(ONES)
    with pytest.raises(mx.MXNetError, match="random numbers cannot be drawn again"):
        executor.backward(ONES)
    executor.forward(is_train=True)
    executor.backward(ONES)


def test_another_executor_of_the_same_pool_in_between():
    net = S.tanh(S.FullyConnected(S.tanh(S.Variable("x") * 2), num_hidden=3, no_bias=True))
    first = net.simple_bind(mx.cpu(), x=(2, 4))
    for array in first.arg_arrays:
        array[:] = 0.1
    first.forward(is_train=True)
    first.backward([mx.nd.ones((2, 3))])
    expected = first.grad_arrays[0].asnumpy()
    second = first.reshape(x=(8, 4), allow_up_sizing=True)
    second.arg_arrays[0][:] = 5
    first.forward(is_train=True)
    second.forward(is_train=True)
    second.forward(is_train=False)
    first.backward([mx.nd.ones((2, 3))])
    assert np.allclose(first.grad_arrays[0].asnumpy(), expected)
