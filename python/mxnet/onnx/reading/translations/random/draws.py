"""Random numbers, of this library's generators: ``seed`` of a node is not heard."""

from ...dtypes import computed_in, from_enum
from ...registry import translates
from ...values import Value, is_known


def _draw(node, name, shape, dtype, **attributes):
    if not is_known(shape):
        raise node.refuse("shape", list(shape), "known sizes (input_shapes)")
    node.check_size(shape, dtype)
    stored = computed_in(dtype)
    drawn = stored if stored in ("float16", "float32", "float64") else "float32"
    # Nothing goes in, so that it would be drawn once, when the file is read, as constants are.
    value = node.fresh(name, shape=tuple(shape) or (1,), dtype=drawn, **attributes)
    return node.cast(Value(shape, drawn, value.symbol), dtype)


def _uniform(node, shape, dtype):
    low, high = node.attr("low", 0.0), node.attr("high", 1.0)
    return _draw(node, "_random_uniform", shape, dtype, low=low, high=high)


def _normal(node, shape, dtype):
    mean, scale = node.attr("mean", 0.0), node.attr("scale", 1.0)
    return _draw(node, "_random_normal", shape, dtype, loc=mean, scale=scale)


def _own_dtype(node, default):
    number = node.attr("dtype", 0)
    return from_enum(number) if number else default


@translates("RandomUniform")
def random_uniform(node):
    return _uniform(node, tuple(node.attr("shape", [])), _own_dtype(node, "float32"))


@translates("RandomNormal")
def random_normal(node):
    return _normal(node, tuple(node.attr("shape", [])), _own_dtype(node, "float32"))


@translates("RandomUniformLike")
def random_uniform_like(node, x):
    return _uniform(node, x.shape, _own_dtype(node, x.dtype))


@translates("RandomNormalLike")
def random_normal_like(node, x):
    return _normal(node, x.shape, _own_dtype(node, x.dtype))


@translates("Multinomial")
def multinomial(node, x):
    count = node.attr("sample_size", 1)
    probabilities = node.op("softmax", node.cast(x, "float32"), axis=-1)
    drawn = node.op("_sample_multinomial", probabilities, shape=(count,), dtype="int32")
    return node.cast(drawn.like((x.shape[0], count), "int32"), _own_dtype(node, "int32"))
