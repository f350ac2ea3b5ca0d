"""Every case of the operators' tables, exported and run by ONNX Runtime, in three opsets.

A case that is left out says why: `reason_against`.
"""

import collections
import importlib.util
import pathlib
import sys

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")
onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from mxnet import _core  # noqa: E402
from mxnet.onnx.writing.registry import all_translations  # noqa: E402

ROOT = pathlib.Path(__file__).parents[4]
# The newest is that of the newest ONNX Runtime.
OPSETS = (13, 18, 24)
TRANSLATIONS = all_translations()


def load(path):
    spec = importlib.util.spec_from_file_location(f"onnx_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


running = load(pathlib.Path(__file__).with_name("running.py"))


def cases_by_operator():
    """Cases of all tables with a translation, by the operator's name in the registry."""
    found = collections.defaultdict(list)
    tables = ROOT / "tests" / "ops"
    sys.path.insert(0, str(tables))
    for path in sorted(tables.rglob("test_*.py")):
        for tests in vars(load(path)).values():
            for case in getattr(tests, "cases", ()) if isinstance(tests, type) else ():
                found[_core.describe_op(case.op)["name"]].append(case)
    sys.path.remove(str(tables))
    return {op: found[op] for op in sorted(found) if op in TRANSLATIONS}


CASES = cases_by_operator()


def dtype_of(case):
    return "float32" if "float32" in case.dtypes else case.dtypes[0]


def reason_against(op, case, opset):
    """Why a case cannot be compared; None if it can."""
    if op in ("ROIPooling", "_contrib_ROIAlign") and opset >= 22:
        return "ONNX Runtime has kernels for it up to opset 21"
    if "quantize" in op and op not in ("_contrib_quantize_asym", "_contrib_quantized_rnn"):
        return "test_quantization.py runs it"
    if case.train:
        return "files predict"
    if not case.symbol:
        return "is no symbol"
    if any(array.size == 0 for array in case.inputs):
        return "a size of 0 is one that is not known"
    if any(array.ndim == 0 for array in case.inputs) or case.attrs.get("newshape") == ():
        return "without axes a shape is one that is not known"
    if any(np.size(result) == 0 for result in case.expected(dtype_of(case))):
        return "a size of 0 is one that is not known"
    if "bfloat16" in (dtype_of(case), case.attrs.get("dtype")):
        return "ONNX Runtime hands no bfloat16 to Python"
    has_nan = any(a.dtype.kind == "f" and np.isnan(a).any() for a in case.inputs)
    if has_nan and op.split("_")[-1] in ("argmax", "argmin", "max", "min", "percentile"):
        return "ONNX does not say what is the largest where NaN is"
    if op == "elemwise_div" and case.inputs[1].dtype.kind == "i" and not case.inputs[1].all():
        return "ONNX does not say what an integer over 0 is"
    if op == "LRN" and case.attrs["nsize"] % 2 == 0:
        return "ONNX Runtime knows odd windows only"
    if op == "Dropout" and case.attrs.get("mode") == "always":
        return "random"
    if op in ("Convolution", "FullyConnected") and dtype_of(case) != "float32":
        return "ONNX Runtime computes layers in float32 only"
    return {
        "norm-large": "ONNX Runtime overflows",
        "singular": "ONNX finds no singular values",
        "sum-precise": "ONNX Runtime adds in float32",
    }.get(case.name)


def export_and_compare(op, case, opset, path):
    from harness import run

    symbol, dtype = run.compose(case), dtype_of(case)
    arrays = {f"in{i}": array for i, array in enumerate(run.make_inputs(case, dtype))}
    auxiliary = symbol.list_auxiliary_states()
    inputs = [name for name, _ in _core.describe_op(op)["inputs"]]
    unused = TRANSLATIONS[op].unused
    named = zip(inputs, symbol.list_inputs())
    labels = {name for theirs, name in named if theirs in unused} if unused else set()
    feeds = {
        name: arrays[name].asnumpy()
        for name in symbol.list_inputs()
        if name not in auxiliary and name not in labels
    }
    mx.onnx.export_model(
        symbol,
        {name: arrays[name] for name in auxiliary},
        [array.shape for array in feeds.values()],
        [array.dtype for array in feeds.values()],
        str(path),
        opset_version=opset,
    )
    onnx.checker.check_model(str(path), full_check=True)
    ours = running.run_symbol(symbol, arrays)
    running.compare(ours, running.run_file(path, feeds), symbol.list_outputs())


@pytest.mark.parametrize("opset", OPSETS)
@pytest.mark.parametrize("op", CASES)
def test_operator(op, opset, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "ops"))
    path, done = tmp_path / "case.onnx", 0
    for number, case in enumerate(CASES[op]):
        if reason_against(op, case, opset):
            continue
        try:
            export_and_compare(op, case, opset, path)
        except NotImplementedError as error:
            assert opset < TRANSLATIONS[op].opset, error
            assert f"opset_version={TRANSLATIONS[op].opset}" in str(error)
        except Exception as error:
            raise AssertionError(f"case {number} of {op} {case.name} {case.attrs}") from error
        done += 1
    if not done:
        pytest.skip(reason_against(op, CASES[op][0], opset))


