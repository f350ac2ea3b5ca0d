"""Module: shapes, names, parameters and errors; for numbers see test_frontend_results.py."""

from collections import namedtuple

import numpy as np
import pytest

import mxnet as mx

Batch = namedtuple("Batch", ["data"])
DATA = np.random.RandomState(0).randn(6, 4).astype("float32")
LABEL = np.array([0, 1, 2, 0, 1, 2], dtype="float32")


def network(name="softmax"):
    x = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=5, name="fc1")
    x = mx.sym.BatchNorm(x, name="bn", fix_gamma=False)
    x = mx.sym.FullyConnected(x, num_hidden=3, name="fc2")
    return mx.sym.SoftmaxOutput(x, name=name)


def bound(size=5, for_training=True, **options):
    module = mx.mod.Module(network(), **options)
    labels = [("softmax_label", (size,))] if for_training else None
    module.bind([("data", (size, 4))], labels, for_training=for_training)
    return module


@pytest.fixture
def trained():
    module = bound()
    mx.random.seed(5)
    module.init_params(mx.init.Xavier())
    return module


@pytest.fixture
def params(trained):
    return trained.get_params()


def outputs(module, data, **options):
    module.forward(Batch([mx.nd.array(data)]), **options)
    return module.get_outputs()[0].asnumpy()


def assert_error(call, message):
    with pytest.raises(mx.MXNetError, match=message) as caught:
        call()
    return caught.value


def test_properties():
    module = mx.mod.Module(network())
    assert (module.data_names, module.label_names) == (["data"], ["softmax_label"])
    assert module.output_names == ["softmax_output"]
    assert not (module.binded or module.params_initialized or module.optimizer_initialized)
    module.bind([("data", (5, 4))], [("softmax_label", (5,))])
    assert module.binded and module.for_training and not module.inputs_need_grad
    assert (module.data_shapes, module.label_shapes) == (
        [("data", (5, 4))],
        [("softmax_label", (5,))],
    )
    assert module.output_shapes == [("softmax_output", (5, 3))]
    assert module.symbol.list_outputs() == ["softmax_output"]


@pytest.mark.parametrize(
    "step",
    [
        lambda m: m.data_shapes,
        lambda m: m.output_shapes,
        lambda m: m.get_params(),
        lambda m: m.forward(Batch([mx.nd.ones((5, 4))])),
        lambda m: m.get_outputs(),
        lambda m: m.init_params(),
        lambda m: m.init_optimizer(),
        lambda m: m.update(),
        lambda m: m.reshape([("data", (2, 4))]),
        lambda m: m.save_params("never"),
        lambda m: m.predict(mx.nd.ones((5, 4))),
    ],
)
def test_everything_needs_bind_first(step):
    assert_error(lambda: step(mx.mod.Module(network())), "not bound; call bind")


@pytest.mark.parametrize(
    "step",
    [
        lambda m: m.get_params(),
        lambda m: m.forward(Batch([mx.nd.ones((5, 4))])),
        lambda m: m.init_optimizer(),
    ],
)
def test_running_needs_parameters_first(step):
    assert_error(lambda: step(bound()), "its parameters have no values; call init_params")


def test_update_needs_an_optimizer_first(trained):
    assert_error(trained.update, "no optimizer; call init_optimizer")


@pytest.mark.parametrize(
    "options, message",
    [
        ({"data_names": ["dat"]}, r"data_names=\['dat'\] names 'dat'.*data, softmax_label"),
        ({"fixed_param_names": ["fc9"]}, "fixed_param_names=.*names 'fc9'"),
        ({"state_names": ["h"]}, "state_names=.*names 'h'"),
        ({"work_load_list": [1, 2]}, "one for each of the 1 devices"),
    ],
)
def test_names_are_checked(options, message):
    error = assert_error(lambda: mx.mod.Module(network(), **options), message)
    assert isinstance(error, ValueError)


def test_unknown_label_name_only_warns():
    with pytest.warns(UserWarning, match="label_names=.*names 'lab'"):
        mx.mod.Module(network(), label_names=["lab"])


