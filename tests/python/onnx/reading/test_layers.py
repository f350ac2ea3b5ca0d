"""Layers whose parameters are constants become the operators that are made for them."""

import numpy as np
import pytest

import mxnet as mx
from mxnet.contrib import onnx as onnx_mx

onnx = pytest.importorskip("onnx")
helper, numpy_helper, TensorProto = onnx.helper, onnx.numpy_helper, onnx.TensorProto


def run_both(node, data, fixed, opset=17):
    """Outputs with parameters as constants, and with all as inputs; operators of the first."""
    from mxnet.onnx import backend

    names = list(dict.fromkeys(name for name in node.input if name))
    arrays = {**data, **fixed}

    def model(constants):
        graph = helper.make_graph(
            [node],
            "g",
            [
                helper.make_tensor_value_info(n, TensorProto.FLOAT, arrays[n].shape)
                for n in names
                if n not in constants
            ],
            [helper.make_empty_tensor_value_info(n) for n in node.output if n],
            [numpy_helper.from_array(array, n) for n, array in constants.items()],
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])

    first = backend.prepare(model(fixed)).run(data)
    second = backend.prepare(model({})).run(arrays)
    symbol, _, auxs = onnx_mx.import_model(model(fixed))
    return first, second, symbol.tojson(), auxs


def recurrent(count, directions, size=4, features=3, seed=0):
    rng = np.random.RandomState(seed)

    def draw(*shape):
        return rng.uniform(-1, 1, shape).astype(np.float32)

    return {
        "w": draw(directions, count * size, features),
        "r": draw(directions, count * size, size),
        "b": draw(directions, 2 * count * size),
    }, draw


@pytest.mark.parametrize("direction", ["forward", "bidirectional"])
@pytest.mark.parametrize("layout", [0, 1])
@pytest.mark.parametrize(
    ("kind", "count", "more"),
    [
        ("LSTM", 4, {}),
        ("GRU", 3, {"linear_before_reset": 1}),
        ("RNN", 1, {}),
        ("RNN", 1, {"activations": ["Relu"]}),
    ],
)
def test_recurrent_layers(kind, count, more, direction, layout):
    directions = 1 + (direction == "bidirectional")
    fixed, draw = recurrent(count, directions)
    more = {
        key: value * directions if key == "activations" else value for key, value in more.items()
    }
    state = (2, directions, 4) if layout else (directions, 2, 4)
    data = {"x": draw(2, 5, 3) if layout else draw(5, 2, 3), "h": draw(*state)}
    names = ["x", "w", "r", "b", "", "h"]
    if kind == "LSTM":
        names.append("c")
        data["c"] = draw(*state)
    outputs = ["y", "last", "memory"] if kind == "LSTM" else ["y", "last"]
    node = helper.make_node(
        kind, names, outputs, hidden_size=4, direction=direction, layout=layout, **more
    )
    first, second, text, _ = run_both(node, data, fixed)
    assert '"op": "RNN"' in text
    for a, b in zip(first, second):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_batch_norm_whose_parameters_are_one_tensor():
    """A tensor that is scale and variance: one parameter, and one state of its own."""
    node = helper.make_node("BatchNormalization", ["x", "v", "z", "z", "v"], ["y"])
    data = {"x": np.random.RandomState(0).rand(2, 3, 4, 4).astype(np.float32)}
    fixed = {"v": np.array([1, 2, 3], np.float32), "z": np.zeros(3, np.float32)}
    first, second, text, auxs = run_both(node, data, fixed)
    assert '"op": "BatchNorm"' in text and len(auxs) == 2
    np.testing.assert_allclose(first[0], second[0], rtol=1e-5)


def test_dense_layer_is_one_operator():
    node = helper.make_node("Gemm", ["x", "w", "b"], ["y"], transB=1)
    rng = np.random.RandomState(0)
    data = {"x": rng.rand(3, 4).astype(np.float32)}
    fixed = {"w": rng.rand(5, 4).astype(np.float32), "b": rng.rand(5).astype(np.float32)}
    first, second, text, _ = run_both(node, data, fixed)
    assert text.count('"op": "FullyConnected"') == 1 and "broadcast_add" not in text
    np.testing.assert_allclose(first[0], second[0], rtol=1e-5)


