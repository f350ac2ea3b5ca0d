"""Writes the parameters of all networks of the model zoo of MXNet 1.9.1: place, name and shape.

PYTHON_OF_MXNET tools/oracle/write_gluon_model_zoo.py    (tests/compat/gluon/model_zoo.json.gz)
"""

import gzip
import json
from pathlib import Path

import mxnet as mx
from mxnet.gluon.model_zoo import vision

TARGET = Path(__file__).resolve().parents[2] / "tests" / "compat" / "gluon" / "model_zoo.json.gz"
NAMES = """alexnet vgg11 vgg13 vgg16 vgg19 vgg11_bn vgg13_bn vgg16_bn vgg19_bn resnet18_v1
resnet34_v1 resnet50_v1 resnet101_v1 resnet152_v1 resnet18_v2 resnet34_v2 resnet50_v2 resnet101_v2
resnet152_v2 densenet121 densenet161 densenet169 densenet201 squeezenet1.0 squeezenet1.1 inceptionv3
mobilenet1.0 mobilenet0.75 mobilenet0.5 mobilenet0.25 mobilenetv2_1.0 mobilenetv2_0.75
mobilenetv2_0.5 mobilenetv2_0.25""".split()


def parameters(name):
    with mx.name.NameManager():
        net = vision.get_model(name)
    size = 299 if name == "inceptionv3" else 224
    net.infer_shape(mx.nd.zeros((1, 3, size, size)))
    return [
        [place, each.name, list(each.shape)]
        for place, each in net._collect_params_with_prefix().items()
    ]


def main():
    rows = (f"{json.dumps(name)}:{json.dumps(parameters(name))}" for name in NAMES)
    text = "{" + ",\n".join(rows).replace(", ", ",") + "}\n"
    TARGET.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
