"""Makes checkpoints with seeded weights from symbol JSON, for all programs to measure.

usage: python prepare.py OUT_DIR GRAPH...      (under MXNet 1.9.1 or Remx)

GRAPH is `NAME-symbol.json` or `NAME-symbol.json.gz`. Writes NAME-symbol.json and
NAME-0000.params; what exists is kept.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np

import mxnet as mx

IMAGE_SIZES = {"inceptionv3": 299}


def network_name(graph):
    """`resnet50_v1` of `some/folder/resnet50_v1-symbol.json.gz`."""
    return Path(graph).name.split("-symbol.json")[0]


def seeded_value(name, shape, seed):
    """He-scaled weights, positive scales and variances, small shifts; float32."""
    rng = np.random.RandomState(seed)
    if name.endswith("weight"):
        value = rng.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))
    elif name.endswith(("gamma", "var")):
        value = rng.uniform(0.5, 1.5, shape)
    else:
        value = rng.uniform(-0.1, 0.1, shape)
    return value.astype("float32")


def prepare(graph, folder):
    name = network_name(graph)
    done = folder / f"{name}-0000.params"
    if done.exists():
        return
    opener = gzip.open if str(graph).endswith(".gz") else open
    with opener(graph, "rt") as file:
        text = file.read()
    symbol = mx.sym.load_json(text)
    size = IMAGE_SIZES.get(name, 224)
    shapes, _, aux_shapes = symbol.infer_shape(data=(1, 3, size, size))
    weights = {}
    for kind, first, names, its_shapes in (
        ("arg", 1000, symbol.list_arguments(), shapes),
        ("aux", 5000, symbol.list_auxiliary_states(), aux_shapes),
    ):
        for index, (key, shape) in enumerate(zip(names, its_shapes)):
            if key != "data" and not key.endswith("label"):
                weights[f"{kind}:{key}"] = seeded_value(key, shape, first + index)
    (folder / f"{name}-symbol.json").write_text(text)
    mx.nd.save(str(done), {key: mx.nd.array(value) for key, value in weights.items()})
    print(f"{name}: {len(weights)} arrays", flush=True)


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for path in sys.argv[2:]:
        prepare(path, out)
