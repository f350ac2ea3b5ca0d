"""Exports the model-zoo networks of MXNet 1.9.1 as symbol JSON (run under MXNet 1.9.1).

usage: python export_model_zoo.py [FOLDER]      (default: tests/compat/networks)

Every network is exported in a process of its own, so that block names start at zero as they
do for a user who exports one network. Files are gzip-compressed without a time stamp.
"""

import gzip
import subprocess
import sys
import tempfile
from pathlib import Path

NETWORKS = {
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


def export(model, target):
    """Writes the JSON of one model-zoo network to `target` (.json.gz)."""
    import mxnet as mx
    from mxnet.gluon.model_zoo import vision

    size = 299 if model == "inceptionv3" else 224
    net = vision.get_model(model)
    net.initialize(mx.init.Zero())
    net.hybridize()
    net(mx.nd.zeros((1, 3, size, size)))
    with tempfile.TemporaryDirectory() as folder:
        prefix = Path(folder) / "net"
        net.export(str(prefix))
        text = Path(f"{prefix}-symbol.json").read_bytes()
    Path(target).write_bytes(gzip.compress(text, 9, mtime=0))


def main():
    here = Path(__file__).resolve().parents[2]
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "tests/compat/networks"
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in NETWORKS.items():
        target = folder / f"{name}-symbol.json.gz"
        subprocess.run([sys.executable, __file__, "one", model, str(target)], check=True)
        print(name, target.stat().st_size, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        export(sys.argv[2], sys.argv[3])
    else:
        main()
