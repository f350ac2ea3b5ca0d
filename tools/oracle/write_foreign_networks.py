"""Names, shapes and outputs of networks of torchvision and timm, for tests/python/convert.

usage: python write_foreign_networks.py FOLDER, with torch, torchvision and timm

Writes torchvision.json and timm.json: for each network of the model zoo its counterpart's
parameters, and what it gives for the numbers of `numbers` and a seeded picture.
"""

import importlib.util
import json
import pathlib
import sys

import numpy as np
import timm
import torch
import torchvision

TEST = pathlib.Path(__file__).parents[2] / "tests" / "python" / "convert" / "seeded_numbers.py"
# Size of the picture and the counterpart of each network of the zoo.
NETWORKS = {
    "torchvision": {
        "squeezenet1.1": (224, "squeezenet1_1"),
        "resnet18_v1": (64, "resnet18"),
        "densenet121": (224, "densenet121"),
        "inceptionv3": (299, "inception_v3"),
        "resnet50_v1": (64, "resnet50"),
        "mobilenetv2_1.0": (64, "mobilenet_v2"),
    },
    "timm": {
        "resnet18_v2": (64, "resnetv2_18"),
        "mobilenetv2_1.0": (64, "mobilenetv2_100"),
    },
}


def numbers():
    """The function of the tests that makes parameters."""
    spec = importlib.util.spec_from_file_location("seeded_numbers", TEST)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.numbers


def network(library, name):
    if library == "timm":
        return timm.create_model(name, pretrained=False, num_classes=10)
    more = {"init_weights": False} if name == "inception_v3" else {}
    return torchvision.models.get_model(name, weights=None, num_classes=10, **more)


def entry(library, size, name, make):
    net = network(library, name).eval()
    state = {n: a for n, a in net.state_dict().items() if not n.endswith("num_batches_tracked")}
    shapes = {n: list(a.shape) for n, a in state.items()}
    filled = {n: torch.from_numpy(make(n, shape)) for n, shape in shapes.items()}
    net.load_state_dict(filled, strict=False)
    x = np.random.RandomState(0).rand(1, 3, size, size).astype(np.float32)
    with torch.no_grad():
        output = net(torch.from_numpy(x))[0].numpy()
    return {"size": size, "shapes": shapes, "output": [float(f"{v:.7g}") for v in output]}


def main():
    make = numbers()
    for library, networks in NETWORKS.items():
        found = {
            ours: entry(library, size, theirs, make) for ours, (size, theirs) in networks.items()
        }
        path = pathlib.Path(sys.argv[1]) / f"{library}.json"
        text = json.dumps(found, separators=(",", ":"))
        path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
