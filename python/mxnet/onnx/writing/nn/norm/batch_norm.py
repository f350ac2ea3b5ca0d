"""Batch norm with its averages."""

import numpy as np

from ...registry import translates

_TRAINING = ("momentum", "use_global_stats", "min_calib_range", "max_calib_range", "ndev", "key")


def batch_norm(node, g, axis=1):
    attrs = node.attrs
    data, gamma, beta, mean, variance = node.inputs
    if attrs.fix_gamma:
        gamma = g.constant(np.ones(node.shape(1), node.dtype(1)))
    axis = node.axis(axis)
    if axis == 1:
        found = g.BatchNormalization(data, gamma, beta, mean, variance, epsilon=attrs.eps)
    else:
        found = _along(node, g, axis, gamma)
    if not attrs.output_mean_var:
        return found
    inverse = g.Reciprocal(g.Sqrt(g.Add(variance, g.number(attrs.eps, node.dtype(4)))))
    return [found, mean, inverse]


def _along(node, g, axis, gamma):
    """Along another axis: data * scale + shift."""
    data, _, beta, mean, variance = node.inputs
    root = g.Sqrt(g.Add(variance, g.number(node.attrs.eps, node.dtype(4))))
    scale = g.Div(gamma, root)
    shift = g.Sub(beta, g.Mul(mean, scale))
    behind = range(1, node.rank() - axis)
    if behind:
        scale, shift = (g.unsqueeze(each, *behind) for each in (scale, shift))
    return g.Add(g.Mul(data, scale), shift)


@translates("BatchNorm", ignores=_TRAINING, kind="one")
def batch_norm_with_axis(node, g):
    return batch_norm(node, g, node.attrs.axis)


@translates("BatchNorm_v1", "_contrib_SyncBatchNorm", ignores=_TRAINING, kind="one")
def batch_norm_of_channels(node, g):
    return batch_norm(node, g)


@translates("_contrib_BatchNormWithReLU", ignores=_TRAINING)
def batch_norm_with_relu(node, g):
    found = batch_norm(node, g, node.attrs.axis)
    if isinstance(found, str):
        return g.Relu(found)
    return [g.Relu(found[0]), *found[1:]]
