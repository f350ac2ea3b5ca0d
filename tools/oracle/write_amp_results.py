"""Writes tests/data/amp/networks.json: networks that MXNet 1.9.1 converted to mixed precision.

Run with the Python of MXNet 1.9.1: ``python tools/oracle/write_amp_results.py``.
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "networks"))

import amp_networks  # noqa: E402

import mxnet as mx  # noqa: E402
from mxnet.contrib import amp  # noqa: E402


def converted(network, options):
    """None where MXNet 1.9.1 has no kernel of the low precision and refuses."""
    try:
        return amp_networks.structure(amp.convert_symbol(network, **options))
    except mx.MXNetError:
        return None


results = {
    name: [converted(amp_networks.build(name), options) for options in amp_networks.OPTIONS]
    for name in amp_networks.NETWORKS
}
path = ROOT / "tests" / "data" / "amp" / "networks.json"
path.write_text(json.dumps(results, indent=1) + "\n")
