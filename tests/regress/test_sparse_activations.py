"""IdentityAttachKLSparseReg was missing; the numbers are those of MXNet 1.9.1."""

import numpy as np
import pytest

import mxnet as mx

OPTIONS = {"sparseness_target": 0.2, "penalty": 0.5, "momentum": 0.8}
DATA = (np.arange(12).reshape(4, 3) * 0.37 % 0.8 + 0.1).astype("float32")
FIRST = [0.23300001, 0.50699997, 0.82099998], [2.09232783, 2.61412024, 4.11283398]
SECOND = [0.25940001, 0.51259995, 0.75779998], [2.15459776, 2.62559724, 3.51956654]


def bound():
    symbol = mx.sym.IdentityAttachKLSparseReg(mx.sym.Variable("d"), name="k", **OPTIONS)
    assert symbol.list_auxiliary_states() == ["k_moving_avg"]
    assert symbol.attr_dict()["k_moving_avg"]["__init__"] == '["zero", {}]'
    executor = symbol.simple_bind(mx.cpu(), d=(4, 3))
    executor.arg_dict["d"][:] = DATA
    executor.aux_dict["k_moving_avg"][:] = mx.nd.array([0.2, 0.5, 0.9])
    return executor


def test_averages_move_with_backward_and_bend_the_gradient():
    executor = bound()
    executor.forward(is_train=True)
    np.testing.assert_array_equal(executor.outputs[0].asnumpy(), DATA)
    np.testing.assert_allclose(executor.aux_arrays[0].asnumpy(), [0.2, 0.5, 0.9])
    for averages, gradients in (FIRST, SECOND):
        executor.backward([mx.nd.ones((4, 3)) * 2])
        np.testing.assert_allclose(executor.aux_arrays[0].asnumpy(), averages, rtol=1e-6)
        np.testing.assert_allclose(
            executor.grad_dict["d"].asnumpy(), np.tile(gradients, (4, 1)), rtol=1e-6
        )


def test_prediction_leaves_the_averages():
    executor = bound()
    executor.forward(is_train=False)
    np.testing.assert_array_equal(executor.outputs[0].asnumpy(), DATA)
    np.testing.assert_allclose(executor.aux_arrays[0].asnumpy(), [0.2, 0.5, 0.9])


@pytest.mark.parametrize("hybridize", [False, True])
def test_networks(hybridize):
    data = mx.sym.Variable("d")
    symbol = mx.sym.IdentityAttachKLSparseReg(data, name="k", **OPTIONS)
    network = mx.gluon.SymbolBlock(symbol, data)
    network.initialize()
    average = network.collect_params()["k_moving_avg"]
    x = mx.nd.array(DATA)
    network(x)
    average.set_data(mx.nd.array([0.2, 0.5, 0.9]))
    if hybridize:
        network.hybridize()
    x.attach_grad()
    with mx.autograd.record():
        y = network(x)
    y.backward(mx.nd.ones((4, 3)) * 2)
    np.testing.assert_allclose(average.data().asnumpy(), FIRST[0], rtol=1e-6)
    np.testing.assert_allclose(x.grad.asnumpy(), np.tile(FIRST[1], (4, 1)), rtol=1e-6)