@pytest.mark.parametrize(
    "shapes, message",
    [
        ([("dat", (5, 4))], r"data_shapes names \['dat'\]; \['data'\] is expected"),
        ([("data", (5, 4)), ("x", (5,))], r"data_shapes names \['data', 'x'\]"),
        ([], r"data_shapes names \[\]"),
        ([("data", 5)], r"data_shapes has the entry \('data', 5\); pairs of name and shape"),
    ],
)
def test_data_shapes_are_checked(shapes, message):
    assert_error(lambda: mx.mod.Module(network()).bind(shapes), message)


def test_other_bind_arguments_are_checked():
    shapes = [("data", (5, 4))]
    module = mx.mod.Module(network())
    assert_error(
        lambda: module.bind(shapes, [("softmax_label", (4,))]),
        r"softmax_label has the shape \(4,\)",
    )
    assert_error(
        lambda: module.bind(shapes, for_training=False, inputs_need_grad=True),
        "inputs_need_grad=True needs gradients",
    )
    assert_error(lambda: module.bind(shapes, grad_req="wrote"), "grad_req='wrote' of data")
    assert_error(lambda: module.bind(shapes, grad_req=["write"]), "grad_req has 1 entries")
    assert not module.binded


def test_binding_again_is_ignored_or_forced(trained, caplog):
    before = trained.get_params()[0]["fc1_weight"].asnumpy()
    trained.bind([("data", (3, 4))])
    assert caplog.messages == ["Already bound, ignoring bind()"]
    assert trained.data_shapes == [("data", (5, 4))]
    trained.bind([("data", (3, 4))], for_training=False, force_rebind=True)
    assert trained.data_shapes == [("data", (3, 4))] and trained.params_initialized
    np.testing.assert_array_equal(trained.get_params()[0]["fc1_weight"].asnumpy(), before)
    assert outputs(trained, DATA[:3]).shape == (3, 3)


def test_initialized_parameters_stay(trained):
    before = trained.get_params()[0]["fc1_weight"].asnumpy()
    with pytest.warns(UserWarning, match="force_init=True replaces them"):
        trained.init_params(mx.init.One())
    np.testing.assert_array_equal(trained.get_params()[0]["fc1_weight"].asnumpy(), before)
    trained.init_params(mx.init.One(), force_init=True)
    assert (trained.get_params()[0]["fc1_weight"].asnumpy() == 1).all()


def test_copies_are_handed_out(trained):
    arg_params, _ = trained.get_params()
    before = outputs(trained, DATA[:5], is_train=False)
    arg_params["fc2_weight"][:] = 0
    np.testing.assert_array_equal(outputs(trained, DATA[:5], is_train=False), before)


def test_set_params(params):
    module = bound(2, for_training=False)
    arg_params, aux_params = params
    module.set_params({**arg_params, "extra": mx.nd.ones(1)}, aux_params)
    np.testing.assert_array_equal(
        module.get_params()[0]["fc2_weight"].asnumpy(), arg_params["fc2_weight"].asnumpy()
    )
    module.set_params({"fc1_bias": mx.nd.ones(5)}, {}, allow_missing=True)
    assert module.get_params()[0]["fc1_bias"].asnumpy().tolist() == [1] * 5
    with pytest.warns(UserWarning, match="the parameters have values"):
        module.set_params({"fc1_bias": mx.nd.zeros(5)}, {}, allow_missing=True, force_init=False)
    assert module.get_params()[0]["fc1_bias"].asnumpy().tolist() == [1] * 5


def test_set_params_errors(params):
    module = bound(2, for_training=False)
    arg_params, aux_params = params
    without = {name: array for name, array in arg_params.items() if name != "fc2_bias"}
    assert_error(
        lambda: module.set_params(without, aux_params), "fc2_bias is missing in arg_params"
    )
    assert_error(lambda: module.set_params(arg_params, {}), "bn_moving_mean is missing in aux")
    assert_error(lambda: module.set_params(arg_params, None), "aux_params is not given")
    wrong = {**arg_params, "fc1_weight": mx.nd.ones((4, 5))}
    assert_error(
        lambda: module.set_params(wrong, aux_params),
        r"fc1_weight has the shape \(4, 5\); \(5, 4\) is expected",
    )
    extra = {"extra": mx.nd.ones(1)}
    assert_error(
        lambda: module.set_params(extra, {}, allow_missing=True), "parameter extra is not in the"
    )
    module.set_params(extra, {}, allow_missing=True, allow_extra=True)


