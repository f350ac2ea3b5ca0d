"""The networks of the model zoo are those of MXNet 1.9.1: graph, names and shapes."""

import gzip
import json
import sys
from pathlib import Path

import pytest

import mxnet as mx
from mxnet.gluon.model_zoo import vision

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools/oracle"))

from export_model_zoo import NETWORKS  # noqa: E402

EXPORTED = ROOT / "tests/compat/networks"
# Place, name and shape of every parameter of all networks.
PARAMETERS = json.loads(gzip.decompress((Path(__file__).parent / "model_zoo.json.gz").read_bytes()))


@pytest.fixture(autouse=True)
def names_from_zero():
    with mx.name.NameManager():
        yield


@pytest.mark.parametrize("stored", NETWORKS)
def test_graphs_are_the_same_text(stored):
    text = gzip.decompress((EXPORTED / f"{stored}-symbol.json.gz").read_bytes()).decode()
    network = vision.get_model(NETWORKS[stored])
    assert network(mx.sym.var("data")).tojson() == text


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters(name):
    net = vision.get_model(name)
    size = 299 if name == "inceptionv3" else 224
    symbol = net(mx.sym.var("data"))
    shapes, _, states = symbol.infer_shape(data=(1, 3, size, size))
    known = dict(zip(symbol.list_arguments() + symbol.list_auxiliary_states(), shapes + states))
    found = [
        [place, each.name, list(known.get(each.name, each.shape))]
        for place, each in net._collect_params_with_prefix().items()
    ]
    assert found == PARAMETERS[name]
