"""The networks of the model zoo are those of MXNet 1.9.1: graph, names and shapes."""

import gzip
import json
from pathlib import Path

import pytest

import mxnet as mx
from mxnet.gluon.model_zoo import vision

EXPORTED = Path(__file__).resolve().parents[1] / "networks"
# How the stored files call networks, and `get_model`.
NAMES = {
    "alexnet": "alexnet",
    "vgg11": "vgg11",
    "vgg16": "vgg16",
    "vgg19": "vgg19",
    "vgg16_bn": "vgg16_bn",
    "resnet18_v1": "resnet18_v1",
    "resnet50_v1": "resnet50_v1",
    "resnet152_v1": "resnet152_v1",
    "resnet18_v2": "resnet18_v2",
    "resnet50_v2": "resnet50_v2",
    "resnet152_v2": "resnet152_v2",
    "densenet121": "densenet121",
    "inceptionv3": "inceptionv3",
    "squeezenet1_0": "squeezenet1.0",
    "squeezenet1_1": "squeezenet1.1",
    "mobilenet1_0": "mobilenet1.0",
    "mobilenet0_25": "mobilenet0.25",
    "mobilenetv2_1_0": "mobilenetv2_1.0",
    "mobilenetv2_0_25": "mobilenetv2_0.25",
}
# Place, name and shape of every parameter of all networks.
PARAMETERS = json.loads(gzip.decompress((Path(__file__).parent / "model_zoo.json.gz").read_bytes()))


@pytest.fixture(autouse=True)
def names_from_zero():
    with mx.name.NameManager():
        yield


@pytest.mark.parametrize("stored", NAMES)
def test_graphs_are_the_same_text(stored):
    text = gzip.decompress((EXPORTED / f"{stored}-symbol.json.gz").read_bytes()).decode()
    network = vision.get_model(NAMES[stored])
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
