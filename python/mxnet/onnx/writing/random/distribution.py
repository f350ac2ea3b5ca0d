"""Arrays of random numbers: each run of a file has other ones."""

import numpy as np

from ..dtypes import code_of
from ..elemwise.special import wide
from ..registry import translates
from . import draws

_WIDE = np.dtype("float64")
# How each distribution is drawn, and the names of its parameters.
_COMPOSED = {
    "exponential": (draws.exponential, ("lam",)),
    "gamma": (draws.gamma, ("alpha", "beta")),
    "poisson": (draws.poisson, ("lam",)),
    "negative_binomial": (draws.negative_binomial, ("k", "p")),
    "generalized_negative_binomial": (draws.generalized_negative_binomial, ("mu", "alpha")),
}


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


def _composed(draw, names):
    """Translations of the operator with a shape and of that with the shape of an array."""

    def parameters(node, g, shape):
        return [g.Expand(wide(getattr(node.attrs, name)), shape) for name in names]

    def random(node, g):
        return g.cast(draw(g, *parameters(node, g, g.ints(*node.out_shape()))), node.out_dtype())

    def like(node, g):
        return g.cast(draw(g, *parameters(node, g, g.Shape(node.inputs[0]))), node.out_dtype())

    return random, like


def _sample(draw):
    """Parameters in arrays; `shape` numbers of each."""

    def function(node, g):
        new = range(node.rank(), len(node.out_dims()))
        sizes = node.out_dims()[node.rank() :]
        given = []
        for i in range(len(node.inputs)):
            value = node.input_as(i, _WIDE)
            if new:
                wide_shape = g.ints(*[1] * node.rank(), *sizes)
                value = g.Expand(g.unsqueeze(value, *new), wide_shape)
            given.append(value)
        return g.cast(draw(g, *given), node.out_dtype())

    return function


for _name, (_draw, _parameters) in _COMPOSED.items():
    _random, _like = _composed(_draw, _parameters)
    translates(f"_random_{_name}", ignores=("shape", "dtype"))(_random)
    translates(f"_random_{_name}_like")(_like)
    translates(f"_sample_{_name}", ignores=("shape", "dtype"))(_sample(_draw))
translates("_sample_uniform", ignores=("shape", "dtype"))(_sample(draws.uniform))
translates("_sample_normal", ignores=("shape", "dtype"))(_sample(draws.normal))


@translates("_random_randint", ignores=("shape", "dtype"))
def randint(node, g):
    attrs = node.attrs
    low, high = (
        g.Expand(wide(each), g.ints(*node.out_shape())) for each in (attrs.low, attrs.high)
    )
    return g.cast(g.Floor(draws.uniform(g, low, high)), node.out_dtype())


@translates("_shuffle")
def shuffle(node, g):
    """In the order of random numbers."""
    count = node.sizes(g)[0]
    count = count if isinstance(count, str) else g.ints(count)
    keys = draws.between_0_and_1(g, g.Expand(wide(0), count))
    return g.Gather(node.inputs[0], g.TopK(keys, count, axis=0, outputs=2)[1], axis=0)
