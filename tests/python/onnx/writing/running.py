"""Runs a network here and its export in ONNX Runtime."""

import numpy as np

import mxnet as mx


def run_file(path, feeds, optimize=True):
    """Outputs of an ONNX file in ONNX Runtime as a dict of arrays by name.

    Without `optimize` each node is computed as it stands: of quantized layers ONNX Runtime would
    make others, whose sums it cuts to 16 bits on processors without VNNI.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    if not optimize:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    wanted = {each.name for each in session.get_inputs()}
    results = session.run(None, {name: feeds[name] for name in wanted})
    return dict(zip([each.name for each in session.get_outputs()], results))


def bound(symbol, arrays):
    """An executor of a symbol here, for predictions."""
    return symbol.bind(
        mx.cpu(),
        args={name: arrays[name] for name in symbol.list_arguments()},
        aux_states={name: arrays[name] for name in symbol.list_auxiliary_states()},
        grad_req="null",
    )


def run_symbol(symbol, arrays):
    """Outputs of a symbol here, as a list of arrays."""
    return [each.asnumpy() for each in bound(symbol, arrays).forward(is_train=False)]


def check(symbol, params, feeds, path, rtol=1e-5, atol=1e-6, **options):
    """Exports, runs both sides on the same arrays and compares.

    Args:
        symbol: The network.
        params: Its parameters by name (NDArrays).
        feeds: Its inputs by name (NumPy arrays).
        path: The file to write.
        **options: What else `export_model` is told.

    Returns:
        list: Our outputs.
    """
    names = [name for name in symbol.list_inputs() if name in feeds]
    shapes = [feeds[name].shape for name in names]
    types = [feeds[name].dtype for name in names]
    mx.onnx.export_model(symbol, params, shapes, types, str(path), **options)
    arrays = {name: mx.nd.array(value, dtype=value.dtype) for name, value in feeds.items()}
    ours = run_symbol(symbol, {**labels(symbol, feeds), **params, **arrays})
    compare(ours, run_file(path, feeds), symbol.list_outputs(), rtol, atol)
    return ours


def labels(symbol, feeds):
    """Zeros for the inputs that predictions do not read."""
    shapes = symbol.infer_shape_partial(**{n: v.shape for n, v in feeds.items()})[0]
    return {
        name: mx.nd.zeros(shape)
        for name, shape in zip(symbol.list_arguments(), shapes)
        if name.endswith("label") and shape
    }


def compare(ours, theirs, names, rtol=1e-5, atol=1e-6):
    """Values, shapes and dtypes of all outputs."""
    assert len(theirs) == len(names)
    for name, want, got in zip(names, ours, theirs.values()):
        assert got.dtype == want.dtype, f"{name}: {got.dtype} in ONNX, {want.dtype} here"
        assert got.shape == want.shape, f"{name}: {got.shape} in ONNX, {want.shape} here"
        scale = np.abs(want[np.isfinite(want)]).max(initial=0) if want.dtype.kind == "f" else 0
        np.testing.assert_allclose(got, want, rtol=rtol, atol=max(atol, rtol * scale), err_msg=name)
