"""SVRGModule: training against MXNet 1.9.1, stores, several devices, mistakes."""

import numpy as np
import pytest

import mxnet as mx
from mxnet.contrib.svrg_optimization.svrg_module import SVRGModule
from mxnet.contrib.svrg_optimization.svrg_optimizer import _SVRGOptimizer

RANDOM = np.random.RandomState(0)
DATA = RANDOM.rand(18, 3).astype("float32")
LABEL = (DATA.sum(1) * 0.5).astype("float32")


def network():
    data, label = mx.sym.Variable("data"), mx.sym.Variable("lin_label")
    out = mx.sym.FullyConnected(data, name="fc1", num_hidden=4)
    out = mx.sym.Activation(out, act_type="tanh")
    out = mx.sym.FullyConnected(out, name="fc2", num_hidden=1)
    return mx.sym.LinearRegressionOutput(out, label, name="lro")


def batches(rows=18):
    return mx.io.NDArrayIter({"data": DATA[:rows]}, {"lin_label": LABEL[:rows]}, batch_size=6)


def module(update_freq=9, **options):
    return SVRGModule(
        network(), ["data"], label_names=["lin_label"], update_freq=update_freq, **options
    )


def losses(rows=18, optimizer="sgd", params=None, kvstore="local", num_epoch=3, **options):
    """The metric after each batch."""
    mx.random.seed(7)
    np.random.seed(7)
    found = []
    module(**options).fit(
        batches(rows),
        num_epoch=num_epoch,
        optimizer=optimizer,
        optimizer_params=params or {"learning_rate": 0.05},
        kvstore=kvstore,
        eval_metric="mse",
        initializer=mx.init.Xavier(),
        batch_end_callback=lambda param: found.append(param.eval_metric.get()[1]),
    )
    return found


# Metrics of MXNet 1.9.1.
STORED = [
    (
        {},
        [
            1.336967,
            1.100666,
            0.870043,
            0.5161206,
            0.4238026,
            0.3289433,
            0.2134531,
            0.1816767,
            0.1442693,
        ],
    ),
    (
        {"rows": 16},
        [
            1.336967,
            1.077525,
            0.8534757,
            0.429233,
            0.3414261,
            0.2650939,
            0.1370467,
            0.1166857,
            0.09817544,
        ],
    ),
    (
        {"params": {"learning_rate": 0.05, "momentum": 0.9, "wd": 0.01}},
        [
            1.336967,
            1.100548,
            0.8172671,
            0.1089524,
            0.09639393,
            0.1895659,
            0.3639608,
            0.4306673,
            0.4490854,
        ],
    ),
    (
        {"optimizer": "adam", "params": {"learning_rate": 0.01}},
        [
            1.336967,
            1.201791,
            1.020565,
            0.9208145,
            0.8128726,
            0.672589,
            0.5784809,
            0.5002517,
            0.401392,
        ],
    ),
    (
        {"params": {"learning_rate": 0.05, "clip_gradient": 0.1}},
        [1.336967, 1.235459, 1.077998, 1.121493, 1.030423, 0.8903431, 0.9226529, 0.84246, 0.719838],
    ),
]


@pytest.mark.parametrize("options, expected", STORED)
def test_training(options, expected):
    np.testing.assert_allclose(losses(**options), expected, rtol=1e-5)


@pytest.mark.parametrize(
    "options",
    [
        {"kvstore": None},
        {"kvstore": "a store"},
        {"context": [mx.cpu(0), mx.cpu(1)]},
        {"context": [mx.cpu(0), mx.cpu(1)], "kvstore": "device"},
    ],
)
def test_stores_and_devices_change_nothing(options):
    if options.get("kvstore") == "a store":
        options = {"kvstore": mx.kv.create("local")}
    found = losses(update_freq=1, **options)
    np.testing.assert_allclose(found, losses(update_freq=1), rtol=1e-4)
    assert found[-1] < found[0] / 2


def ready(**options):
    trained = module(**options)
    data = batches()
    trained.bind(data.provide_data, data.provide_label)
    mx.random.seed(7)
    trained.init_params(mx.init.Xavier())
    trained.init_optimizer(optimizer="sgd", optimizer_params={"learning_rate": 0.1})
    return trained, data


def test_the_full_gradient_is_the_mean_of_all_batches():
    trained, data = ready()
    plain = mx.mod.Module(network(), ["data"], ["lin_label"])
    plain.bind(data.provide_data, data.provide_label)
    plain.init_params(arg_params=trained.get_params()[0])
    total = 0
    for batch in data:
        plain.forward_backward(batch)
        total = total + plain._exec_group.execs[0].grad_dict["fc1_weight"].asnumpy()
    for _ in range(2):  # MXNet 1.9.1 adds the one before
        trained.update_full_grads(data)
        kept = trained._param_dict[0]["fc1_weight"].asnumpy()
        np.testing.assert_allclose(kept, total / 3, rtol=1e-5)
    assert len(list(data)) == 3


def test_gradients_of_a_batch():
    trained, data = ready()
    trained.update_full_grads(data)
    batch = data.next()
    trained.forward_backward(batch)
    trained.update()
    gradient = trained._exec_group.execs[0].grad_dict["fc2_bias"].asnumpy()
    kept = trained._param_dict[0]["fc2_bias"].asnumpy()
    np.testing.assert_allclose(gradient, kept, rtol=1e-5)
    trained.forward(batch, is_train=False)
    assert trained.get_outputs()[0].shape == (6, 1)


def test_fixed_parameters_stay():
    """MXNet 1.9.1 fails."""
    trained, data = ready(fixed_param_names=["fc1_weight"])
    before = trained.get_params()[0]["fc1_weight"].asnumpy()
    trained.fit(data, num_epoch=2, eval_metric="mse")
    np.testing.assert_array_equal(trained.get_params()[0]["fc1_weight"].asnumpy(), before)


def test_optimizer_knows_full_gradients_by_name():
    optimizer = mx.optimizer.create(
        "_svrgoptimizer",
        default_optimizer="sgd",
        learning_rate=0.5,
        momentum=0.9,
        param_idx2name={0: "w", 1: "w_full"},
    )
    assert isinstance(optimizer, _SVRGOptimizer) and optimizer.default_opt.momentum == 0.9
    updater = mx.optimizer.get_updater(optimizer)
    weights = [mx.nd.ones(2), mx.nd.ones(2)]
    for index, weight in enumerate(weights):
        updater(index, mx.nd.ones(2) * 3, weight)
    assert weights[0].asnumpy().tolist() == [-0.5, -0.5] and weights[1].asnumpy().tolist() == [3, 3]
    assert updater.states[1] is None
    optimizer.set_learning_rate(0.25)
    assert optimizer.default_opt.learning_rate == 0.25


@pytest.mark.parametrize(
    "update_freq, kind", [(0, ValueError), (None, TypeError), (1.5, TypeError)]
)
def test_wrong_frequencies(update_freq, kind):
    with pytest.raises(kind, match=f"SVRGModule: update_freq={update_freq} is "):
        module(update_freq)
