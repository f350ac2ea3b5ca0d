"""``export_model``: what it takes, what it writes, what it refuses."""

import importlib.util
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")
onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

spec = importlib.util.spec_from_file_location(
    "onnx_running", pathlib.Path(__file__).with_name("running.py")
)
running = importlib.util.module_from_spec(spec)
spec.loader.exec_module(running)

RANDOM = np.random.default_rng(5)
DATA = RANDOM.normal(size=(2, 3)).astype("f")
PARAMS = {
    "fc_weight": mx.nd.array(RANDOM.normal(size=(4, 3))),
    "fc_bias": mx.nd.array(RANDOM.normal(size=4)),
    "bn_gamma": mx.nd.ones(4),
    "bn_beta": mx.nd.array(RANDOM.normal(size=4)),
}
AVERAGES = {
    "bn_moving_mean": mx.nd.array(RANDOM.normal(size=4)),
    "bn_moving_var": mx.nd.array(RANDOM.uniform(1, 2, size=4)),
}


def network():
    """A dense layer, batch norm and a loss with a label."""
    dense = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4, name="fc")
    return mx.sym.SoftmaxOutput(mx.sym.BatchNorm(dense, name="bn"), name="softmax")


def expected():
    arrays = {**PARAMS, **AVERAGES, "data": mx.nd.array(DATA), "softmax_label": mx.nd.zeros(2)}
    return running.run_symbol(network(), arrays)


def export(path, sym=None, params=None, shapes=((2, 3),), types=np.float32, **options):
    """Exports the network, or what is given in its place."""
    sym = network() if sym is None else sym
    params = {**PARAMS, **AVERAGES} if params is None else params
    return mx.onnx.export_model(sym, params, list(shapes), types, str(path), **options)


def check_file(path):
    onnx.checker.check_model(str(path), full_check=True)
    running.compare(expected(), running.run_file(path, {"data": DATA}), ["softmax"])


def prefixed():
    return {
        **{f"arg:{name}": array for name, array in PARAMS.items()},
        **{f"aux:{name}": array for name, array in AVERAGES.items()},
    }


@pytest.mark.parametrize("params", [prefixed(), [PARAMS, AVERAGES], [prefixed()]])
def test_dictionaries_of_parameters(params, tmp_path):
    path = tmp_path / "net.onnx"
    assert export(path, params=params) == str(path)
    check_file(path)


def test_files(tmp_path):
    prefix, path = tmp_path / "net", tmp_path / "net.onnx"
    mx.model.save_checkpoint(str(prefix), 3, network(), PARAMS, AVERAGES)
    export(path, f"{prefix}-symbol.json", f"{prefix}-0003.params")
    check_file(path)


def test_older_names_of_arguments(tmp_path):
    path = tmp_path / "net.onnx"
    mx.onnx.export_model(
        network(),
        {**PARAMS, **AVERAGES},
        onnx_file_path=str(path),
        input_type=np.float32,
        input_shape=[(2, 3)],
    )
    check_file(path)


def test_paths_of_the_function():
    assert mx.onnx.mx2onnx.export_model is mx.onnx.export_model


def test_names_stay(tmp_path):
    path = tmp_path / "net.onnx"
    export(path)
    graph = onnx.load(path).graph
    assert [each.name for each in graph.input] == ["data"]
    assert [each.name for each in graph.output] == ["softmax"]
    assert {each.name for each in graph.initializer} >= set(PARAMS) - {"bn_gamma"} | set(AVERAGES)
    # Values inside have their names, too.
    assert {"fc", "bn"} <= {name for node in graph.node for name in node.output}


