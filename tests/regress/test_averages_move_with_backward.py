"""Running averages moved in every training forward, also those of frozen layers."""

import numpy as np

import mxnet as mx

S = mx.sym
DATA = mx.nd.array([[0], [1], [2], [3]])


def bound(request="write"):
    symbol = S.BatchNorm(S.Variable("x"), name="bn", fix_gamma=False)
    executor = symbol.simple_bind(mx.cpu(), x=(4, 1), grad_req=request)
    executor.arg_dict["bn_gamma"][:] = 1
    executor.aux_dict["bn_moving_var"][:] = 1
    return executor


def averages(executor):
    return [array.asscalar() for array in executor.aux_arrays]


def test_forward_alone_leaves_them():
    executor = bound()
    executor.forward(is_train=True, x=DATA)
    assert averages(executor) == [0, 1]
    assert np.allclose(executor.outputs[0].asnumpy().mean(), 0, atol=1e-6)


def test_each_backward_moves_them():
    executor = bound()
    executor.forward(is_train=True, x=DATA)
    mean, variance = 0, 1
    for _ in range(2):
        executor.backward([mx.nd.ones((4, 1))])
        mean, variance = 0.9 * mean + 0.1 * 1.5, 0.9 * variance + 0.1 * 1.25
        assert np.allclose(averages(executor), [mean, variance], atol=1e-3)


def test_a_network_without_gradients_leaves_them():
    executor = bound("null")
    executor.forward(is_train=True, x=DATA)
    executor.backward([mx.nd.ones((4, 1))])
    assert averages(executor) == [0, 1]


def test_frozen_layers_keep_theirs_and_trained_ones_do_not():
    frozen = S.BatchNorm(S.Variable("data"), name="frozen", fix_gamma=False)
    trained = S.BatchNorm(frozen * 3, name="trained", fix_gamma=False)
    symbol = S.LinearRegressionOutput(trained, S.Variable("label"))
    module = mx.mod.Module(
        symbol, label_names=["label"], fixed_param_names=["frozen_gamma", "frozen_beta"]
    )
    module.bind([("data", (4, 1))], [("label", (4, 1))])
    module.init_params(mx.init.One())
    for _ in range(3):
        module.forward_backward(mx.io.DataBatch([DATA + 5], [mx.nd.zeros((4, 1))]))
    aux = {name: array.asscalar() for name, array in module.get_params()[1].items()}
    assert aux["frozen_moving_mean"] == 0 and aux["frozen_moving_var"] == 1
    assert aux["trained_moving_var"] > 1.5


def test_prediction_sees_them_at_once():
    executor = bound()
    for _ in range(30):
        executor.forward(is_train=True, x=DATA)
        executor.backward([mx.nd.ones((4, 1))])
    mean, variance = averages(executor)
    executor.forward(is_train=False)
    expected = (DATA.asnumpy() - mean) / np.sqrt(variance + 1e-3)
    assert np.allclose(executor.outputs[0].asnumpy(), expected, atol=1e-5)
