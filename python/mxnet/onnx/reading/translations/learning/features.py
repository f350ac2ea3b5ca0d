"""The simplest operators of the domain ai.onnx.ml."""

from ...registry import translates


@translates("Binarizer", domain="ai.onnx.ml")
def binarizer(node, x):
    above = node.binary("greater", x, node.const(node.attr("threshold", 0.0), x.dtype))
    return node.cast(above, x.dtype)


@translates("ArrayFeatureExtractor", domain="ai.onnx.ml")
def array_features(node, x, places):
    count = places.shape[-1]
    return node.take(x, node.reshape(places, (count,)), x.rank - 1)


@translates("Scaler", domain="ai.onnx.ml")
def scaler(node, x):
    x = node.cast(x, "float32")
    shift, factor = node.attr("offset", [0.0]), node.attr("scale", [1.0])
    return node.mul(node.sub(x, node.const(shift)), node.const(factor))