# Inputs that do not grow with the batch.
FIXED = {"anchor", "anchors", "beta", "bias", "gamma", "moving_mean", "moving_var", "parameters"}
FIXED |= {"weight"}
# Operators that need all sizes of their input, or that mix the rows of a batch.
NOT_BY_ROWS = {
    *("_contrib_count_sketch", "_contrib_index_array", "_slice_assign", "_slice_assign_scalar"),
    *("_image_resize", "_np_diag", "_np_diagonal", "_np_roll", "_np_trace", "argsort", "diag"),
    *("dot", "topk"),
}


def grown(op, case):
    """Names of the inputs with as many rows as the first one; none where rows are no batch."""
    named = [name for name, _ in _core.describe_op(op)["inputs"]]
    unknown = FIXED | set(TRANSLATIONS[op].unused)
    rows = case.inputs[0].shape[0] if case.inputs and case.inputs[0].ndim > 1 else 1
    return [
        f"in{i}"
        for i, array in enumerate(case.inputs)
        if rows > 1
        and array.ndim > 1
        and len(array) == rows
        and not (i < len(named) and named[i] in unknown)
        and i not in case.updated
    ]


def run_with_more_rows(op, case, path):
    """Exports for the case's batch, and runs one that is three times as large."""
    from harness import run

    symbol, names = run.compose(case), grown(op, case)
    arrays = {f"in{i}": array for i, array in enumerate(run.make_inputs(case, "float32"))}
    larger = {
        name: mx.nd.concat(*[array] * 3, dim=0) if name in names else array
        for name, array in arrays.items()
    }
    try:
        ours = running.run_symbol(symbol, larger)
    except mx.base.MXNetError:
        return False  # the rows are no batch
    order = [name for name in symbol.list_inputs() if name in names]
    mx.onnx.export_model(
        symbol,
        {name: array for name, array in arrays.items() if name not in names},
        [arrays[name].shape for name in order],
        [arrays[name].dtype for name in order],
        str(path),
        dynamic=True,
        opset_version=20,
    )
    feeds = {name: larger[name].asnumpy() for name in order}
    running.compare(ours, running.run_file(path, feeds), symbol.list_outputs())
    return True


@pytest.mark.parametrize("op", [op for op in CASES if op not in NOT_BY_ROWS])
def test_batch_of_any_size(op, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "ops"))
    cases = [
        case
        for case in CASES[op]
        if not reason_against(op, case, 20) and dtype_of(case) == "float32" and grown(op, case)
    ]
    # Three are as good as all: the rest differ in what has nothing to do with the batch.
    done = [run_with_more_rows(op, case, tmp_path / "case.onnx") for case in cases[:3]]
    if not any(done):
        pytest.skip("no case has a batch")
