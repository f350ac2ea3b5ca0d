"""Sequences are compared with those of MXNet 1.9.1 in tests/compat/test_random.py."""

import numpy as np
import pytest
from harness import Fault, operator_tests

import mxnet as mx

I = mx.nd._internal  # noqa: E741
A, B = mx.nd.array([1.0, 4.0]), mx.nd.array([0.5, 2.0])
N = 20000
MEANS = [
    ("uniform", {"low": -1, "high": 3}, 1),
    ("normal", {"loc": 2, "scale": 3}, 2),
    ("gamma", {"alpha": 2, "beta": 1.5}, 3),
    ("exponential", {"lam": 4}, 0.25),
    ("poisson", {"lam": 4}, 4),
    ("poisson", {"lam": 30}, 30),
    ("negative_binomial", {"k": 3, "p": 0.4}, 4.5),
    ("generalized_negative_binomial", {"mu": 2, "alpha": 0.3}, 2),
]


@pytest.mark.parametrize("name, attrs, mean", MEANS)
def test_mean(name, attrs, mean):
    mx.random.seed(7)
    drawn = getattr(I, "_random_" + name)(shape=(N,), **attrs).asnumpy()
    assert abs(drawn.mean() - mean) < 5 * drawn.std() / N**0.5
    like = getattr(I, "_random_" + name + "_like")(mx.nd.zeros((N,)), **attrs).asnumpy()
    assert abs(like.mean() - mean) < 5 * like.std() / N**0.5


def test_parameters_in_arrays():
    mx.random.seed(7)
    drawn = I._sample_normal(A, B, shape=(N,)).asnumpy()
    assert drawn.shape == (2, N)
    assert np.abs(drawn.mean(1) - [1, 4]).max() < 0.1
    assert np.abs(drawn.std(1) - [0.5, 2]).max() < 0.1


def test_randint_covers_its_range():
    drawn = I._random_randint(low=-2, high=3, shape=(1000,))
    assert drawn.dtype == np.int32
    assert set(drawn.asnumpy()) == {-2, -1, 0, 1, 2}


def test_output_tells_shape_and_dtype():
    out = mx.nd.zeros((2, 3), dtype="float64")
    I._random_uniform(low=1, high=2, out=out)
    assert out.dtype == np.float64
    assert (out.asnumpy() >= 1).all()


FAULTS = [
    Fault("_random_uniform", [], "low=2 and high=1 make no", {"low": 2, "high": 1, "shape": (2,)}),
    Fault(
        "_random_normal",
        [],
        "expected finite numbers and a positive scale",
        {"scale": 0, "shape": (2,)},
    ),
    Fault("_random_gamma", [], "expected positive finite numbers", {"alpha": 0, "shape": (2,)}),
    Fault("_random_poisson", [], "lam=-1 make no", {"lam": -1, "shape": (2,)}),
    Fault("_random_randint", [], "high=3 is not above", {"low": 3, "high": 3, "shape": (2,)}),
    Fault("_random_uniform", [], "shape of output 0 cannot be told"),
]
TestDistribution = operator_tests([], FAULTS)
