"""Parameters by the names of torchvision and timm give the same predictions here.

The files hold names and shapes of their parameters, and their outputs for the numbers that
`numbers` makes of them.
"""

import importlib.util
import json
import random
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx
from mxnet.convert import structures, zoo_names
from mxnet.gluon.model_zoo.vision import get_model

HERE = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location("seeded_numbers", HERE / "seeded_numbers.py")
seeded_numbers = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(seeded_numbers)
numbers = seeded_numbers.numbers

STORED = {
    (library, name): entry
    for library in ("torchvision", "timm")
    for name, entry in json.loads((HERE / "data" / f"{library}.json").read_text()).items()
}


def arrays_of(library, name):
    """The parameters in no order: safetensors does not keep that of layers."""
    shapes = STORED[library, name]["shapes"]
    names = list(shapes)
    random.Random(0).shuffle(names)
    return {each: numbers(each, shapes[each]) for each in names}


def network(name, arrays):
    """The network of the zoo, or the one that the parameters belong to."""
    classes = zoo_names.classes_in(arrays)
    if zoo_names.supported(name) is None:
        return get_model(name, classes=classes)
    return structures.structure(name, classes)


@pytest.mark.parametrize(("library", "name"), sorted(STORED))
def test_equal_predictions(library, name):
    stored, arrays = STORED[library, name], arrays_of(library, name)
    net = network(name, arrays)
    zoo_names.fill(net, name, arrays)
    size = stored["size"]
    x = np.random.RandomState(0).rand(1, 3, size, size).astype(np.float32)
    found = net(mx.nd.array(x)).asnumpy()[0]
    np.testing.assert_allclose(found, stored["output"], rtol=2e-4, atol=2e-5)


def test_names_of_dense_layers_in_timm():
    """Its VGG has them as convolutions under names of their own."""
    names = ["features.0.weight", "pre_logits.fc1.weight", "pre_logits.fc2.bias", "head.fc.weight"]
    found = zoo_names.as_torchvision(dict.fromkeys(names, 0))
    assert list(found) == [
        "features.0.weight",
        "classifier.0.weight",
        "classifier.3.bias",
        "classifier.6.weight",
    ]


def test_dense_layers_that_are_convolutions():
    net = mx.gluon.nn.HybridSequential()
    net.add(mx.gluon.nn.Conv2D(2, 1, in_channels=3), mx.gluon.nn.Dense(4, in_units=18))
    kernel = np.arange(72, dtype=np.float32).reshape(4, 2, 3, 3)
    arrays = {
        "head.fc.weight": kernel,
        "head.fc.bias": np.zeros(4, np.float32),
        "features.0.weight": np.ones((2, 3, 1, 1), np.float32),
        "features.0.bias": np.zeros(2, np.float32),
    }
    zoo_names.fill(net, "two layers", arrays)
    np.testing.assert_array_equal(net[1].weight.data().asnumpy(), kernel.reshape(4, 18))


@pytest.mark.parametrize("name", ["resnet50_v1", "resnet18_v2", "mobilenet1.0", "mobilenetv2_1.0"])
def test_networks_that_compute_something_else(name):
    assert zoo_names.supported(name) is not None
    assert zoo_names.has_structure(name) == (name != "mobilenet1.0")


def test_parameters_of_another_network():
    arrays = arrays_of("torchvision", "squeezenet1.1")
    for name, words in (("squeezenet1.0", "does not fit"), ("resnet18_v1", "layers")):
        net = get_model(name)
        net.initialize()
        with pytest.raises(mx.MXNetError, match=words):
            zoo_names.fill(net, name, arrays)
