"""Writes networks that MXNet 1.9.1 fused, and quantized after that, with its predictions.

Run it with a Python that has MXNet 1.9.1, with its default backend::

    python tools/oracle/write_fused.py

It writes ``tests/data/fused/<network>_<way>-symbol.json``, ``-0000.params`` and ``.npy``.
"""

import pathlib
import sys

import numpy as np

import mxnet as mx
from mxnet.contrib import quantization

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "python" / "contrib"))

import quantized_networks as networks  # noqa: E402

WAYS = {
    "fused": None,
    "sums": {"calib_mode": "none", "quantized_dtype": "int8"},
    "calibrated": {"calib_mode": "naive", "quantized_dtype": "auto"},
    "channels": {
        "calib_mode": "naive",
        "quantized_dtype": "int8",
        "quantize_granularity": "channel-wise",
    },
}


def made(network, way):
    sym, shape = networks.NETWORKS[network](), networks.SHAPES[network]
    arguments, states = networks.parameters(sym, shape)
    if way is None:
        return sym.get_backend_symbol("MKLDNN"), arguments, states
    options = dict(way, quantize_mode="full", ctx=mx.cpu())
    if way["calib_mode"] != "none":
        pictures = networks.images(shape)
        options["calib_data"] = mx.io.NDArrayIter(pictures, np.zeros(12), batch_size=4)
    sym = sym.get_backend_symbol("MKLDNN_QUANTIZE")
    sym, arguments, states = quantization.quantize_model(sym, arguments, states, **options)
    return sym.get_backend_symbol("MKLDNN_QUANTIZE"), arguments, states


def main():
    folder = ROOT / "tests" / "data" / "fused"
    folder.mkdir(exist_ok=True)
    for network in networks.NETWORKS:
        for name, way in WAYS.items():
            model = made(network, way)
            path = str(folder / f"{network}_{name}")
            try:
                result = networks.predict(*model, networks.images(networks.SHAPES[network], 4))
            except mx.base.MXNetError as problem:
                print(f"{network} {name}: 1.9.1 cannot run it: {str(problem).splitlines()[-1]}")
                continue
            np.save(path + ".npy", result)
            mx.model.save_checkpoint(path, 0, *model)


if __name__ == "__main__":
    main()
