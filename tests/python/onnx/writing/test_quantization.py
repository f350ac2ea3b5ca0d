"""Networks of 8 bits: QuantizeLinear and DequantizeLinear give the numbers that they give here."""

import importlib.util
import pathlib
import sys

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")
onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from mxnet import _core  # noqa: E402

if not _core.has_op("_contrib_quantize_v2"):
    pytest.skip("this build has no quantized operators", allow_module_level=True)

ROOT = pathlib.Path(__file__).parents[4]


def load(path):
    spec = importlib.util.spec_from_file_location(f"onnx_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


running = load(pathlib.Path(__file__).with_name("running.py"))
RANDOM = np.random.default_rng(7)
PICTURES = RANDOM.uniform(-1, 1, (16, 3, 8, 8)).astype("f")


def network():
    """Every kind of layer that has a quantized form."""
    layer = mx.sym.Variable("data")
    layer = mx.sym.Convolution(layer, kernel=(3, 3), num_filter=8, pad=(1, 1), name="c1")
    layer = mx.sym.BatchNorm(layer, fix_gamma=False, name="b1")
    layer = mx.sym.Activation(layer, act_type="relu", name="r1")
    pooled = mx.sym.Pooling(layer, kernel=(2, 2), stride=(2, 2), pool_type="max", name="p1")
    layer = mx.sym.Convolution(pooled, kernel=(3, 3), num_filter=8, pad=(1, 1), name="c2")
    layer = mx.sym.Activation(layer, act_type="relu", name="r2")
    both = mx.sym.concat(mx.sym.elemwise_add(pooled, layer, name="add"), layer, dim=1, name="cat")
    layer = mx.sym.Pooling(both, kernel=(2, 2), stride=(2, 2), pool_type="avg", name="p2")
    layer = mx.sym.FullyConnected(mx.sym.flatten(layer, name="flat"), num_hidden=5, name="fc")
    return mx.sym.softmax(layer, name="out")


def quantized(calib_mode, dtype):
    """The network in 8 bits and all its parameters."""
    symbol = network()
    shapes, _, states = symbol.infer_shape(data=(4, 3, 8, 8))
    args = {
        name: mx.nd.array(RANDOM.normal(size=shape) * 0.4)
        for name, shape in zip(symbol.list_arguments(), shapes)
        if name != "data"
    }
    averages = {
        name: mx.nd.array(RANDOM.uniform(0.5, 1, size=shape))
        for name, shape in zip(symbol.list_auxiliary_states(), states)
    }
    found = mx.contrib.quantization.quantize_model(
        symbol,
        args,
        averages,
        data_names=("data",),
        calib_mode=calib_mode,
        calib_data=mx.io.NDArrayIter(PICTURES, batch_size=4),
        num_calib_examples=16,
        quantized_dtype=dtype,
    )
    return found[0], {**found[1], **found[2]}


def run_node_by_node(symbol, arrays):
    """The outputs without what binding for prediction does to a graph."""
    auxiliary = symbol.list_auxiliary_states()
    executor = symbol.bind(
        mx.cpu(),
        args={name: arrays[name] for name in symbol.list_arguments()},
        aux_states={name: arrays[name] for name in auxiliary},
        grad_req="null",
    )
    return [each.asnumpy() for each in executor.forward(is_train=True)]


@pytest.mark.parametrize("dtype", ["int8", "uint8", "auto"])
@pytest.mark.parametrize("calib_mode", ["naive", "entropy"])
def test_network(calib_mode, dtype, tmp_path):
    symbol, params = quantized(calib_mode, dtype)
    path = tmp_path / "net.onnx"
    mx.onnx.export_model(symbol, params, [(4, 3, 8, 8)], np.float32, str(path))
    kinds = [node.op_type for node in onnx.load(path).graph.node]
    assert kinds.count("QuantizeLinear") > 5 and kinds.count("DequantizeLinear") > 5
    data = PICTURES[:4]
    ours = run_node_by_node(symbol, {**params, "data": mx.nd.array(data)})
    running.compare(ours, running.run_file(path, {"data": data}, optimize=False), ["out"])


def test_ranges_of_each_batch_are_refused(tmp_path):
    symbol, params = quantized("none", "int8")
    with pytest.raises(NotImplementedError, match="from data.*quantize with calib_mode='naive'"):
        mx.onnx.export_model(symbol, params, [(4, 3, 8, 8)], np.float32, str(tmp_path / "net.onnx"))


def cases():
    tables = ROOT / "tests" / "ops"
    sys.path.insert(0, str(tables))
    for path in sorted((tables / "quantization").glob("test_*.py")):
        for tests in vars(load(path)).values():
            for number, case in enumerate(getattr(tests, "cases", ())):
                if isinstance(tests, type):
                    yield pytest.param(case, id=f"{case.op}-{number}")
    sys.path.remove(str(tables))


@pytest.mark.parametrize("case", cases())
def test_operator(case, tmp_path, monkeypatch):
    """Ranges are parameters, as in quantized networks; whole numbers differ by 1 at most."""
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "ops"))
    from harness import run

    op = _core.describe_op(case.op)["name"]
    if op not in mx.onnx.get_operator_support():
        pytest.skip("has no translation")
    symbol = run.compose(case)
    arrays = {f"in{i}": array for i, array in enumerate(run.make_inputs(case, "float32"))}
    named = dict(zip(arrays, (name for name, _ in _core.describe_op(op)["inputs"])))
    fixed = [
        name
        for name, array in arrays.items()
        if array.shape == (1,) or named.get(name) == "bias"
        or name in symbol.list_auxiliary_states()
    ]  # fmt: skip
    feeds = {name: arrays[name].asnumpy() for name in symbol.list_inputs() if name not in fixed}
    path = tmp_path / "case.onnx"
    try:
        mx.onnx.export_model(
            symbol,
            {name: arrays[name] for name in fixed},
            [array.shape for array in feeds.values()],
            [array.dtype for array in feeds.values()],
            str(path),
        )
    except NotImplementedError as error:
        assert "from data" in str(error) or "sums in int32" in str(error)
        return
    if arrays["in0"].dtype == np.int32:
        pytest.skip("sums come from layers")
    ours, theirs = running.run_symbol(symbol, arrays), running.run_file(path, feeds, optimize=False)
    for want, got in zip(ours, theirs.values()):
        assert (got.dtype, got.shape) == (want.dtype, want.shape)
        step = 1 if want.dtype.kind in "iu" else 1e-5
        np.testing.assert_allclose(got.astype("f"), want.astype("f"), rtol=1e-5, atol=step)
        assert (got != want).mean() < 0.05 or want.dtype.kind == "f"
