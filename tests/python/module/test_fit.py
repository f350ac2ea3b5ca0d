"""Training with Module: the optimizer, callbacks, files and several devices."""

import numpy as np
import pytest

import mxnet as mx

RNG = np.random.RandomState(0)
DATA = RNG.randn(20, 4).astype("float32")
LABEL = (DATA[:, 0] > 0).astype("float32")


def network():
    x = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def data(size=5):
    return mx.io.NDArrayIter(DATA, LABEL, size)


def fit(module=None, epochs=1, **options):
    module = module or mx.mod.Module(network())
    mx.random.seed(5)
    module.fit(data(), num_epoch=epochs, **options)
    return module


def weights(module):
    return module.get_params()[0]["fc_weight"].asnumpy()


def test_training_learns():
    module = fit(epochs=20, optimizer_params={"learning_rate": 0.5})
    assert module.score(data(), "acc")[0][1] >= 0.95


def test_number_of_epochs_is_needed():
    with pytest.raises(ValueError, match="num_epoch is not given"):
        mx.mod.Module(network()).fit(data())


def test_callbacks_are_called():
    calls = []
    fit(
        epochs=2,
        eval_data=data(10),
        batch_end_callback=[lambda p: calls.append(("batch", p.epoch, p.nbatch))],
        epoch_end_callback=lambda epoch, symbol, args, auxs: calls.append(
            ("epoch", epoch, symbol.list_outputs(), sorted(args), auxs)
        ),
        eval_batch_end_callback=lambda p: calls.append(("eval", p.epoch, p.nbatch)),
        eval_end_callback=lambda p: calls.append(("eval end", p.epoch, p.nbatch)),
        begin_epoch=1,
    )
    assert calls == [
        *[("batch", 1, number) for number in range(4)],
        ("epoch", 1, ["softmax_output"], ["fc_bias", "fc_weight"], {}),
        ("eval", 1, 0),
        ("eval", 1, 1),
        ("eval end", 1, 2),
    ]


def test_metric_of_an_epoch_survives_a_reset_by_callbacks(caplog):
    caplog.set_level("INFO")
    fit(batch_end_callback=lambda p: p.eval_metric.reset_local())
    assert any("Train-accuracy=" in line and "nan" not in line for line in caplog.messages)


def test_gradients_are_divided_by_the_batch_size():
    module = fit()
    assert module._optimizer.rescale_grad == pytest.approx(1 / 5)
    explicit = fit(optimizer_params={"learning_rate": 0.01, "rescale_grad": 0.5})
    assert explicit._optimizer.rescale_grad == 0.5


def test_optimizer_object():
    with pytest.warns(UserWarning, match="rescale_grad=1.0; 1/batch_size=0.2"):
        module = fit(optimizer=mx.optimizer.SGD(learning_rate=0.1))
    assert module._optimizer.idx2name == {0: "fc_weight", 1: "fc_bias"}


@pytest.mark.parametrize(
    "options, message",
    [
        ({"optimizer": "sdg"}, "optimizer='sdg' is not registered"),
        ({"optimizer": 3}, "optimizer is a int; a name or an Optimizer"),
        ({"kvstore": "lokal"}, "name='lokal' is unknown"),
        ({"arg_params": {"fc_bias": mx.nd.ones(2)}}, "fc_weight is missing in arg_params"),
    ],
)
def test_wrong_arguments(options, message):
    with pytest.raises(ValueError, match=message) as caught:
        fit(**options)
    assert isinstance(caught.value, mx.MXNetError)


def test_given_parameters_are_kept_and_others_initialized():
    module = fit(
        arg_params={"fc_bias": mx.nd.array([3, 4])},
        allow_missing=True,
        initializer=mx.init.One(),
        optimizer_params={"learning_rate": 0.0},
    )
    assert module.get_params()[0]["fc_bias"].asnumpy().tolist() == [3, 4]
    assert (weights(module) == 1).all()


def test_second_fit_goes_on(caplog):
    module = fit()
    before = weights(module)
    module.fit(data(), num_epoch=1)
    assert any("the optimizer that is there stays" in message for message in caplog.messages)
    assert not np.array_equal(weights(module), before)


def test_fixed_parameters_stay():
    module = mx.mod.Module(network(), fixed_param_names=["fc_weight"])
    module.bind(data().provide_data, data().provide_label)
    module.init_params(mx.init.One())
    fit(module)
    assert (weights(module) == 1).all()
    assert module._exec_group.grad_arrays[0] == [None]