def test_names_of_outputs_are_those_of_1_9_1(tmp_path):
    """A node of several outputs numbers them."""
    parts = mx.sym.SliceChannel(mx.sym.Variable("data"), num_outputs=3, name="parts")
    symbol = mx.sym.Group([parts[0], parts[2], mx.sym.relu(parts[1], name="positive")])
    path = tmp_path / "net.onnx"
    mx.onnx.export_model(symbol, {}, [(2, 3)], np.float32, str(path))
    got = running.run_file(path, {"data": DATA})
    assert list(got) == ["parts0", "parts2", "positive"]
    np.testing.assert_array_equal(got["parts2"], DATA[:, 2:])


def test_one_node_for_each_simple_layer(tmp_path):
    path = tmp_path / "net.onnx"
    export(path)
    kinds = [node.op_type for node in onnx.load(path).graph.node]
    assert kinds == ["Gemm", "BatchNormalization", "Softmax"]


def test_nodes_of_one_name(tmp_path):
    """Names of nodes need not be unique; those of values in ONNX are."""
    data = mx.sym.Variable("data")
    first = mx.sym.Activation(data, act_type="relu", name="same")
    second = mx.sym.Activation(data + 1, act_type="tanh", name="same")
    path = tmp_path / "net.onnx"
    mx.onnx.export_model(first + second, {}, [(2, 3)], np.float32, str(path))
    got = list(running.run_file(path, {"data": DATA}).values())[0]
    np.testing.assert_allclose(got, np.maximum(DATA, 0) + np.tanh(DATA + 1), rtol=1e-5)


def test_outputs_that_are_inputs_constants_or_the_same(tmp_path):
    data = mx.sym.Variable("data")
    double = data * 2
    symbol = mx.sym.Group([data, double, double, mx.sym.zeros((1, 2)), mx.sym.Variable("w")])
    path = tmp_path / "net.onnx"
    weight = mx.nd.array([5, 6])
    mx.onnx.export_model(symbol, {"w": weight}, [(2, 3)], np.float32, str(path))
    onnx.checker.check_model(str(path), full_check=True)
    got = list(running.run_file(path, {"data": DATA}).values())
    for found, want in zip(got, [DATA, DATA * 2, DATA * 2, np.zeros((1, 2)), [5, 6]]):
        np.testing.assert_array_equal(found, want)
    assert len(got) == 5


def test_an_output_named_as_an_input(tmp_path):
    data = mx.sym.Variable("data")
    symbol = mx.sym.Group([mx.sym.relu(data, name="data"), data, data])
    path = tmp_path / "net.onnx"
    mx.onnx.export_model(symbol, {}, [(2, 3)], np.float32, str(path))
    onnx.checker.check_model(str(path), full_check=True)
    got = running.run_file(path, {"data": DATA})
    assert len(got) == 3
    for found, want in zip(got.values(), (np.maximum(DATA, 0), DATA, DATA)):
        np.testing.assert_array_equal(found, want)


def test_numbers_and_arrays_of_numpy(tmp_path):
    path = tmp_path / "net.onnx"
    params = {name: array.asnumpy() for name, array in {**PARAMS, **AVERAGES}.items()}
    export(path, params=params, shapes=[tuple(np.array([2, 3]))])
    check_file(path)
    dims = onnx.load(path).graph.input[0].type.tensor_type.shape.dim
    assert [each.dim_value for each in dims] == [2, 3]


def test_inputs_of_several_types(tmp_path):
    table, words = mx.sym.Variable("table"), mx.sym.Variable("words")
    symbol = mx.sym.take(table, words, name="taken")
    feeds = {"table": DATA, "words": np.array([1, 0, 1], "int32")}
    running.check(symbol, {}, feeds, tmp_path / "net.onnx")


def test_an_operator_without_a_table(tmp_path):
    symbol = mx.sym.fill_element_0index(*(mx.sym.Variable(name) for name in "abc"))
    feeds = {"a": np.zeros((2, 3), "f"), "b": np.array([7, 8], "f"), "c": np.array([2, 9], "f")}
    running.check(symbol, {}, feeds, tmp_path / "net.onnx")