def test_product_and_sum_are_one_dense_layer():
    rng = np.random.RandomState(0)
    weight, bias = rng.rand(4, 5).astype(np.float32), rng.rand(5).astype(np.float32)
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["p"]),
        helper.make_node("Add", ["b", "p"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 3, 4])],
        [helper.make_empty_tensor_value_info("y")],
        [numpy_helper.from_array(weight, "w"), numpy_helper.from_array(bias, "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    symbol, args, _ = onnx_mx.import_model(model)
    assert symbol.tojson().count('"op": "FullyConnected"') == 1 and "_add" not in symbol.tojson()
    x = rng.rand(2, 3, 4).astype(np.float32)
    args["x"] = mx.nd.array(x)
    found = symbol.bind(mx.cpu(), args, grad_req="null").forward()[0].asnumpy()
    np.testing.assert_allclose(found, x @ weight + bias, rtol=1e-5)


@pytest.mark.parametrize(
    "dtype",
    "float16 float64 bfloat16 float8_e4m3fn float8_e5m2 float8_e4m3fnuz int4 uint4 int16 uint16 "
    "uint32 uint64 int8 uint8 int32 int64 bool".split(),
)
def test_initializers_of_every_dtype(dtype):
    """They hold the same numbers after a cast to float32."""
    import ml_dtypes

    kind = np.dtype(getattr(ml_dtypes, dtype, dtype) if dtype != "bool" else bool)
    numbers = np.array([0, 1, 2, 5, 7]).astype(kind)
    tensor = numpy_helper.from_array(numbers, "w")
    nodes = [
        helper.make_node("Cast", ["w"], ["f"], to=TensorProto.FLOAT),
        helper.make_node("Add", ["x", "f"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [5])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [5])],
        [tensor],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)])
    symbol, args, _ = onnx_mx.import_model(model)
    args["x"] = mx.nd.zeros(5)
    found = symbol.bind(mx.cpu(), args, grad_req="null").forward()[0].asnumpy()
    np.testing.assert_array_equal(found, numbers.astype(np.float32))


