"""Files that are damaged or mean harm give one error each, before anything large is made."""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx
from mxnet.contrib import onnx as onnx_mx

onnx = pytest.importorskip("onnx")
helper, numpy_helper, TensorProto = onnx.helper, onnx.numpy_helper, onnx.TensorProto


def model_of(nodes, initializers=(), shape=(2, 3), opset=17, functions=(), outputs=("y",)):
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        initializers,
    )
    opsets = [helper.make_opsetid("", opset), helper.make_opsetid("own", 1)]
    return helper.make_model(graph, opset_imports=opsets, functions=functions)


def refuses(model, *words):
    """One line that says what is wrong."""
    with pytest.raises(mx.MXNetError) as caught:
        onnx_mx.import_model(model)
    text = str(caught.value)
    assert "\n" not in text
    for word in words:
        assert word in text, text


RELU = helper.make_node("Relu", ["x"], ["y"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", os.urandom(64), b"\x0a" * 500])
def test_no_model(content):
    refuses(content)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_truncated(part):
    weight = numpy_helper.from_array(np.ones((64, 64), np.float32), "w")
    whole = model_of([helper.make_node("MatMul", ["x", "w"], ["y"])], [weight], (2, 64))
    content = whole.SerializeToString()
    refuses(content[: int(len(content) * part)])


def test_old_opset():
    """Opset 6 changed Relu, 7 Add: what opset 7 left as it was is read from older files, too."""
    onnx_mx.import_model(model_of([RELU], opset=6))
    refuses(model_of([RELU], opset=5), "opset=5 of Relu")
    refuses(model_of([helper.make_node("Add", ["x", "x"], ["y"])], opset=6), "opset=6 of Add")
    refuses(model_of([helper.make_node("Mish", ["x"], ["y"])], opset=6), "opset=6 of Mish")


def test_dangling_name():
    refuses(model_of([helper.make_node("Relu", ["nowhere"], ["y"])]), "nowhere")


def test_dangling_output():
    refuses(model_of([RELU], outputs=("y", "z")), "'z'")


@pytest.mark.parametrize("name", ["x", "y", "Relu", "graph"])
def test_names_that_are_no_text(name):
    content = model_of([RELU]).SerializeToString()
    mark = bytes([len(name)]) + name.encode()
    assert mark in content
    refuses(content.replace(mark, mark[:-1] + b"\xff"), "UTF-8")


def test_damage_anywhere():
    """Each byte of a small model changed: a network or one error, never another exception."""
    weight = numpy_helper.from_array(np.ones((3, 2), np.float32), "w")
    node = helper.make_node("Gemm", ["x", "w"], ["y"], alpha=0.5, transB=0)
    content = model_of([node], [weight]).SerializeToString()
    for place in range(len(content)):
        for byte in (0, 0x7F, 0xFF, content[place] ^ 1):
            damaged = content[:place] + bytes([byte]) + content[place + 1 :]
            try:
                onnx_mx.import_model(damaged)
            except mx.MXNetError as caught:
                assert "\n" not in str(caught) and not isinstance(caught, mx.error.InternalError)


def test_damage_of_fields(tmp_path, monkeypatch):
    """A few hundred files damaged by tests/fuzz/fuzz_onnx.py, the same ones each time."""
    path = Path(__file__).parents[3] / "fuzz" / "fuzz_onnx.py"
    spec = importlib.util.spec_from_file_location("fuzz_onnx", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.chdir(tmp_path)
    weight = numpy_helper.from_array(np.ones((3, 2), np.float32), "w")
    sizes = numpy_helper.from_array(np.array([3, 2]), "s")
    whole = [
        model_of([helper.make_node("Gemm", ["x", "w"], ["y"], alpha=0.5)], [weight]),
        model_of([helper.make_node("Reshape", ["x", "s"], ["y"])], [sizes]),
        model_of([helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[2])], shape=(1, 2, 8)),
        model_of(
            [helper.make_node("F", ["x"], ["y"], domain="own")], functions=[function("F", [])]
        ),
    ]
    monkeypatch.setattr(module, "seeds", lambda: whole)
    tried, found = module.fuzz(1, lambda tried: tried < 300)
    assert tried == 300 and found == {}


@pytest.mark.parametrize("number", [-1, 1 << 31, (1 << 63) - 1])
def test_opset_that_is_no_version(number):
    refuses(model_of([helper.make_node("Gelu", ["x"], ["y"])], opset=number), "opset")


def test_gigantic_sizes_beside_none():
    refuses(model_of([RELU], shape=((1 << 63) - 1, 6, 0)), "no shape")


def test_gigantic_places_of_a_pooling():
    node = helper.make_node("MaxPool", ["x"], ["y", "z"], kernel_shape=[5, 5], pads=[2] * 4)
    refuses(model_of([node], shape=(1 << 20, 1, 5, 5)), "bytes")


@pytest.mark.parametrize("steps", [300, 1 << 14])
def test_steps_written_out(steps, monkeypatch):
    """Weights that are inputs make a layer step by step: quick, or refused."""
    monkeypatch.setattr("mxnet.onnx.reading.builder._MOST_OPERATORS", 8000)
    shapes = {"x": (steps, 1, 2), "w": (1, 12, 2), "r": (1, 12, 3)}
    graph = helper.make_graph(
        [helper.make_node("LSTM", ["x", "w", "r"], ["y"], hidden_size=3)],
        "graph",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in shapes.items()],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    if steps > 1000:
        return refuses(model, "operators")
    symbol, _, _ = onnx_mx.import_model(model)
    assert symbol.infer_shape(**shapes)[1] == [(steps, 1, 1, 3)]
    return None


def test_cycle():
    nodes = [helper.make_node("Add", ["x", "b"], ["y"]), helper.make_node("Relu", ["y"], ["b"])]
    refuses(model_of(nodes), "'b'")


def test_tensor_made_twice():
    refuses(model_of([RELU, RELU]), "twice")


def test_names_more_than_once():
    refuses(model_of([RELU], outputs=("y", "y")), "'y' is an output more than once")
    model = model_of([RELU])
    model.graph.input.append(model.graph.input[0])
    refuses(model, "'x' is an input more than once")


def test_unknown_operator_and_domain():
    refuses(model_of([helper.make_node("Nonsense", ["x"], ["y"])]), "Nonsense")
    refuses(model_of([helper.make_node("Relu", ["x"], ["y"], domain="other")]), "other")


def test_no_or_too_many_inputs():
    refuses(model_of([helper.make_node("Relu", [], ["y"])]), "Relu")
    refuses(model_of([helper.make_node("Relu", ["x", "x", "x"], ["y"])]), "Relu")


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("Softmax", {"axis": "last"}),
        ("Softmax", {"axis": 7}),
        ("Transpose", {"perm": [0, 0]}),
        ("Flatten", {"axis": 99}),
        ("Elu", {"alpha": "big"}),
        ("Cast", {"to": 999}),
        ("MaxPool", {"kernel_shape": "abc"}),
        ("MaxPool", {"kernel_shape": [0, 2]}),
        ("AveragePool", {"kernel_shape": [2, 2], "pads": [-1, 0, 0, 0]}),
        ("LeakyRelu", {"alpha": [1, 2]}),
        ("Gemm", {}),
        ("If", {}),
    ],
)
def test_wrong_attributes(name, attributes):
    refuses(model_of([helper.make_node(name, ["x"], ["y"], **attributes)]), name)


