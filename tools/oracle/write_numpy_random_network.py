"""Stores a network that draws with mx.np, and what it gives in MXNet 1.9.1 (run under 1.9.1).

usage: python write_numpy_random_network.py [FILE]  (default: tests/data/numpy_random_network.json)
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

import mxnet as mx
from mxnet.gluon import nn

SEED = 11


class Sampler(nn.HybridBlock):
    """Draws around the outputs of two dense layers, and scales by a random gain."""

    def __init__(self):
        super().__init__()
        with self.name_scope():
            self.loc = nn.Dense(4)
            self.scale = nn.Dense(4, activation="sigmoid")

    def hybrid_forward(self, F, x):
        drawn = F.np.random.normal(self.loc(x), self.scale(x))
        gain = F.np.random.gamma(2.0, 1.5, size=(3, 4))
        return drawn * gain + F.np.random.gumbel(0.0, self.scale(x))


def main():
    here = Path(__file__).resolve().parents[2]
    default = here / "tests/data/numpy_random_network.json"
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    mx.npx.set_np()
    mx.random.seed(SEED)
    net = Sampler()
    net.initialize(mx.init.Normal(1.0))
    net.hybridize()
    x = mx.np.array(np.linspace(-1, 1, 6).reshape(3, 2), dtype="float32")
    net(x)
    mx.random.seed(SEED)
    expected = net(x).asnumpy()
    with tempfile.TemporaryDirectory() as folder:
        net.export(f"{folder}/net")
        symbol = json.loads(Path(f"{folder}/net-symbol.json").read_text())
    stored = {
        "seed": SEED,
        "symbol": symbol,
        "params": {n: p.data().asnumpy().tolist() for n, p in net.collect_params().items()},
        "data": x.asnumpy().tolist(),
        "expected": expected.tolist(),
    }
    path.write_text(json.dumps(stored) + "\n")


if __name__ == "__main__":
    main()
