"""BERT-base's encoder as GluonNLP builds it, in symbols that MXNet 1.9.1 reads as well."""

import math

import numpy as np

LAYERS, UNITS, HIDDEN, HEADS = 12, 768, 3072, 12


def layer(mx, data, name, dropout):
    """One layer on (length, batch, units)."""
    sym = mx.sym

    def dense(x, units, part):
        return sym.FullyConnected(x, num_hidden=units, flatten=False, name=f"{name}_{part}")

    def joined(x, shortcut, part):
        x = sym.Dropout(x, p=dropout) if dropout else x
        return sym.LayerNorm(x + shortcut, eps=1e-12, name=f"{name}_{part}_norm")

    qkv = dense(data, 3 * UNITS, "qkv")
    scores = sym.contrib.interleaved_matmul_selfatt_qk(qkv, heads=HEADS)
    weights = sym.softmax(scores, axis=-1)
    weights = sym.Dropout(weights, p=dropout) if dropout else weights
    context = sym.contrib.interleaved_matmul_selfatt_valatt(qkv, weights, heads=HEADS)
    data = joined(dense(context, UNITS, "proj"), data, "attention")
    wide = dense(data, HIDDEN, "wide")
    wide = 0.5 * wide * (1 + sym.erf(wide / math.sqrt(2)))
    return joined(dense(wide, UNITS, "narrow"), data, "ffn")


def encoder(mx, layers=LAYERS, dropout=0.0):
    """From embedded words (batch, length, units) to (batch, length, units)."""
    data = mx.sym.transpose(mx.sym.Variable("data"), axes=(1, 0, 2))
    for number in range(layers):
        data = layer(mx, data, f"layer{number}", dropout)
    return mx.sym.transpose(data, axes=(1, 0, 2), name="encoded")


def parameters(symbol, batch, length):
    """Arrays of a seeded generator by name."""
    generator = np.random.RandomState(0)
    shapes, _, _ = symbol.infer_shape(data=(batch, length, UNITS))
    made = {}
    for name, shape in zip(symbol.list_arguments(), shapes):
        if name == "data":
            continue
        if name.endswith("gamma"):
            values = np.ones(shape)
        elif name.endswith(("bias", "beta")):
            values = generator.uniform(-0.02, 0.02, shape)
        else:
            values = generator.normal(0, 0.03, shape)
        made[name] = values.astype("float32")
    return made


def words(batch, length):
    return np.random.RandomState(1).normal(0, 1, (batch, length, UNITS)).astype("float32")