def test_shapes_that_do_not_fit():
    weight = numpy_helper.from_array(np.ones((5, 4), np.float32), "w")
    refuses(model_of([helper.make_node("MatMul", ["x", "w"], ["y"])], [weight]), "MatMul")
    refuses(model_of([helper.make_node("Add", ["x", "w"], ["y"])], [weight]), "Add")


@pytest.mark.parametrize("shape", [[-2, 3], [4], [0, 0, 0], [7, -1], [-1, -1]])
def test_wrong_reshape(shape):
    target = numpy_helper.from_array(np.array(shape), "s")
    refuses(model_of([helper.make_node("Reshape", ["x", "s"], ["y"])], [target]), "Reshape")


HUGE = [1 << 20, 1 << 20, 1 << 20]


@pytest.mark.parametrize("name", ["ConstantOfShape", "Expand", "Tile"])
def test_gigantic_result(name):
    sizes = numpy_helper.from_array(np.array(HUGE), "s")
    inputs = ["s"] if name == "ConstantOfShape" else ["x3", "s"]
    nodes = [
        helper.make_node("Unsqueeze", ["x", "zero"], ["x3"]),
        helper.make_node(name, inputs, ["y"]),
    ]
    zero = numpy_helper.from_array(np.array([0]), "zero")
    model = model_of(nodes, [sizes, zero], (1, 1))
    refuses(model, "bytes")


