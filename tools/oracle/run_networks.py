"""Stores what MXNet 1.9.1 answers for every network of tests/networks/catalog.py.

usage: MXNET_SUBGRAPH_BACKEND=NONE python run_networks.py [NAME...]       (run under MXNet 1.9.1)
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/networks"))

import numpy as np  # noqa: E402
from catalog import DATA_FOLDER, NETWORKS, softmax  # noqa: E402

import mxnet as mx  # noqa: E402


def check_spread(name, output, values):
    """Stops when the top probability of a sample says nothing: uniform, certain or NaN."""
    if values.shape[1] != 1000 and not output.startswith("softmax"):
        return ""
    is_probability = np.allclose(values.sum(axis=1), 1, atol=1e-3)
    top = (values if is_probability else softmax(values)).max(axis=1)
    if not (np.all(top > 0.01) and np.all(top < 0.999)):
        raise SystemExit(f"{name} {output}: top probabilities {top} are not spread")
    return f"top {top}"


def main():
    if os.environ.get("MXNET_SUBGRAPH_BACKEND") != "NONE":
        raise SystemExit("set MXNET_SUBGRAPH_BACKEND=NONE: the default fusion computes wrongly")
    DATA_FOLDER.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or NETWORKS:
        network = NETWORKS[name]
        if network.expected:
            continue
        outputs = network.predict(mx)
        for output, values in outputs.items():
            print(name, output, values.shape, check_spread(name, output, values), flush=True)
        np.savez_compressed(network.stored_path(), **outputs)


if __name__ == "__main__":
    main()