@pytest.mark.parametrize("kvstore", ["local", "device", mx.kv.create("local")])
@pytest.mark.parametrize("update_on_kvstore", ["0", "1"])
def test_two_devices_train_like_one(monkeypatch, kvstore, update_on_kvstore):
    monkeypatch.setenv("MXNET_UPDATE_ON_KVSTORE", update_on_kvstore)
    options = {"optimizer_params": {"learning_rate": 0.5, "momentum": 0.9}, "epochs": 2}
    store = mx.kv.create(kvstore.type) if isinstance(kvstore, mx.kv.KVStore) else kvstore
    module = mx.mod.Module(network(), context=[mx.cpu(0), mx.cpu(1)])
    fit(module, kvstore=store, **options)
    np.testing.assert_allclose(weights(module), weights(fit(**options)), rtol=1e-4, atol=1e-6)


def test_outputs_of_devices_are_joined():
    module = mx.mod.Module(network(), context=[mx.cpu(0), mx.cpu(1)])
    module.bind([("data", (5, 4))], [("softmax_label", (5,))], inputs_need_grad=True)
    module.init_params(mx.init.One())
    module.forward_backward(data().next())
    assert module.output_shapes == [("softmax_output", (5, 2))]
    assert module.get_outputs()[0].shape == (5, 2)
    assert [part.shape for part in module.get_outputs(False)[0]] == [(2, 2), (3, 2)]
    assert module.get_input_grads()[0].shape == (5, 4)


def test_more_devices_than_rows():
    module = mx.mod.Module(network(), context=[mx.cpu(i) for i in range(6)])
    with pytest.raises(ValueError, match="batch_size=5 is too small for 6 devices"):
        fit(module)


@pytest.fixture
def checkpoint(tmp_path):
    prefix = str(tmp_path / "net")
    module = fit(optimizer_params={"learning_rate": 0.1, "momentum": 0.9})
    module.save_checkpoint(prefix, 3, save_optimizer_states=True)
    return prefix, module


def test_training_resumes_from_a_checkpoint(checkpoint):
    prefix, module = checkpoint
    options = {"optimizer_params": {"learning_rate": 0.1, "momentum": 0.9}}
    loaded = mx.mod.Module.load(prefix, 3, load_optimizer_states=True)
    np.testing.assert_array_equal(weights(loaded), weights(module))
    with pytest.warns(UserWarning, match="the parameters have values"):
        fit(loaded, **options)
    fit(module, **options)
    np.testing.assert_allclose(weights(loaded), weights(module), rtol=1e-6)


def test_parameters_and_states_in_files(checkpoint, tmp_path):
    prefix, module = checkpoint
    fname = str(tmp_path / "only.params")
    module.save_params(fname)
    other = fit()
    other.load_params(fname)
    np.testing.assert_array_equal(weights(other), weights(module))
    with pytest.raises(OSError, match="missing.states"):
        module.load_optimizer_states(str(tmp_path / "missing.states"))
    (tmp_path / "bad.states").write_bytes(b"abc")
    with pytest.raises(ValueError, match="bad.states"):
        module.load_optimizer_states(str(tmp_path / "bad.states"))
    with pytest.raises(mx.MXNetError, match="net-0009.params"):
        mx.mod.Module.load(prefix, 9)


def test_borrowed_optimizer(checkpoint):
    _, module = checkpoint
    other = mx.mod.Module(network())
    other.bind([("data", (2, 4))], [("softmax_label", (2,))], shared_module=module)
    assert other.params_initialized and other._optimizer is module._optimizer
    other.forward_backward(mx.io.DataBatch([mx.nd.array(DATA[:2])], [mx.nd.array(LABEL[:2])]))
    before = weights(module)
    other.update()
    assert not np.array_equal(weights(module), before)
    np.testing.assert_array_equal(weights(other), weights(module))


def test_predicting_is_independent_of_the_batch_size():
    module = fit()
    wanted = module.predict(data(20)).asnumpy()
    for size in (5, 6, 7):
        np.testing.assert_allclose(module.predict(data(size)).asnumpy(), wanted, rtol=1e-5)
    with pytest.raises(ValueError, match="eval_data is a list"):
        module.predict([1])