def test_half_precision(tmp_path):
    path = tmp_path / "net.onnx"
    symbol = mx.sym.relu(mx.sym.Variable("data"), name="out")
    mx.onnx.export_model(symbol, {}, [(2, 3)], np.float16, str(path))
    got = running.run_file(path, {"data": DATA.astype("f2")})["out"]
    assert got.dtype == np.float16
    np.testing.assert_array_equal(got, np.maximum(DATA.astype("f2"), 0))


def test_parameters_beside_the_file(tmp_path):
    path = tmp_path / "net.onnx"
    export(path, large_model=True)
    check_file(path)
    (tensor,) = (t for t in onnx.load(path, load_external_data=False).graph.initializer
                 if t.name == "fc_weight")  # fmt: skip
    where = {each.key: each.value for each in tensor.external_data}
    assert where["location"] == "net.onnx.data"
    assert int(where["offset"]) % 64 == 0
    assert (tmp_path / "net.onnx.data").exists()


def test_large_models_have_a_second_file(tmp_path, monkeypatch):
    """The limit of a message is made small in place of a network of 2 GB."""
    from mxnet.onnx.writing import files

    monkeypatch.setattr(files, "_LARGEST_MESSAGE", 1000)
    path = tmp_path / "net.onnx"
    export(path)
    assert (tmp_path / "net.onnx.data").exists()
    check_file(path)


