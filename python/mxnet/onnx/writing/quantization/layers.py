"""Layers of whole numbers."""

import numpy as np

from ..nn.conv.convolution import convolution
from ..nn.fully_connected import fully_connected
from ..nn.norm.batch_norm import batch_norm
from ..nn.pool.pooling import pooling
from ..registry import translates
from . import ranges

_REAL = np.dtype("float32")


def _layer(node, g, translation):
    """Products of what whole numbers stand for, and the range of their sums."""
    count = 2 if node.attrs.no_bias else 3
    sizes = [ranges.magnitude(node, g, count + 2 * i) for i in range(count)]
    steps = [ranges.whole_step(node.dtype(i), sizes[i]) for i in range(2)]
    inputs = [ranges.to_real(g, node.inputs[i], steps[i], node.dtype(i)) for i in range(2)]
    if count == 3:
        inputs.append(g.constant(_bias(node, g, sizes, steps)))
    found = translation(node.with_inputs(inputs, _REAL), g)
    size = float(np.float32(2147483647) * np.float32(steps[0]) * np.float32(steps[1]))
    return [found, *ranges.ends(g, -size, size)]


def _bias(node, g, sizes, steps):
    """The bias in whole units of the sums, cut towards zero, as real numbers."""
    if not g.is_constant(node.inputs[2]):
        node.refuse("has a bias that is no parameter", "a parameter is expected")
    unit = np.float32(1)
    for dtype, size in ((node.dtype(0), sizes[0]), (np.int8, sizes[1])):
        step = ranges.real_step(dtype, size)
        unit *= np.float32(1 / step if step else 0)
    unit = unit * np.float32(sizes[2]) / np.float32(127.5)
    whole = np.trunc(g.constant_of(node.inputs[2]).astype(np.float32) * unit)
    return (whole * np.float64(steps[0]) * steps[1]).astype(np.float32)


@translates("_contrib_quantized_conv", ignores=("num_filter",))
def quantized_conv(node, g):
    return _layer(node, g, convolution)


@translates("_contrib_quantized_fully_connected", ignores=("num_hidden",))
def quantized_fully_connected(node, g):
    return _layer(node, g, fully_connected)


def _as_real(node, g, translation):
    """A layer that keeps the range of its data: on the whole numbers themselves."""
    dtype = node.dtype()
    real = ranges.to_real(g, node.inputs[0], 1, dtype)
    found = translation(node.with_inputs([real], _REAL), g)
    return [ranges.to_whole(g, found, 1, dtype), *node.inputs[1:3]]


@translates("_contrib_quantized_pooling", ignores=("kernel", "stride", "pad", "pooling_convention"))
def quantized_pooling(node, g):
    return _as_real(node, g, pooling)


@translates("_contrib_quantized_act")
def quantized_act(node, g):
    if node.attrs.act_type != "relu":
        node.refuse("has no 8 bits", "'relu' is expected", "act_type")
    if node.dtype() == np.uint8:
        return node.inputs[:3]
    return _as_real(node, g, lambda real, g: g.Relu(real.inputs[0]))


@translates("_contrib_quantized_flatten")
def quantized_flatten(node, g):
    return [g.Flatten(node.inputs[0], axis=1), *node.inputs[1:3]]


@translates("_contrib_quantized_batch_norm", ignores=("momentum", "use_global_stats"))
def quantized_batch_norm(node, g):
    """1.9.1 adds eps twice: its library is handed a variance of 1."""
    attrs, dtype = node.attrs, node.dtype()
    bounds = ranges.calibrated(node)
    if bounds is None:
        node.refuse("takes its range from data", "quantize with calib_mode='naive'")
    attrs.ignore("output_mean_var")
    step = ranges.real_step(dtype, ranges.magnitude(node, g, 5)) / np.sqrt(1 + attrs.eps)
    real = ranges.to_real(g, node.inputs[0], step, dtype)
    found = batch_norm(node.with_inputs([real, *node.inputs[1:5]], _REAL), g, attrs.axis)
    found = found if isinstance(found, str) else found[0]
    size = max(map(abs, bounds))
    found = ranges.to_whole(g, found, ranges.real_step(np.int8, size), np.int8)
    return [found, *ranges.ends(g, *bounds)]


@translates(
    "_contrib_quantized_embedding", ignores=("dtype", "input_dim", "output_dim", "sparse_grad")
)
def quantized_embedding(node, g):
    last = g.number(node.size(0, 1) - 1, np.int64)
    places = g.Clip(node.input_as(0, np.dtype("int64")), g.number(0, np.int64), last)
    return [g.Gather(node.inputs[1], places, axis=0), *node.inputs[2:4]]
