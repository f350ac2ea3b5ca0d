"""Networks written and read back: ONNX Runtime and the re-imported graph give the same numbers.

``make check-onnx`` takes all networks of tests/networks/round_trips.py; the suite those in `QUICK`.
"""

import importlib.util
import os
import pathlib
import sys

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")
pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

ROOT = pathlib.Path(__file__).parents[3]
ALL = os.environ.get("REMX_TEST_ALL_ONNX") == "1"
DETECTOR = "ssd_vgg16_deploy"
QUICK = """inception_bn mtcnn_det1 mtcnn_det2 mtcnn_det3 squeezenet1.0 resnet18_v1 resnet18_v2
    mobilenetv2_0.25 bidirectional_lstm stacked_gru encoder encoder_interleaved""".split()


def load(path):
    sys.path.insert(0, str(path.parent))
    try:
        spec = importlib.util.spec_from_file_location(f"onnx_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(path.parent))


running = load(pathlib.Path(__file__).parent / "writing" / "running.py")
round_trips = load(ROOT / "tests" / "networks" / "round_trips.py")


def check(name, tmp_path, tolerance=1e-5):
    symbol, params, feeds = round_trips.network(mx, name, small=True)
    path = tmp_path / "net.onnx"
    round_trips.export(mx, symbol, params, feeds, path)
    arrays = {n: mx.nd.array(value, dtype=value.dtype) for n, value in feeds.items()}
    theirs = list(running.run_file(path, feeds).values())
    again, args, auxs = mx.contrib.onnx.import_model(str(path))
    sides = [
        running.bound(symbol, {**params, **arrays}),
        running.bound(again, {**args, **auxs, **arrays}),
    ]
    ours, back = ([o.asnumpy() for o in side.forward(is_train=False)] for side in sides)
    for found in (theirs, back):
        assert [a.shape for a in found] == [a.shape for a in ours]
        for a, b in zip(ours, found):
            assert np.isfinite(a).all()
            assert round_trips.difference(a, b) < tolerance
    return [round_trips.plan(side) for side in sides], again


@pytest.mark.parametrize("name", round_trips.NAMES if ALL else QUICK)
def test_network(name, tmp_path):
    """What is read back is compiled to the same steps; recurrent layers and encoders to fewer."""
    (ours, back), _ = check(name, tmp_path)
    if name in round_trips.OTHERS:
        assert len(back) <= len(ours)
    elif name != DETECTOR:
        assert back == ours


def test_detector_is_compiled(tmp_path):
    """SSD's boxes are chosen by data, but no shape of the re-imported graph follows from it."""
    _, again = check(DETECTOR, tmp_path)
    assert "boolean_mask" not in again.tojson()
