"""Small networks that PyTorch wrote, with its outputs: by tracing (ts) and by torch.export (dy)."""

from pathlib import Path

import numpy as np
import pytest

import mxnet as mx
from mxnet.contrib import onnx as onnx_mx

pytest.importorskip("onnx")

DATA = Path(__file__).with_name("data")


@pytest.mark.parametrize("file", sorted(DATA.glob("*.onnx")), ids=lambda file: file.stem)
def test_outputs_are_those_of_pytorch(file):
    symbol, args, auxs = onnx_mx.import_model(file)
    with np.load(DATA / f"{file.stem.split('.')[0]}.npz") as stored:
        x = stored["x"]
        expected = [stored[name] for name in stored.files if name != "x"]
    args["x"] = mx.nd.array(x, dtype=x.dtype)
    executor = symbol.bind(mx.cpu(), args, grad_req="null", aux_states=auxs)
    for found, array in zip(executor.forward(), expected):
        np.testing.assert_allclose(found.asnumpy(), array, rtol=1e-4, atol=1e-5)


def test_all_networks_are_there():
    assert len(list(DATA.glob("*.onnx"))) == 4