def test_parameters_are_not_copied(tmp_path):
    """They go to the file one after the other."""
    import tracemalloc

    size = 1 << 22
    weights = {f"w{i}": mx.nd.ones((4, size // 4)) for i in range(8)}
    symbol = mx.sym.add_n(*(mx.sym.Variable(name) for name in weights))
    symbol = mx.sym.broadcast_add(symbol, mx.sym.Variable("data"))
    tracemalloc.start()
    try:
        mx.onnx.export_model(symbol, weights, [(4, 1)], np.float32, str(tmp_path / "net.onnx"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * size * 4  # one of eight, and what the file's writer holds


def test_nothing_is_left_of_a_failure(tmp_path):
    with pytest.raises(NotImplementedError):
        export(tmp_path / "net.onnx", mx.sym.linalg.syevd(DATA_SYMBOL), {}, [(3, 3)])
    assert not list(tmp_path.iterdir())


def test_sizes_that_vary(tmp_path):
    path = tmp_path / "net.onnx"
    export(path, dynamic=True)
    graph = onnx.load(path).graph
    assert graph.input[0].type.tensor_type.shape.dim[0].dim_param == "batch"
    got = running.run_file(path, {"data": np.tile(DATA, (3, 1))})["softmax"]
    np.testing.assert_allclose(got, np.tile(expected()[0], (3, 1)), rtol=1e-5)


def test_stored_shapes(tmp_path):
    path = tmp_path / "net.onnx"
    export(path, run_shape_inference=True)
    check_file(path)
    shapes = {
        each.name: [d.dim_value for d in each.type.tensor_type.shape.dim]
        for each in onnx.load(path).graph.value_info
    }
    assert shapes["fc"] == [2, 4]


@pytest.mark.parametrize("opset", [13, onnx.defs.onnx_opset_version()])
def test_opsets(opset, tmp_path):
    path = tmp_path / "net.onnx"
    export(path, opset_version=opset)
    assert onnx.load(path).opset_import[0].version == opset
    onnx.checker.check_model(str(path), full_check=True)


def test_random_numbers(tmp_path):
    """Each run draws others, from the distribution that the network names."""
    symbol = mx.sym.Group(
        [
            mx.sym.random.normal(2, 3, shape=(5000,)),
            mx.sym.random.uniform(-1, 3, shape=(5000,)),
            mx.sym.random.normal_like(DATA_SYMBOL, loc=2, scale=3),
            mx.sym.random.uniform_like(DATA_SYMBOL, low=-1, high=3),
        ]
    )
    path = tmp_path / "net.onnx"
    mx.onnx.export_model(symbol, {}, [(5000,)], np.float32, str(path))
    got = list(running.run_file(path, {"data": np.zeros(5000, "f")}).values())
    for values, mean, deviation in zip(got, (2, 1, 2, 1), (3, 4 / 12**0.5, 3, 4 / 12**0.5)):
        assert values.shape == (5000,)
        assert abs(values.mean() - mean) < 0.3 and abs(values.std() - deviation) < 0.3
    assert not np.array_equal(got[0], got[2])


def test_drawn_classes(tmp_path):
    probabilities = np.array([[0.1, 0.9, 0], [0.5, 0, 0.5]], "f")
    path = tmp_path / "net.onnx"
    symbol = mx.sym.random.multinomial(DATA_SYMBOL, shape=2000, get_prob=False)
    mx.onnx.export_model(symbol, {}, [(2, 3)], np.float32, str(path))
    (got,) = running.run_file(path, {"data": probabilities}).values()
    assert got.shape == (2, 2000) and got.dtype == np.int32
    for row, wanted in zip(got, probabilities):
        found = np.bincount(row, minlength=3) / 2000
        np.testing.assert_allclose(found, wanted, atol=0.06)


def test_list_of_operators():
    oldest, newest = mx.onnx.get_operator_support(13), mx.onnx.get_operator_support()
    assert "Convolution" in oldest
    assert set(newest) - set(oldest) >= {"BilinearSampler", "col2im"}
    assert "_linalg_syevd" not in newest


DATA_SYMBOL = mx.sym.Variable("data")
REFUSED = [
    (
        "has no meaning in ONNX",
        mx.sym.linalg.syevd(DATA_SYMBOL, name="g")[0],
        ["_linalg_syevd:", "'g'"],
    ),
    (
        "draws random numbers",
        mx.sym.Dropout(DATA_SYMBOL, mode="always", name="d"),
        ["Dropout: mode='always'", "'d'"],
    ),
    ("opset_version=16", mx.sym.BilinearSampler(DATA_SYMBOL, DATA_SYMBOL), ["BilinearSampler:"]),
    (
        "bfloat16 has no numbers",
        mx.sym.Cast(DATA_SYMBOL, dtype="bfloat16") + 1,
        ["float16 or float32"],
    ),
    ("needs the size of axis 0", mx.sym.diag(DATA_SYMBOL, name="q"), ["diag:", "fixed size"]),
]


@pytest.mark.parametrize("text, symbol, parts", REFUSED, ids=[each[0] for each in REFUSED])
def test_refusals_name_operator_node_and_a_way_out(text, symbol, parts, tmp_path):
    has_batch = "Bilinear" in symbol.name.title() or symbol.name == "g"
    shape = (1, 2, 4, 4) if has_batch else (4, 4)
    with pytest.raises(NotImplementedError, match=text) as caught:
        export(tmp_path / "net.onnx", symbol, {}, [shape], opset_version=13, dynamic=True)
    message = str(caught.value)
    assert "\n" not in message
    assert "; " in message
    for part in parts:
        assert part in message


def test_a_forgotten_parameter_is_an_error(monkeypatch, tmp_path):
    """A translation that does not ask for a parameter cannot change what a network computes."""
    from mxnet.onnx.writing import registry

    found = registry.translation_of("Activation")
    monkeypatch.setitem(
        registry._TRANSLATIONS,
        "Activation",
        registry.Translation(lambda node, g: g.Relu(node.inputs[0]), (), (), 13, "one"),
    )
    symbol = mx.sym.Activation(DATA_SYMBOL, act_type="tanh", name="act")
    with pytest.raises(NotImplementedError, match="Activation: act_type='tanh' of node 'act'"):
        export(tmp_path / "net.onnx", symbol, {})
    assert found.function.__name__ == "activation"


@pytest.mark.parametrize(
    "change, kind, text",
    [
        ({"shapes": [(2, 3), (2,)]}, ValueError, "in_shapes=.* has 2 shapes; one for each input"),
        ({"shapes": []}, ValueError, "has 0 shapes.*: data"),
        ({"types": [np.float32] * 2}, ValueError, "in_types has 2 dtypes"),
        ({"shapes": [(2, 5)]}, ValueError, "in_shapes do not fit the network: .*fc"),
        ({"opset_version": 12}, ValueError, "opset_version=12 cannot be written; .* from 13 to"),
        ({"opset_version": 999}, ValueError, "opset_version=999"),
        ({"params": 3}, TypeError, "params is a int"),
        ({"params": PARAMS}, ValueError, "params has no 'bn_moving_mean'"),
        (
            {"dynamic": True, "dynamic_input_shapes": [(None,)]},
            ValueError,
            "dynamic_input_shapes=.* do not fit",
        ),
    ],
)
def test_wrong_arguments(change, kind, text, tmp_path):
    with pytest.raises(kind, match=text) as caught:
        export(tmp_path / "net.onnx", **change)
    assert isinstance(caught.value, mx.base.MXNetError)
    assert not list(tmp_path.iterdir())


def test_without_the_package():
    """It is asked for by the first call, and its lack is one line."""
    program = """
import sys
sys.modules["onnx"] = None
import mxnet as mx
assert "Convolution" in mx.onnx.get_operator_support()
try:
    mx.onnx.export_model(mx.sym.Variable("x") + 1, {}, [(1,)], onnx_file_path="never.onnx")
except ImportError as error:
    print(error)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, timeout=60
    )
    assert done.stdout == (
        "mxnet.onnx: the package onnx is missing; 'pip install remx[onnx]' is expected\n"
    ), done.stderr


@pytest.mark.parametrize("large_model", [False, True])
def test_missing_folder(large_model, tmp_path):
    with pytest.raises(OSError, match="onnx_file_path=.* cannot be written .No such") as caught:
        export(tmp_path / "nowhere" / "net.onnx", large_model=large_model)
    assert isinstance(caught.value, mx.base.MXNetError)


def test_a_file_is_replaced_when_the_new_one_is_complete(tmp_path, monkeypatch):
    from mxnet.onnx.writing import files

    path = tmp_path / "net.onnx"
    export(path)
    before = path.read_bytes()

    def fail(array):
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "_bytes_of", fail)
    with pytest.raises(KeyboardInterrupt):
        export(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_rows_of_sparse_arrays_are_rows_of_dense_ones(tmp_path):
    symbol = mx.sym._internal._sparse_retain(mx.sym.var("data"), mx.sym.var("rows"))
    data = np.arange(8, dtype=np.float32).reshape(4, 2)
    feeds = {"data": data, "rows": np.array([3, 1, 3], np.int64)}
    path = tmp_path / "net.onnx"
    mx.onnx.export_model(symbol, {}, [(4, 2), (3,)], [np.float32, np.int64], str(path))
    (found,) = running.run_file(path, feeds).values()
    np.testing.assert_array_equal(found, [[0, 0], [2, 3], [0, 0], [6, 7]])


def test_turned_weights_are_made_one_after_the_other(tmp_path):
    """Dense layers over the last axis want turned weights, of which no second copy is held."""
    import tracemalloc

    units, layers = 512, 8
    sym, params = mx.sym.var("data"), {}
    for i in range(layers):
        sym = mx.sym.FullyConnected(
            sym, num_hidden=units, flatten=False, no_bias=True, name=f"fc{i}"
        )
        params[f"fc{i}_weight"] = mx.nd.random.uniform(-0.1, 0.1, (units, units))
    feeds = {"data": np.random.default_rng(0).normal(size=(2, 3, units)).astype("f")}
    running.check(sym, params, feeds, tmp_path / "net.onnx")
    tracemalloc.start()
    mx.onnx.export_model(sym, params, [(2, 3, units)], np.float32, str(tmp_path / "net.onnx"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < layers * units * units * 4 / 2
