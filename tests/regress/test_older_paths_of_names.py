"""Names under which older programs find things were missing: `mx.contrib.symbol`, `_init_data`."""

import numpy as np
import pytest

import mxnet as mx


def test_contrib_symbol_and_ndarray():
    from mxnet.contrib.ndarray import MultiBoxPrior
    from mxnet.contrib.symbol import MultiBoxPrior as symbolic

    data = mx.sym.Variable("data")
    prior = mx.contrib.symbol.MultiBoxPrior(data, sizes=(0.2,), name="anchors")
    assert prior.infer_shape(data=(1, 3, 4, 4))[1] == [(1, 16, 4)]
    assert mx.contrib.sym is mx.contrib.symbol and mx.contrib.nd is mx.contrib.ndarray
    assert (
        symbolic(data, name="a").tojson() == mx.sym.contrib.MultiBoxPrior(data, name="a").tojson()
    )
    assert MultiBoxPrior(mx.nd.ones((1, 3, 4, 4)), sizes=(0.2,)).shape == (1, 16, 4)
    assert "MultiBoxPrior" in dir(mx.contrib.symbol)


def test_contrib_autograd():
    from mxnet.contrib import autograd

    x, y = mx.nd.array([1, 2]), mx.nd.array([3, 4])

    def product(a, b):
        return a * b + a

    grads, value = autograd.grad_and_loss(product)(x, y)
    assert [grad.asnumpy().tolist() for grad in grads] == [[4, 5], [1, 2]]
    assert value.asnumpy().tolist() == [4, 10]
    assert autograd.grad(product, argnum=1)(x, y)[0].asnumpy().tolist() == [1, 2]
    with autograd.train_section():
        assert mx.autograd.is_training() and mx.autograd.is_recording()
        with autograd.test_section():
            assert not mx.autograd.is_training() and not mx.autograd.is_recording()
    assert not mx.autograd.is_training()
    with pytest.raises(TypeError, match="argnum"):
        autograd.grad(product)(x, 2)


def test_init_data():
    [(name, array)] = mx.io._init_data(np.zeros(3), allow_empty=True, default_name="svm_label")
    assert name == "svm_label" and array.shape == (3,)
    assert mx.io._init_data(None, True, "x") == []


@pytest.mark.parametrize("module", ["ndarray", "symbol", "contrib.symbol"])
def test_star_imports_bring_operators(module):
    names = {}
    exec(f"from mxnet.{module} import *", names)
    assert "MultiBoxPrior" in names if module == "contrib.symbol" else "Convolution" in names


def test_executor_manager():
    from mxnet.executor_manager import DataParallelExecutorManager, _split_input_slice

    assert _split_input_slice(10, [1, 2]) == [slice(0, 3), slice(3, 10)]
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="fc")
    net = mx.sym.SoftmaxOutput(net, name="softmax")
    data = mx.io.NDArrayIter(np.ones((8, 4)), np.zeros(8), 4)
    devices, names = [mx.cpu(0), mx.cpu(1)], ["fc_weight", "fc_bias"]
    manager = DataParallelExecutorManager(net, devices, data, net.list_arguments(), names, [])
    params = {"fc_weight": mx.nd.ones((3, 4)), "fc_bias": mx.nd.zeros((3,))}
    manager.set_params(params, {})
    manager.load_data_batch(next(data))
    manager.forward(is_train=True)
    manager.backward()
    for grad in manager.grad_arrays[1]:  # by device
        np.testing.assert_allclose(grad.asnumpy(), [-4 / 3, 2 / 3, 2 / 3], rtol=1e-6)
    copies = {name: array.zeros_like() for name, array in params.items()}
    manager.copy_to(copies, {})
    assert copies["fc_weight"].asnumpy().tolist() == np.ones((3, 4)).tolist()
    with pytest.raises(ValueError, match="two inputs have the name 'x'"):
        twice = mx.sym.Variable("x") + mx.sym.Variable("x")
        DataParallelExecutorManager(twice, devices, data, [], ["x"], [])


def test_executor_groups_of_the_first_versions():
    from mxnet.executor_manager import DataParallelExecutorGroup, _split_input_slice

    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="fc")
    net = mx.sym.SoftmaxOutput(net, name="softmax")
    data = mx.io.NDArrayIter(np.arange(32.0).reshape((8, 4)), np.arange(8) % 3, 4)
    names, devices = ["fc_weight", "fc_bias"], [mx.cpu(0), mx.cpu(1)]
    rows = _split_input_slice(4, [1, 1])
    group = DataParallelExecutorGroup(net, net.list_arguments(), names, devices, rows, data)
    assert group.param_names == names and group.param_idx == [1, 2] and group.slices == rows
    for array in sum(group.param_arrays, []):
        array[:] = 0.1
    batch = next(data)
    group.load_data_batch(batch)
    [pairs] = group.data_arrays
    assert [(part.start, array.asnumpy().tolist()) for part, array in pairs] == [
        (part.start, batch.data[0][part].asnumpy().tolist()) for part in rows
    ]
    group.forward(is_train=True)
    group.backward()
    found = sum(grad.asnumpy() for grad in group.grad_arrays[1])
    np.testing.assert_allclose(found, [4 / 3 - 2, 4 / 3 - 1, 4 / 3 - 1], rtol=1e-5)
    metric = mx.metric.create("acc")
    group.update_metric(metric, batch.label)
    assert metric.get() == ("accuracy", 0.5)
    other = DataParallelExecutorGroup(net, [], names, devices, rows, data, shared_group=group)
    assert other.param_arrays[0][0].asnumpy().tolist() == np.full((3, 4), np.float32(0.1)).tolist()


def test_first_schedulers():
    from mxnet.misc import FactorScheduler

    scheduler = FactorScheduler(5, 0.5)
    assert [scheduler(i) for i in (0, 4, 5, 14)] == [0.01, 0.01, 0.005, 0.0025]
    with pytest.raises(ValueError, match="step=0"):
        FactorScheduler(0)