WIDE = 1 << 40


@pytest.mark.parametrize(
    ("name", "shape", "attributes"),
    [
        ("AveragePool", (1, 1, WIDE), {"kernel_shape": [3], "pads": [0, 1]}),
        ("MaxPool", (1, 1, WIDE), {"kernel_shape": [3], "outputs": ["y", "z"]}),
        ("MaxPool", (1, 1, WIDE), {"kernel_shape": [WIDE >> 4], "dilations": [2]}),
        ("Hardmax", (2, WIDE), {}),
        ("Trilu", (WIDE, WIDE), {}),
        ("EyeLike", (WIDE, WIDE), {}),
        ("Split", (WIDE, 2), {"num_outputs": WIDE, "opset": 18}),
        ("LpNormalization", (WIDE, WIDE, WIDE), {}),
    ],
)
def test_gigantic_inputs(name, shape, attributes):
    """Shapes that are only declared cost nothing; what would be made of them is refused."""
    attributes = dict(attributes)
    outputs, opset = attributes.pop("outputs", ["y"]), attributes.pop("opset", 17)
    node = helper.make_node(name, ["x"], outputs, **attributes)
    refuses(model_of([node], shape=shape, opset=opset), name)


def test_gigantic_number_of_steps():
    axis = numpy_helper.from_array(np.array(0), "a")
    node = helper.make_node("CumProd", ["x", "a"], ["y"])
    refuses(model_of([node], [axis], (WIDE,), opset=26), "elements")
    sizes = numpy_helper.from_array(np.array([1, 1, 1 << 22, 2]), "s")
    node = helper.make_node("Resize", ["x", "", "", "s"], ["y"], mode="linear")
    refuses(model_of([node], [sizes], (1, 1, 2, 2)), "fewer elements")


def test_gigantic_range_and_one_hot():
    ends = [
        numpy_helper.from_array(np.array(n), k) for k, n in (("a", 0), ("b", 1 << 60), ("d", 1))
    ]
    refuses(model_of([helper.make_node("Range", ["a", "b", "d"], ["y"])], ends), "bytes")
    values = numpy_helper.from_array(np.array([0, 1]), "v")
    refuses(
        model_of([helper.make_node("OneHot", ["x", "b", "v"], ["y"])], [*ends, values]), "bytes"
    )


def test_gigantic_initializer_without_data():
    tensor = TensorProto(dims=HUGE, data_type=TensorProto.FLOAT, name="w")
    refuses(model_of([helper.make_node("Add", ["x", "w"], ["y"])], [tensor]), "'w'", "entries")
    tensor.dims[0] = -5
    refuses(model_of([helper.make_node("Add", ["x", "w"], ["y"])], [tensor]), "'w'")


@pytest.mark.parametrize("count", [5, 7])
def test_initializer_with_too_few_or_many_numbers(count):
    tensor = TensorProto(dims=[2, 3], data_type=TensorProto.FLOAT, name="w")
    tensor.raw_data = bytes(4 * count)
    refuses(model_of([helper.make_node("Add", ["x", "w"], ["y"])], [tensor]), "'w'")


def test_dtypes_that_are_none():
    tensor = TensorProto(dims=[2, 3], data_type=77, name="w")
    refuses(model_of([helper.make_node("Add", ["x", "w"], ["y"])], [tensor]), "77")
    strings = TensorProto(dims=[1], data_type=TensorProto.STRING, name="w", string_data=[b"a"])
    refuses(model_of([helper.make_node("Add", ["x", "w"], ["y"])], [strings]), "string")


def external(location, **entries):
    tensor = TensorProto(dims=[2, 3], data_type=TensorProto.FLOAT, name="w")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, **entries}.items():
        tensor.external_data.add(key=key, value=str(value))
    return model_of([helper.make_node("Add", ["x", "w"], ["y"])], [tensor])


def saved(folder, model):
    folder.mkdir(exist_ok=True)
    (folder / "net.onnx").write_bytes(model.SerializeToString())
    return str(folder / "net.onnx")


