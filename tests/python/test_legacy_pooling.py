"""Graphs of 2015 whose Pooling rounded up; see docs/formats/legacy_pooling.md."""

import json
import warnings

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")

MAXIMUM = {"pool_type": "max", "stride": "(2, 2)"}


def node(op, name, inputs=(), param=None):
    return {"op": op, "name": name, "inputs": [[i, 0] for i in inputs], "param": param or {}}


def branches(arguments="param", **options):
    """Two poolings that meet in Concat: 5x5 gives 2x2 or 3x3 in the first, 3x3 in the second."""
    nodes = [
        node("null", "data"),
        node("Pooling", "first", [0], {**MAXIMUM, "kernel": "(2, 2)", **options}),
        node("Pooling", "second", [0], {**MAXIMUM, "kernel": "(3, 3)", "pad": "(1, 1)"}),
        node("Concat", "both", [1, 2], {"num_args": "2"}),
    ]
    for each in nodes:
        each[arguments] = each.pop("param")
    return json.dumps({"nodes": nodes, "arg_nodes": [0], "heads": [[3, 0]]})


def dense():
    """Infers both ways, with another weight: 5x5 gives 4 or 9 inputs of the dense layer."""
    nodes = [
        node("null", "data"),
        node("Pooling", "pool", [0], {**MAXIMUM, "kernel": "(2, 2)"}),
        node("Flatten", "flatten", [1]),
        node("null", "fc_weight"),
        node("null", "fc_bias"),
        node("FullyConnected", "fc", [2, 3, 4], {"num_hidden": "2", "no_bias": "False"}),
    ]
    return json.dumps({"nodes": nodes, "arg_nodes": [0, 3, 4], "heads": [[5, 0]]})


def convention(symbol, name):
    return symbol.attr_dict()[name].get("pooling_convention")


@pytest.fixture
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_sizes_that_fit_stay_as_in_1_9_1(no_warnings):
    symbol = mx.sym.load_json(branches())
    _, outputs, _ = symbol.infer_shape(data=(1, 1, 6, 6))
    assert outputs == [(1, 2, 3, 3)]


def test_sizes_that_do_not_fit_round_up_with_one_warning():
    symbol = mx.sym.load_json(branches())
    with pytest.warns(UserWarning, match="rounds up, as it did before July 2016.*both") as caught:
        for _ in range(3):
            _, outputs, _ = symbol.infer_shape(data=(1, 1, 5, 5))
            assert outputs == [(1, 2, 3, 3)]
            symbol.simple_bind(mx.cpu(), data=(1, 1, 5, 5))
    assert len(caught) == 1
    assert convention(symbol, "first") is None


@pytest.mark.parametrize("arguments", ["attr", "attrs"])
def test_younger_files_are_not_in_doubt(arguments):
    symbol = mx.sym.load_json(branches(arguments))
    with pytest.raises(mx.MXNetError, match="both"):
        symbol.infer_shape(data=(1, 1, 5, 5))


def test_files_that_name_the_convention_are_not_in_doubt():
    symbol = mx.sym.load_json(branches(pooling_convention="valid"))
    with pytest.raises(mx.MXNetError, match="both"):
        symbol.infer_shape(data=(1, 1, 5, 5))


def test_the_first_error_is_raised_when_neither_fits():
    symbol = mx.sym.load_json(branches(kernel="(3, 3)"))
    with pytest.raises(mx.MXNetError, match="both"):
        symbol.infer_shape(data=(1, 1, 5, 5))


def test_executors_keep_what_was_settled():
    symbol = mx.sym.load_json(branches())
    data = mx.nd.arange(25).reshape((1, 1, 5, 5))
    with pytest.warns(UserWarning, match="rounds up"):
        executor = symbol.bind(mx.cpu(), {"data": data})
    output = executor.forward()[0].asnumpy()
    assert output.shape == (1, 2, 3, 3)
    np.testing.assert_array_equal(output[0, 0], [[6, 8, 9], [16, 18, 19], [21, 23, 24]])
    assert convention(executor._symbol, "first") == "full"


def test_modules_save_what_was_settled(tmp_path, no_warnings):
    module = mx.mod.Module(mx.sym.load_json(branches()), label_names=None)
    with pytest.warns(UserWarning, match="rounds up"):
        module.bind([("data", (1, 1, 5, 5))], for_training=False)
    module.init_params()
    module.save_checkpoint(str(tmp_path / "x"), 0)
    saved = mx.sym.load(str(tmp_path / "x-symbol.json"))
    assert convention(saved, "first") == convention(saved, "second") == "full"
    assert saved.infer_shape(data=(1, 1, 5, 5))[1] == [(1, 2, 3, 3)]


def test_shapes_of_parameters_decide(no_warnings):
    symbol = mx.sym.load_json(dense())
    assert dict(zip(symbol.list_arguments(), symbol.infer_shape(data=(1, 1, 5, 5))[0]))[
        "fc_weight"
    ] == (2, 4)
    with pytest.warns(UserWarning, match="rounds up"):
        _, outputs, _ = symbol.infer_shape(data=(1, 1, 5, 5), fc_weight=(2, 9))
    assert outputs == [(1, 2)]


@pytest.mark.parametrize("allow_missing", [False, True])
def test_modules_bind_again_for_their_parameters(allow_missing):
    module = mx.mod.Module(mx.sym.load_json(dense()), label_names=None)
    module.bind([("data", (1, 1, 5, 5))], for_training=False)
    args = {"fc_weight": mx.nd.ones((2, 9)), "fc_bias": mx.nd.zeros((2,))}
    with pytest.warns(UserWarning, match="rounds up"):
        module.set_params(args, {}, allow_missing=allow_missing)
    module.forward(mx.io.DataBatch([mx.nd.arange(25).reshape((1, 1, 5, 5))]))
    expected = 6 + 8 + 9 + 16 + 18 + 19 + 21 + 23 + 24
    np.testing.assert_array_equal(module.get_outputs()[0].asnumpy(), [[expected, expected]])
    assert convention(module.symbol, "pool") == "full"


def test_parameters_that_fit_neither_way_are_refused():
    module = mx.mod.Module(mx.sym.load_json(dense()), label_names=None)
    module.bind([("data", (1, 1, 5, 5))], for_training=False)
    args = {"fc_weight": mx.nd.ones((2, 7)), "fc_bias": mx.nd.zeros((2,))}
    with pytest.raises(mx.MXNetError, match="weight"):
        module.set_params(args, {})
