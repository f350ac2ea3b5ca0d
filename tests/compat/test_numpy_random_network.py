"""A network of MXNet 1.9.1 that draws with mx.np loads and draws the same numbers."""

import json
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx

STORED = json.loads((Path(__file__).parents[1] / "data/numpy_random_network.json").read_text())


@pytest.fixture
def symbol():
    return mx.sym.load_json(json.dumps(STORED["symbol"]))


def arrays():
    return {name: mx.nd.array(value, dtype="float32") for name, value in STORED["params"].items()}


def check(drawn):
    np.testing.assert_allclose(drawn.asnumpy(), STORED["expected"], rtol=1e-5, atol=1e-5)


def test_module(symbol):
    data = mx.nd.array(STORED["data"])
    module = mx.mod.Module(symbol, label_names=None)
    module.bind(data_shapes=[("data", data.shape)], for_training=False)
    module.set_params(arrays(), {})
    mx.random.seed(STORED["seed"])
    module.forward(mx.io.DataBatch([data]))
    check(module.get_outputs()[0])


def test_symbol_block(symbol, tmp_path):
    (tmp_path / "net-symbol.json").write_text(json.dumps(STORED["symbol"]))
    mx.nd.save(str(tmp_path / "net.params"), {f"arg:{n}": a for n, a in arrays().items()})
    files = str(tmp_path / "net-symbol.json"), ["data"], str(tmp_path / "net.params")
    net = mx.gluon.SymbolBlock.imports(*files)
    data = mx.nd.array(STORED["data"])
    net(data)
    mx.random.seed(STORED["seed"])
    check(net(data))
