"""Networks of mx.np's operators that make and move elements, for tests/data/numpy_shapes.

usage: MXNET_SUBGRAPH_BACKEND=NONE python write_numpy_shapes.py FOLDER, with MXNet 1.9.1

Writes for each network what `export` writes, and its inputs, outputs and gradients of the sum of
all outputs, each weighted by its place, in <name>.npz. Gradients pass no quarter turn, no
np.where with numbers and no np.atleast_2d, which 1.9.1 gets wrong.
"""

import pathlib
import sys

import numpy

import mxnet as mx
from mxnet import autograd, gluon, np, npx

npx.set_np()


class Attention(gluon.HybridBlock):
    """Heads of attention with a causal mask, as books write them with mx.np."""

    def __init__(self, units=8, heads=2):
        super().__init__()
        self.heads = heads
        self.queries = gluon.nn.Dense(units, flatten=False)
        self.values = gluon.nn.Dense(units, flatten=False)

    def split(self, F, x):
        x = F.npx.reshape(x, (-2, -2, self.heads, -1))
        x = F.np.transpose(x, (0, 2, 1, 3))
        return F.npx.reshape(x, (-1, -2, -2), reverse=True)

    def hybrid_forward(self, F, x, valid):
        q, v = self.split(F, self.queries(x)), self.split(F, self.values(x))
        scores = F.npx.batch_dot(q, q, transpose_b=True)
        past = F.np.tril(F.np.ones((5, 5)))
        hidden = F.np.full_like(scores, -1e6)
        scores = F.np.where(past, scores, hidden)
        seen = F.np.expand_dims(valid, axis=1)
        seen = F.np.concatenate([seen, seen], axis=0)
        weights = F.npx.softmax(F.np.where(seen, scores, hidden))
        mixed = F.npx.reshape(F.npx.batch_dot(weights, v), (-6, -1, self.heads, -2, -2))
        mixed = F.np.moveaxis(mixed, 1, 2).reshape((2, 5, -1))
        return F.np.concatenate([mixed, x], axis=-1)


class Pictures(gluon.HybridBlock):
    """Turns, pads and joins pictures."""

    def __init__(self):
        super().__init__()
        self.conv = gluon.nn.Conv2D(4, 3, in_channels=6)

    def hybrid_forward(self, F, x):
        turned = F.np.rot90(x, 2, (2, 3))
        both = F.np.concatenate([F.np.flip(x, 3), F.np.roll(turned, (1, 2), axis=(2, 3))], axis=1)
        y = self.conv(F.np.pad(both, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="constant"))
        left, right = F.np.hsplit(y, 2)
        window = F.np.broadcast_to(F.np.hanning(6), (2, 2, 6, 6))
        joined = F.np.stack([left * window, right], axis=0)
        diagonal = F.np.squeeze(F.np.diagonal(joined, 0, 3, 4)[:, :1], axis=1)
        places = F.np.arange(6) + F.np.zeros((2, 6))
        flat = F.np.vstack([F.np.trace(y, 0, 2, 3), F.np.atleast_2d(F.np.ones(4))])
        return F.np.hstack([diagonal.reshape((2, -1)), places]), flat


NETWORKS = {
    "attention": (Attention, lambda r: [r.normal(size=(2, 5, 8)), r.uniform(size=(2, 5)) > 0.3]),
    "pictures": (Pictures, lambda r: [r.normal(size=(2, 3, 6, 6))]),
}


def write(folder, name, make, inputs):
    mx.random.seed(1)
    net = make()
    net.initialize(mx.init.Normal(0.5))
    net.hybridize()
    arrays = [np.array(x.astype("float32")) for x in inputs(numpy.random.RandomState(7))]
    arrays[0].attach_grad()
    with autograd.record():
        outputs = net(*arrays)
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        heads = [np.arange(y.size).reshape(y.shape) / y.size for y in outputs]
        total = sum((y * h).sum() for y, h in zip(outputs, heads))
    total.backward()
    net.export(str(folder / name))
    stored = {f"input{i}": x.asnumpy() for i, x in enumerate(arrays)}
    stored |= {f"output{i}": y.asnumpy() for i, y in enumerate(outputs)}
    numpy.savez(folder / f"{name}.npz", gradient=arrays[0].grad.asnumpy(), **stored)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, (make, inputs) in NETWORKS.items():
        write(folder, name, make, inputs)


if __name__ == "__main__":
    main()
