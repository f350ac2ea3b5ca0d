"""Writes what MXNet 1.9.1 makes of small networks when it quantizes them.

Run it with a Python that has MXNet 1.9.1::

    MXNET_SUBGRAPH_BACKEND=NONE python tools/oracle/write_quantized.py

It writes ``tests/data/quantized_networks.json``: for each network of
``tests/python/contrib/quantized_networks.py`` and each way of quantization the nodes of the graph
and the sums of the quantized parameters.
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "python" / "contrib"))

import quantized_networks  # noqa: E402


def main():
    stored = {key: quantized_networks.described(key) for key in quantized_networks.CASES}
    path = ROOT / "tests" / "data" / "quantized_networks.json"
    path.write_text(json.dumps(stored, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