def test_outputs_that_are_inputs_and_constants():
    graph = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["y"])],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [2])],
        [helper.make_empty_tensor_value_info(name) for name in ("x", "y", "w")],
        [numpy_helper.from_array(np.array([3, 4], np.float32), "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    symbol, args, _ = onnx_mx.import_model(model)
    args["x"] = mx.nd.array([1, 2])
    found = [out.asnumpy().tolist() for out in symbol.bind(mx.cpu(), args).forward()]
    assert found == [[1, 2], [1, 2], [3, 4]]


def symbol_of(nodes, shape, constants=()):
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_empty_tensor_value_info("y")],
        [numpy_helper.from_array(np.asarray(array), name) for name, array in constants],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return onnx_mx.import_model(model)[0], model


@pytest.mark.parametrize("kind", ["MaxPool", "AveragePool"])
@pytest.mark.parametrize("ceil", [0, 1])
@pytest.mark.parametrize("pads", [[0, 0, 1, 1], [1, 1, 2, 2], [0, 1, 0, 1]])
def test_pooling_with_uneven_pads_is_one_operator(kind, ceil, pads):
    """As `export_model` writes windows that stick out."""
    from onnx.reference import ReferenceEvaluator

    ceil = ceil if pads[:2] == pads[2:] else 0
    node = helper.make_node(
        kind, ["x"], ["y"], kernel_shape=[3, 3], strides=[2, 2], pads=pads, ceil_mode=ceil
    )
    symbol, model = symbol_of([node], (1, 2, 8, 8))
    data = np.random.RandomState(0).randn(1, 2, 8, 8).astype(np.float32)
    out = symbol.bind(mx.cpu(), {"x": mx.nd.array(data)}).forward()[0].asnumpy()
    np.testing.assert_allclose(out, ReferenceEvaluator(model).run(None, {"x": data})[0], rtol=1e-5)
    assert '"op": "Pad"' not in symbol.tojson() and '"Pooling"' in symbol.tojson()


def test_turns_and_shapes_in_a_row_are_one():
    nodes = [
        helper.make_node("Transpose", ["x"], ["a"], perm=[1, 0, 2]),
        helper.make_node("Transpose", ["a"], ["b"], perm=[1, 0, 2]),
        helper.make_node("Reshape", ["b", "flat"], ["c"]),
        helper.make_node("Reshape", ["c", "back"], ["d"]),
        helper.make_node("Relu", ["d"], ["y"]),
    ]
    constants = [("flat", np.array([-1])), ("back", np.array([2, 3, 4]))]
    symbol, _ = symbol_of(nodes, (2, 3, 4), constants)
    assert symbol.get_internals().list_outputs() == ["x", "y_output"]


ROOT = ("r", np.float32(np.sqrt(2)))
CONSTANTS = [ROOT, ("one", np.float32(1)), ("half", np.float32(0.5)), ("k", np.float32(0.5**0.5))]
START = [("Div", "x r", "s"), ("Erf", "s", "e"), ("Add", "e one", "w")]
GELUS = [
    [*START, ("Mul", "x w", "t"), ("Mul", "t half", "y")],
    [*START, ("Mul", "x half", "h"), ("Mul", "h w", "y")],
    [*START, ("Mul", "w half", "h"), ("Mul", "h x", "y")],
    [("Mul", "x k", "s"), *START[1:2], ("Add", "one e", "w"), ("Mul", "w x", "t"),
     ("Mul", "half t", "y")],
]  # fmt: skip


def formula(steps):
    return [helper.make_node(op, inputs.split(), [output]) for op, inputs, output in steps]


@pytest.mark.parametrize("steps", GELUS)
def test_gelu_by_its_formula_is_one_operator(steps):
    from math import erf

    symbol, _ = symbol_of(formula(steps), (3, 5), CONSTANTS)
    assert symbol.get_internals().list_outputs() == ["x", "y_output"]
    data = np.random.RandomState(0).randn(3, 5).astype(np.float32)
    out = symbol.bind(mx.cpu(), {"x": mx.nd.array(data)}).forward()[0].asnumpy()
    expected = data * (1 + np.vectorize(erf)(data / 2**0.5)) / 2
    np.testing.assert_allclose(out, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "change",
    [
        ("Mul", "z w", "t"),  # another tensor is multiplied
        ("Mul", "x e", "t"),  # without the one
    ],
)
def test_what_looks_like_gelu(change):
    """Both parts of a split have one shape and one node."""
    split = [helper.make_node("Split", ["u"], ["x", "z"], axis=0)]
    nodes = split + formula([*START, change, ("Mul", "t half", "y")])
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("u", TensorProto.FLOAT, (4, 5))],
        [helper.make_empty_tensor_value_info("y")],
        [numpy_helper.from_array(np.asarray(array), name) for name, array in CONSTANTS],
    )
    opsets = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    from onnx.reference import ReferenceEvaluator

    symbol, _, _ = onnx_mx.import_model(model)
    data = np.random.RandomState(0).randn(4, 5).astype(np.float32)
    out = symbol.bind(mx.cpu(), {"u": mx.nd.array(data)}).forward()[0].asnumpy()
    expected = ReferenceEvaluator(model).run(None, {"u": data})[0]
    np.testing.assert_allclose(out, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("slope", [(3, 1, 1), (1, 3, 1, 1), (1,), (1, 1, 1)])
def test_slopes_of_channels_are_one_operator(slope):
    node = helper.make_node("PRelu", ["x", "a"], ["y"])
    numbers = np.random.RandomState(1).rand(*slope).astype(np.float32)
    data = np.random.RandomState(0).randn(2, 3, 4, 4).astype(np.float32)
    first, second, text, _ = run_both(node, {"x": data}, {"a": numbers})
    assert '"act_type": "prelu"' in text and "maximum" not in text
    np.testing.assert_allclose(first[0], second[0], rtol=1e-6)


def test_turned_factor_is_part_of_the_product():
    nodes = [
        helper.make_node("Transpose", ["x"], ["t"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["x", "t"], ["y"]),
    ]
    symbol, _ = symbol_of(nodes, (2, 3, 4))
    assert '"op": "transpose"' not in symbol.tojson()
    data = np.random.RandomState(0).randn(2, 3, 4).astype(np.float32)
    out = symbol.bind(mx.cpu(), {"x": mx.nd.array(data)}).forward()[0].asnumpy()
    np.testing.assert_allclose(out, data @ data.transpose(0, 2, 1), rtol=1e-5, atol=1e-6)
