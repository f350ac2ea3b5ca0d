"""Normalizations, and dropout."""

from ...dtypes import is_float
from ...registry import translates
from ...values import Value
from ..elemwise.cast import convert


def _by_channel(node, value, rank):
    return node.reshape(value, (1, value.shape[0], *[1] * (rank - 2)))


@translates("BatchNormalization")
def batch_norm(node, x, scale, bias, mean, variance):
    eps, training = node.attr("epsilon", 1e-5), node.attr("training_mode", 0)
    four = (scale, bias, mean, variance)
    if not training and all(v.is_constant for v in four) and not x.is_constant:
        # Auxiliary states are of their own, whatever else reads the same constants.
        states = [Value.constant(v.array().copy(), v.dtype, v.name) for v in (mean, variance)]
        return node.op(
            "BatchNorm", x, scale, bias, *states, eps=eps, fix_gamma=False, use_global_stats=True
        ).like(x.shape, x.dtype)
    if not training:
        return _normalize(node, x, scale, bias, mean, variance, eps)
    momentum = node.attr("momentum", 0.9)
    axes = [i for i in range(x.rank) if i != 1]
    now = node.reduce("mean", x, axes, False)
    difference = node.sub(x, _by_channel(node, now, x.rank))
    spread = node.reduce("mean", node.mul(difference, difference), axes, False)
    moved = [
        node.add(node.scale(old, momentum), node.scale(new, 1 - momentum))
        for old, new in ((mean, now), (variance, spread))
    ]
    return (_normalize(node, x, scale, bias, now, spread, eps), *moved)


def _normalize(node, x, scale, bias, mean, variance, eps):
    factor = node.mul(scale, node.pointwise("rsqrt", node.scale(variance, shift=eps)))
    parts = [_by_channel(node, v, x.rank) for v in (mean, factor, bias)]
    return node.add(node.mul(node.sub(x, parts[0]), parts[1]), parts[2])


@translates("InstanceNormalization")
def instance_norm(node, x, scale, bias):
    return node.op("InstanceNorm", x, scale, bias, eps=node.attr("epsilon", 1e-5)).like(
        x.shape, x.dtype
    )


@translates("LayerNormalization")
def layer_norm(node, x, scale, bias=None):
    eps, axis = node.attr("epsilon", 1e-5), node.axis(node.attr("axis", -1), x.rank)
    plain = axis == x.rank - 1 and scale.shape == x.shape[-1:] and node.output_count == 1
    if plain and (bias is None or bias.shape == scale.shape) and x.dtype == "float32":
        if bias is None:
            bias = node.full(scale.shape, 0, x.dtype)
        return node.op("LayerNorm", x, scale, bias, axis=-1, eps=eps).like(x.shape, x.dtype)
    axes, dtype = list(range(axis, x.rank)), x.dtype
    wide = node.cast(x, "float32") if dtype == "float16" else x
    mean = node.reduce("mean", wide, axes, True)
    difference = node.sub(wide, mean)
    variance = node.reduce("mean", node.mul(difference, difference), axes, True)
    inverse = node.pointwise("rsqrt", node.scale(variance, shift=eps))
    result = node.mul(node.cast(node.mul(difference, inverse), dtype), scale)
    return (result if bias is None else node.add(result, bias)), mean, inverse


@translates("LRN")
def local_response_norm(node, x):
    return node.op(
        "LRN",
        x,
        nsize=node.attr("size", 1),
        alpha=node.attr("alpha", 1e-4),
        beta=node.attr("beta", 0.75),
        knorm=node.attr("bias", 1.0),
    ).like(x.shape, x.dtype)


@translates("Dropout", until=11)
def dropout_attribute(node, x):
    return x, node.full(x.shape, True, "bool") if node.wants(1) else x


@translates("Dropout", since=12)
def dropout(node, x, ratio=None, training=None):
    active = training is not None and bool(node.need(training, "training_mode").reshape(-1)[0])
    rate = 0.5 if ratio is None else float(node.need(ratio, "ratio").reshape(-1)[0])
    if not active or rate == 0:
        return x, node.full(x.shape, True, "bool") if node.wants(1) else x
    if not is_float(x.dtype) or not 0 <= rate < 1:
        raise node.refuse("ratio", rate, "a ratio of floats from 0 to below 1")
    ones = node.op("ones_like", node.cast(x, "float32")).like(x.shape)
    kept = node.op("Dropout", ones, p=rate, mode="always").like(x.shape, "float32")
    return node.mul(x, convert(node, kept, x.dtype)), node.cast(kept, "bool")
