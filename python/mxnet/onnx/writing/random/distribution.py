"""Arrays of random numbers: each run of a file has other ones."""

from ..dtypes import code_of
from ..registry import translates


@translates("_random_uniform", kind="one", ignores=("shape", "dtype"))
def uniform(node, g):
    attrs = node.attrs
    return g.RandomUniform(
        shape=node.out_shape(), low=attrs.low, high=attrs.high, dtype=code_of(node.out_dtype())
    )


@translates("_random_normal", kind="one", ignores=("shape", "dtype"))
def normal(node, g):
    attrs = node.attrs
    return g.RandomNormal(
        shape=node.out_shape(), mean=attrs.loc, scale=attrs.scale, dtype=code_of(node.out_dtype())
    )


@translates("_random_uniform_like", kind="one")
def uniform_like(node, g):
    return g.RandomUniformLike(node.inputs[0], low=node.attrs.low, high=node.attrs.high)


@translates("_random_normal_like", kind="one")
def normal_like(node, g):
    return g.RandomNormalLike(node.inputs[0], mean=node.attrs.loc, scale=node.attrs.scale)
