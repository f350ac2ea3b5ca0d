"""`import_model`, `import_to_gluon` and `get_model_metadata` on networks made here."""

import numpy as np
import pytest

import mxnet as mx
from mxnet.contrib import onnx as onnx_mx

onnx = pytest.importorskip("onnx")
helper, numpy_helper = onnx.helper, onnx.numpy_helper


def make_model(nodes, inputs, outputs, initializers=(), opset=17):
    """A model; inputs and outputs are tuples of name, dtype and shape."""
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info(*info) for info in inputs],
        [helper.make_tensor_value_info(*info) for info in outputs],
        [numpy_helper.from_array(array, name) for name, array in initializers],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])


def small_network(batch="N"):
    """Convolution, batch norm, relu, and a flatten written with Shape, Gather and Concat."""
    rng = np.random.default_rng(1)
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["conv"], pads=[1, 1, 1, 1]),
        helper.make_node("BatchNormalization", ["conv", "g", "be", "m", "v"], ["bn"]),
        helper.make_node("Relu", ["bn"], ["act"]),
        helper.make_node("Shape", ["act"], ["shape"]),
        helper.make_node("Gather", ["shape", "zero"], ["batch"], axis=0),
        helper.make_node("Unsqueeze", ["batch", "axes"], ["batch1"]),
        helper.make_node("Concat", ["batch1", "rest"], ["target"], axis=0),
        helper.make_node("Reshape", ["act", "target"], ["flat"]),
        helper.make_node("Gemm", ["flat", "fw", "fb"], ["y"], transB=1),
    ]
    floats = {"w": (4, 3, 3, 3), "b": (4,), "g": (4,), "be": (4,), "m": (4,), "v": (4,)}
    floats.update({"fw": (5, 4 * 36), "fb": (5,)})
    initializers = [(n, rng.random(s, np.float32) + 0.1) for n, s in floats.items()]
    initializers += [
        ("zero", np.array(0)),
        ("axes", np.array([0])),
        ("rest", np.array([-1])),
    ]
    float32 = onnx.TensorProto.FLOAT
    return make_model(
        nodes,
        [("x", float32, [batch, 3, 6, 6])],
        [("y", float32, [batch, 5])],
        initializers,
    )


def run(model, x):
    symbol, args, auxs = onnx_mx.import_model(model)
    arrays = {**args, "x": mx.nd.array(x)}
    executor = symbol.bind(mx.cpu(), arrays, grad_req="null", aux_states=auxs)
    return executor.forward()[0].asnumpy()


def reference(model, x):
    from onnx.reference import ReferenceEvaluator

    return ReferenceEvaluator(model).run(None, {"x": x})[0]


@pytest.mark.parametrize("batch", ["N", 2])
def test_network_gives_the_same_numbers(batch):
    model = small_network(batch)
    x = np.random.default_rng(0).random((2, 3, 6, 6), np.float32)
    np.testing.assert_allclose(run(model, x), reference(model, x), rtol=1e-4)


def test_open_batch_takes_any_size():
    symbol, _, _ = onnx_mx.import_model(small_network())
    for batch in (1, 7):
        _, shapes, _ = symbol.infer_shape(x=(batch, 3, 6, 6))
        assert shapes == [(batch, 5)]


def test_moving_averages_are_auxiliary_states():
    symbol, args, auxs = onnx_mx.import_model(small_network())
    assert sorted(auxs) == ["m", "v"]
    assert set(symbol.list_arguments()) == set(args) | {"x"}


def test_file_name_and_bytes(tmp_path):
    model = small_network()
    file = tmp_path / "net.onnx"
    file.write_bytes(model.SerializeToString())
    x = np.ones((1, 3, 6, 6), np.float32)
    np.testing.assert_array_equal(run(str(file), x), run(model, x))
    np.testing.assert_array_equal(run(model.SerializeToString(), x), run(model, x))


def test_gluon_network(tmp_path):
    model = small_network()
    net = onnx_mx.import_to_gluon(model, mx.cpu())
    x = np.random.default_rng(0).random((3, 3, 6, 6), np.float32)
    np.testing.assert_allclose(net(mx.nd.array(x)).asnumpy(), reference(model, x), rtol=1e-4)


def test_metadata():
    assert onnx_mx.get_model_metadata(small_network()) == {
        "input_tensor_data": [("x", (0, 3, 6, 6))],
        "output_tensor_data": [("y", (0, 5))],
    }


def test_attribute_of_an_old_opset_and_input_of_a_new_one():
    x = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    info = ("x", onnx.TensorProto.FLOAT, [2, 3, 4])
    out = ("y", onnx.TensorProto.FLOAT, None)
    old = make_model(
        [helper.make_node("Slice", ["x"], ["y"], starts=[1], ends=[4], axes=[2])],
        [info],
        [out],
        opset=9,
    )
    new = make_model(
        [helper.make_node("Slice", ["x", "s", "e", "a"], ["y"])],
        [info],
        [out],
        [("s", np.array([1])), ("e", np.array([4])), ("a", np.array([2]))],
        opset=17,
    )
    for model in (old, new):
        np.testing.assert_array_equal(run(model, x), x[:, :, 1:4])
