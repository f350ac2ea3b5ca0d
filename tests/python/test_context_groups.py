"""Parts of a network on several devices: the same numbers as on one, arrays where they belong."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd, sym

GROUPS = {"first": mx.cpu(1), "second": mx.cpu(2)}


def network():
    """Two layers in two groups, a shortcut between them, and a loss in none."""
    data = sym.Variable("data")
    with mx.AttrScope(ctx_group="first"):
        x = sym.FullyConnected(data, num_hidden=8, name="fc1")
        x = sym.Activation(x, act_type="tanh", name="act1")
    with mx.AttrScope(ctx_group="second"):
        y = sym.BatchNorm(sym.FullyConnected(x, num_hidden=8, name="fc2"), name="bn")
        y = sym.Activation(y + x, act_type="relu", name="act2")
    with mx.AttrScope(ctx_group="first"):
        z = sym.FullyConnected(y * x, num_hidden=3, name="fc3")
    return sym.SoftmaxOutput(z, sym.Variable("label"), name="softmax")


def bound(group2ctx, for_training=True):
    executor = network().simple_bind(
        mx.cpu(),
        grad_req="write" if for_training else "null",
        group2ctx=group2ctx,
        data=(4, 5),
        label=(4,),
    )
    state = np.random.RandomState(0)
    for name, array in executor.arg_dict.items():
        values = state.uniform(-1, 1, array.shape)
        array[:] = np.arange(4) % 3 if name == "label" else values
    executor.aux_dict["bn_moving_var"][:] = 1
    return executor


def test_training_gives_the_same_numbers():
    one, several = bound(None), bound(GROUPS)
    for _ in range(2):
        for executor in (one, several):
            executor.forward(is_train=True)
            executor.backward()
    np.testing.assert_allclose(several.outputs[0].asnumpy(), one.outputs[0].asnumpy(), rtol=1e-5)
    for kind in ("grad_dict", "aux_dict"):
        for name, array in getattr(one, kind).items():
            found = getattr(several, kind)[name]
            np.testing.assert_allclose(found.asnumpy(), array.asnumpy(), rtol=1e-4, atol=1e-5)


def test_prediction_gives_the_same_numbers():
    found = [bound(groups, False).forward()[0].asnumpy() for groups in (None, GROUPS)]
    np.testing.assert_allclose(*found, rtol=1e-5)


def test_arrays_are_where_their_groups_are():
    executor = bound(GROUPS)
    for name, context in (
        ("data", mx.cpu(0)),
        ("fc1_weight", mx.cpu(1)),
        ("fc2_bias", mx.cpu(2)),
        ("fc3_weight", mx.cpu(1)),
    ):
        assert executor.arg_dict[name].context == context, name
        assert executor.grad_dict[name].context == context, name
    assert executor.aux_dict["bn_moving_mean"].context == mx.cpu(2)


def test_operators_run_where_their_group_is():
    a = sym.Variable("a")
    with mx.AttrScope(ctx_group="first"):
        b = sym.exp(a, name="b")
    with mx.AttrScope(ctx_group="second"):
        c = sym.log(b, name="c")
    executor = sym.Group([b, c]).bind(
        mx.cpu(), {"a": nd.ones((2,))}, {"a": nd.zeros((2,))}, group2ctx=GROUPS
    )
    executor.forward(is_train=True)
    assert [output.context for output in executor.outputs] == [mx.cpu(1), mx.cpu(2)]
    executor.backward([nd.ones((2,), mx.cpu(1)), nd.ones((2,), mx.cpu(2))])
    np.testing.assert_allclose(executor.grad_dict["a"].asnumpy(), [np.e + 1] * 2, rtol=1e-5)
    shown = []
    executor.set_monitor_callback(lambda name, array: shown.append((name, array.context)))
    executor.forward()
    assert ("b_output", mx.cpu(1)) in shown and ("c_output", mx.cpu(2)) in shown


def test_executors_are_reshaped_with_their_groups():
    executor = bound(GROUPS).reshape(data=(2, 5), label=(2,))
    assert executor.forward()[0].shape == (2, 3)
    assert executor.arg_dict["fc1_weight"].context == mx.cpu(1)


@pytest.mark.parametrize(
    "contexts, groups",
    [
        (mx.cpu(), GROUPS),
        ([mx.cpu(0), mx.cpu(3)], {"first": [mx.cpu(1), mx.cpu(4)], "second": mx.cpu(2)}),
        ([mx.cpu(0), mx.cpu(3)], [GROUPS, {"first": mx.cpu(4)}]),
    ],
)
def test_modules_train(contexts, groups):
    state = np.random.RandomState(0)
    data = state.uniform(-1, 1, (40, 5)).astype("f")
    labels = (data @ state.randn(5, 3)).argmax(axis=1)
    weights = []
    for given in (None, groups):
        mx.random.seed(0)
        np.random.seed(0)
        batches = mx.io.NDArrayIter(data, labels, batch_size=8, label_name="label")
        module = mx.mod.Module(network(), label_names=["label"], context=contexts, group2ctxs=given)
        module.fit(batches, num_epoch=2, optimizer_params={"learning_rate": 0.5})
        weights.append(module.get_params()[0])
    for name, array in weights[0].items():
        np.testing.assert_allclose(
            weights[1][name].asnumpy(), array.asnumpy(), rtol=1e-3, atol=1e-4
        )


def test_groups_must_fit_the_devices():
    with pytest.raises(ValueError, match=r"group2ctxs\['first'\] has 3 entries; expected 2"):
        module = mx.mod.Module(
            network(),
            label_names=["label"],
            context=[mx.cpu(0), mx.cpu(1)],
            group2ctxs={"first": [mx.cpu(0)] * 3},
        )
        module.bind([("data", (4, 5))], [("label", (4,))])


def test_files_of_1_9_1_with_copies_between_devices():
    symbol = sym._internal._CrossDeviceCopy(sym.Variable("a"), name="copy")
    executor = sym.load_json(symbol.tojson()).bind(
        mx.cpu(), {"a": nd.array([1, 2])}, {"a": nd.zeros((2,))}
    )
    np.testing.assert_array_equal(executor.forward(is_train=True)[0].asnumpy(), [1, 2])
    executor.backward(nd.array([3, 4]))
    np.testing.assert_array_equal(executor.grad_dict["a"].asnumpy(), [3, 4])
