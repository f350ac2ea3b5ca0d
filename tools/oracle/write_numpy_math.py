"""Writes a network of mx.np's reductions, products and linear algebra, with results of MXNet 1.9.1.

Run it with a Python that has MXNet 1.9.1::

    MXNET_SUBGRAPH_BACKEND=NONE python tools/oracle/write_numpy_math.py

It writes ``tests/data/numpy/math-symbol.json``, ``math-0000.params`` and ``math.npz``: the input
``data`` and each output in order (``output0`` ...).
"""

import pathlib

import numpy as np

import mxnet as mx
from mxnet.gluon import HybridBlock, nn

ROOT = pathlib.Path(__file__).parents[2]
FEATURES = 6


class Attention(HybridBlock):
    """Each row of a batch looks at all rows; layers are normalised by their moments."""

    def __init__(self):
        super().__init__()
        with self.name_scope():
            self.query = self.params.get("query", shape=(FEATURES, 4))
            self.key = self.params.get("key", shape=(FEATURES, 4))

    def hybrid_forward(self, F, x, query, key):
        scores = F.np.einsum("...id,...jd->...ij", F.np.matmul(x, query), F.np.dot(x, key))
        found = F.np.matmul(F.npx.softmax(scores / 2), x)
        mean = F.np.mean(found, axis=-1, keepdims=True)
        return (found - mean) / F.np.std(found, axis=-1, keepdims=True)


class Network(HybridBlock):
    """Statistics of what attention finds."""

    def __init__(self):
        super().__init__()
        with self.name_scope():
            self.attention = Attention()
            self.dense = nn.Dense(3, flatten=False)
            self.coefficients = self.params.get("coefficients", shape=(3,))
            self.unit = self.params.get_constant("unit", np.eye(FEATURES, dtype="float32"))

    def statistics(self, F, x):
        return [
            x.sum(axis=(0, 1)),
            x.max(axis=1),
            x.min(axis=-1, keepdims=True),
            F.np.prod(F.np.abs(x), axis=0),
            F.np.var(x, axis=1, ddof=1),
            F.np.argmax(x, axis=-1),
            F.np.argmin(x, axis=1),
            F.np.any(x > 2, axis=0),
            F.np.all(x > -2, axis=0),
            F.np.mean(x),
            F.np.average(x, weights=F.np.abs(x), axis=1),
            F.np.diff(x, n=2),
            F.np.ediff1d(x, to_begin=1.5),
            F.np.percentile(x, 30, axis=-1),
            F.np.nan_to_num(F.np.log(x), posinf=9.0, neginf=-9.0),
        ]

    def algebra(self, F, x, unit):
        products = F.np.tensordot(x, x, axes=((0, 1), (0, 1)))
        positive = products + unit
        return [
            F.np.linalg.norm(x, axis=-1),
            F.np.linalg.norm(x),
            F.np.tensordot(x, unit, axes=1),
            F.np.linalg.cholesky(positive),
            F.np.linalg.solve(positive, products),
            F.np.linalg.eigvalsh(positive),
            F.np.linalg.pinv(positive),
            F.np.linalg.svd(F.np.dot(positive, unit))[1],
            F.np.linalg.inv(positive),
        ]

    def hybrid_forward(self, F, x, coefficients, unit):
        found = self.attention(x)
        logits = self.dense(found)
        outputs = [logits, F.np.polyval(coefficients, logits)]
        return tuple(outputs + self.statistics(F, found) + self.algebra(F, found, unit))


def main():
    mx.npx.set_np()
    mx.random.seed(3)
    np.random.seed(3)
    folder = ROOT / "tests" / "data" / "numpy"
    folder.mkdir(exist_ok=True)
    net = Network()
    net.initialize(mx.init.Normal(0.7))
    net.hybridize()
    data = mx.np.array(np.random.normal(size=(2, 5, FEATURES)), dtype="float32")
    outputs = net(data)
    net.export(str(folder / "math"))
    results = {f"output{i}": output.asnumpy() for i, output in enumerate(outputs)}
    np.savez_compressed(folder / "math.npz", data=data.asnumpy(), **results)


if __name__ == "__main__":
    main()