@pytest.mark.parametrize("names", [None, ["softmax_label"]])
def test_prediction_needs_no_labels(params, names):
    module = mx.mod.Module(network(), label_names=names)
    module.bind(for_training=False, data_shapes=[("data", (1, 4))])
    module.set_params(*params)
    single = np.concatenate([outputs(module, DATA[i : i + 1]) for i in range(6)])
    np.testing.assert_allclose(outputs(module, DATA), single, rtol=1e-5)
    assert module.label_shapes is None


def test_label_under_another_name(params):
    with pytest.warns(UserWarning, match="label_names"):
        module = mx.mod.Module(network("prob"))
    module.bind(for_training=False, data_shapes=[("data", (1, 4))])
    module.set_params(*params)
    assert sorted(module.get_params()[0]) == sorted(params[0])
    np.testing.assert_allclose(outputs(module, DATA[:2]).sum(1), [1, 1], rtol=1e-5)


def test_other_kinds_of_data_are_converted(params):
    module = bound(3, for_training=False)
    module.set_params(*params)
    wanted = outputs(module, DATA[:3])
    module.forward(Batch([DATA[:3]]))
    np.testing.assert_array_equal(module.get_outputs()[0].asnumpy(), wanted)
    module.forward(Batch([mx.nd.array(DATA[:3], dtype="float64")]))
    np.testing.assert_array_equal(module.get_outputs()[0].asnumpy(), wanted)
    np.testing.assert_array_equal(module.predict(DATA[:3]).asnumpy(), wanted)


def test_batches_that_do_not_fit(trained):
    good = outputs(trained, DATA[:5], is_train=False)
    for data, message in (
        ([mx.nd.ones((3, 2))], r"data=\(3, 2\) does not fit.*fc1_weight"),
        ([mx.nd.ones(4)], r"data=\(4,\)"),
        ([mx.nd.ones((5, 4))] * 2, "data_batch.data has 2 arrays"),
        ([], "data_batch.data has 0 arrays"),
    ):
        assert_error(lambda data=data: trained.forward(Batch(data)), message)
    assert trained.data_shapes == [("data", (5, 4))]
    np.testing.assert_array_equal(outputs(trained, DATA[:5], is_train=False), good)


def test_labels_follow_the_batch(trained):
    batch = mx.io.DataBatch([mx.nd.array(DATA[:2])], [mx.nd.array(LABEL[:2])])
    trained.forward_backward(batch)
    assert trained.label_shapes == [("softmax_label", (2,))]
    trained.forward(Batch([mx.nd.array(DATA[:3])]))
    assert trained.label_shapes is None
    trained.forward_backward(batch)
    assert trained.label_shapes == [("softmax_label", (2,))]


def test_parameters_keep_their_arrays_when_shapes_change(trained):
    weight = trained._exec_group.param_arrays[0][0]
    trained.reshape([("data", (2, 4))], [("softmax_label", (2,))])
    assert trained._exec_group.param_arrays[0][0] is weight


def test_prediction_has_no_gradients(params):
    module = bound(2, for_training=False)
    module.set_params(*params)
    outputs(module, DATA[:2])
    assert_error(module.backward, "bound for prediction")
    assert_error(module.get_input_grads, "without gradients of its inputs")


def test_states_are_set():
    both = mx.sym.Variable("data") + mx.sym.Variable("state")
    module = mx.mod.Module(both, label_names=None, state_names=["state"])
    module.bind([("data", (1, 2))], for_training=False)
    module.init_params()
    module.set_states(value=2)
    assert outputs(module, [[0, 1]]).tolist() == [[2, 3]]
    module.set_states(states=[mx.nd.array([[5, 6]])])
    assert outputs(module, [[0, 1]]).tolist() == [[5, 7]]
    assert module.get_states()[0].asnumpy().tolist() == [[5, 6]]