def test_external_data_beside_the_model(tmp_path):
    file = saved(tmp_path / "in", external("w.bin", offset=4, length=24))
    (tmp_path / "in" / "w.bin").write_bytes(np.arange(7, dtype=np.float32).tobytes())
    _, args, _ = onnx_mx.import_model(file)
    np.testing.assert_array_equal(args["w"].asnumpy(), np.arange(1, 7).reshape(2, 3))


@pytest.mark.parametrize(
    "location", ["../secret", "{tmp}/secret", "link", "folder/../../secret", ""]
)
def test_external_data_elsewhere(tmp_path, location):
    (tmp_path / "secret").write_bytes(bytes(24))
    file = saved(tmp_path / "in", external(location.format(tmp=tmp_path)))
    os.symlink(tmp_path / "secret", tmp_path / "in" / "link")
    refuses(file, "within the model's folder")


@pytest.mark.parametrize(
    "entries",
    [{"offset": 4}, {"offset": -4}, {"length": 1 << 60}, {"offset": "x"}, {"length": 8}],
)
def test_external_data_out_of_its_file(tmp_path, entries):
    file = saved(tmp_path / "in", external("w.bin", **entries))
    (tmp_path / "in" / "w.bin").write_bytes(bytes(24))
    refuses(file, "'w'")


def test_external_data_that_is_no_file(tmp_path):
    file = saved(tmp_path / "in", external("pipe"))
    os.mkfifo(tmp_path / "in" / "pipe")
    refuses(file, "pipe")
    refuses(external("w.bin"), "within the model's folder")


def function(name, calls):
    """A function of the own domain that applies others one after the other."""
    nodes, last = [], "a"
    for i, call in enumerate(calls):
        nodes.append(helper.make_node(call, [last], [f"t{i}"], domain="own"))
        last = f"t{i}"
    nodes.append(helper.make_node("Relu", [last], ["b"]))
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
    return helper.make_function("own", name, ["a"], ["b"], nodes, opsets)


def test_function():
    model = model_of(
        [helper.make_node("F", ["x"], ["y"], domain="own")],
        functions=[function("F", ["G"]), function("G", [])],
    )
    symbol, args, auxs = onnx_mx.import_model(model)
    out = symbol.bind(mx.cpu(), {"x": mx.nd.array([[-1, 2, 3]])}).forward()[0]
    np.testing.assert_array_equal(out.asnumpy(), [[0, 2, 3]])


@pytest.mark.parametrize("calls", [{"F": ["F"]}, {"F": ["G"], "G": ["F"]}])
def test_function_that_calls_itself(calls):
    model = model_of(
        [helper.make_node("F", ["x"], ["y"], domain="own")],
        functions=[function(name, inner) for name, inner in calls.items()],
    )
    refuses(model, "calls itself")


def test_functions_that_multiply(monkeypatch):
    monkeypatch.setattr("mxnet.onnx.reading.files._MOST_NODES", 2000)
    names = [f"F{i}" for i in range(25)]
    functions = [function(a, [b, b]) for a, b in zip(names, names[1:])]
    functions.append(function(names[-1], []))
    node = helper.make_node("F0", ["x"], ["y"], domain="own")
    refuses(model_of([node], functions=functions), "nodes")


def test_graphs_nested_deep(monkeypatch):
    monkeypatch.setattr("mxnet.onnx.reading.graph._DEEPEST", 10)
    graph = helper.make_graph(
        [RELU], "inner", [], [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)]
    )
    yes, plain = numpy_helper.from_array(np.array(True), "yes"), graph
    for _ in range(15):
        node = helper.make_node("If", ["yes"], ["y"], then_branch=graph, else_branch=plain)
        graph = helper.make_graph([node], "outer", [], graph.output)
    refuses(model_of([node], [yes]), "nested too deep")


def test_updates_for_a_tensor_without_elements():
    node = helper.make_node("ScatterND", ["empty", "places", "x"], ["y"])
    empty = numpy_helper.from_array(np.zeros((4, 0), np.float32), "empty")
    places = numpy_helper.from_array(np.zeros((2, 1), np.int64), "places")
    refuses(model_of([node], [empty, places]), "ScatterND", "no elements")
