"""Layers at the end of a network: they predict, and their gradient is that of a loss."""

import numpy as np

from ...registry import translates
from ..activation.softmax import over_instances

# What only gradients depend on.
_LOSS = (
    "grad_scale",
    "ignore_label",
    "margin",
    "normalization",
    "out_grad",
    "regularization_coefficient",
    "smooth_alpha",
    "use_ignore",
    "use_linear",
)


@translates("SoftmaxOutput", ignores=_LOSS, unused=("label",), kind="one")
def softmax_output(node, g):
    if node.attrs.multi_output:
        node.attrs.ignore("preserve_shape")
        return g.Softmax(node.inputs[0], axis=1)
    if node.attrs.preserve_shape:
        return g.Softmax(node.inputs[0], axis=node.rank() - 1)
    return over_instances(node, g)


@translates(
    "LinearRegressionOutput",
    "MAERegressionOutput",
    "SVMOutput",
    ignores=_LOSS,
    unused=("label",),
    kind="one",
)
def unchanged(node, g):
    return node.inputs[0]


@translates("LogisticRegressionOutput", ignores=_LOSS, unused=("label",), kind="one")
def logistic_output(node, g):
    return g.Sigmoid(node.inputs[0])


@translates("softmax_cross_entropy")
def softmax_cross_entropy(node, g):
    """Minus the sum of the logarithms at the labels."""
    classes = g.unsqueeze(node.input_as(1, np.dtype("int64")), 1)
    found = g.GatherElements(g.LogSoftmax(node.inputs[0], axis=1), classes, axis=1)
    return g.Neg(g.reduce("ReduceSum", g.Reshape(found, g.ints(-1)), [0], True))
