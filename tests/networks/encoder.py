"""A transformer's encoder over words, with masks for the lengths of sentences."""

import math

import mxnet as mx

nn = mx.gluon.nn


class Encoder(mx.gluon.HybridBlock):
    """Layers of BERT's encoder.

    The attention is interleaved, as gluonnlp has it, or written with batch_dot and reshapes that
    keep sizes.

    Args:
        interleaved (bool): How attention is written.
        layers, units, heads (int): Number of layers, of features of a word, and of heads.
        words, most (int): Size of the vocabulary, and words of the longest sentence.
    """

    def __init__(self, interleaved, layers=2, units=16, heads=2, words=30, most=12):
        super().__init__()
        self._heads, self._units, self._interleaved = heads, units, interleaved
        self.words, self.places = nn.Embedding(words, units), nn.Embedding(most, units)
        self.start = nn.LayerNorm()
        self.parts = nn.HybridSequential()
        for _ in range(layers):
            part = nn.HybridSequential()
            part.add(
                nn.Dense(3 * units, flatten=False),
                nn.Dense(units, flatten=False),
                nn.LayerNorm(),
                nn.Dense(4 * units, flatten=False),
                nn.GELU(),
                nn.Dense(units, flatten=False),
                nn.LayerNorm(),
            )
            self.parts.add(part)
        self.pool = nn.Dense(units, activation="tanh")

    def _attend(self, F, projections, mask):
        if self._interleaved:
            x = F.swapaxes(projections, 0, 1)
            scores = F.contrib.interleaved_matmul_selfatt_qk(x, heads=self._heads)
            weights = F.softmax(F.broadcast_add(scores, mask), axis=-1)
            found = F.contrib.interleaved_matmul_selfatt_valatt(x, weights, heads=self._heads)
            return F.swapaxes(found, 0, 1)
        x = F.reshape(projections, (0, 0, 3, self._heads, -1))
        x = F.transpose(x, (2, 0, 3, 1, 4))
        q, k, v = (
            F.reshape(F.slice_axis(x, axis=0, begin=i, end=i + 1), (-3, -2)) for i in range(3)
        )
        q, k, v = (F.reshape(each, (-3, 0, 0)) for each in (q, k, v))
        scores = F.batch_dot(q, k, transpose_b=True) / math.sqrt(self._units // self._heads)
        weights = F.softmax(F.broadcast_add(scores, mask), axis=-1)
        found = F.reshape(F.batch_dot(weights, v), (-4, -1, self._heads, 0, 0))
        return F.reshape(F.transpose(found, (0, 2, 1, 3)), (0, 0, -3))

    def hybrid_forward(self, F, tokens, lengths):
        steps = F.contrib.arange_like(tokens, axis=1)
        inside = F.broadcast_lesser(F.expand_dims(steps, 0), F.expand_dims(lengths, 1))
        mask = F.repeat(F.expand_dims((1 - inside) * -1e4, 1), repeats=self._heads, axis=0)
        x = self.start(F.broadcast_add(self.words(tokens), F.expand_dims(self.places(steps), 0)))
        for part in self.parts:
            project, out, norm, wide, bend, narrow, last = part
            x = norm(x + out(self._attend(F, project(x), mask)))
            x = last(x + narrow(bend(wide(x))))
        return x, self.pool(F.squeeze(F.slice_axis(x, axis=1, begin=0, end=1), axis=1))
