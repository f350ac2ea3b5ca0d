"""Results of MXNet 1.9.1 for random operators on pictures, made by tools/oracle."""

import pathlib

import numpy as np

import mxnet as mx

FILE = pathlib.Path(__file__).parents[2] / "data" / "ops" / "image.npz"


def check_draws(name, dtype, **attrs):
    """Compares two calls after each seed, bit for bit."""
    with np.load(FILE) as stored:
        picture, seeds, expected = stored["picture"], stored["seeds"], stored[f"{name}-{dtype}"]
    data, results = mx.nd.array(picture, dtype=dtype), []
    for seed in seeds:
        mx.random.seed(int(seed))
        results += [getattr(mx.nd.image, name)(data, **attrs).asnumpy() for _ in range(2)]
    np.testing.assert_array_equal(np.stack(results), expected)


def picture_batch(name, data, **attrs):
    """What the operator makes of a batch, and of its pictures one after the other."""
    operator = getattr(mx.nd.image, name)
    mx.random.seed(5)
    batch = operator(data, **attrs).asnumpy()
    mx.random.seed(5)
    return batch, np.stack([operator(each, **attrs).asnumpy() for each in data])
