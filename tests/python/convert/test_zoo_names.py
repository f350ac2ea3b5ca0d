"""Parameters by torchvision's names give the same predictions in the model zoo.

The file holds names and shapes of torchvision's parameters, and its outputs for the numbers that
`numbers` makes of them.
"""

import json
import random
import zlib
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx
from mxnet.convert import zoo_names
from mxnet.gluon.model_zoo.vision import get_model

STORED = json.loads(Path(__file__).with_name("data").joinpath("torchvision.json").read_text())


def numbers(name, shape):
    rng = np.random.RandomState(zlib.crc32(name.encode()))
    if name.endswith("running_var"):
        return rng.uniform(0.8, 1.2, shape).astype(np.float32)
    if len(shape) == 1:
        return rng.uniform(-0.1, 0.1, shape).astype(np.float32) + name.endswith("weight")
    scale = np.sqrt(1.6 / np.prod(shape[1:]))
    return (rng.randn(*shape) * scale).astype(np.float32)


@pytest.mark.parametrize("name", sorted(STORED))
def test_equal_predictions(name):
    stored = STORED[name]
    names = list(stored["shapes"])
    random.Random(0).shuffle(names)  # safetensors does not keep the order of layers
    arrays = {each: numbers(each, stored["shapes"][each]) for each in names}
    net = get_model(name, classes=zoo_names.classes_in(arrays))
    zoo_names.fill(net, name, arrays)
    size = stored["size"]
    x = np.random.RandomState(0).rand(1, 3, size, size).astype(np.float32)
    found = net(mx.nd.array(x)).asnumpy()[0]
    np.testing.assert_allclose(found, stored["output"], rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("name", ["resnet50_v1", "resnet18_v2", "mobilenet1.0", "mobilenetv2_1.0"])
def test_networks_that_compute_something_else(name):
    net = get_model(name)
    with pytest.raises(mx.MXNetError, match="cannot take these parameters"):
        zoo_names.fill(net, name, {})


def test_parameters_of_another_network():
    arrays = {n: numbers(n, s) for n, s in STORED["squeezenet1.1"]["shapes"].items()}
    for name, words in (("squeezenet1.0", "does not fit"), ("resnet18_v1", "layers")):
        net = get_model(name)
        net.initialize()
        with pytest.raises(mx.MXNetError, match=words):
            zoo_names.fill(net, name, arrays)
