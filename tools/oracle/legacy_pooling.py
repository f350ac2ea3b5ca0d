"""Stores what the Inception-BN graph of 2015 answers once its pooling is told to round up.

usage: MXNET_SUBGRAPH_BACKEND=NONE REMX_SHARED_DATA=DIR python legacy_pooling.py   (MXNet 1.9.1)

MXNet 1.9.1 cannot infer the file as it is; here `pooling_convention=full` is written into it
first. Parameters and input are those of tests/compat/test_shared_data.py.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/compat"))

import numpy as np  # noqa: E402
import test_shared_data as shared  # noqa: E402

import mxnet as mx  # noqa: E402


def main():
    path = shared.SHARED / "inception_bn_symbol/2015_Inception_BN-symbol.json"
    graph = json.loads(path.read_text())
    for node in graph["nodes"]:
        if node["op"] == "Pooling":
            node["param"]["pooling_convention"] = "full"
    answer = shared.predict_by_recipe(mx.sym.load_json(json.dumps(graph)))
    print("top", answer.argmax(), answer.max())
    np.save(ROOT / "tests/data/inception_bn_2015.npy", answer)


if __name__ == "__main__":
    main()
