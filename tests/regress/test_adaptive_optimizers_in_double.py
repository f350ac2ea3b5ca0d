"""AdaGrad, RMSProp, AdaDelta and Ftrl kept states in single precision and failed in double."""

import numpy as np
import pytest

import mxnet as mx

OPTIMIZERS = [
    ("adagrad", {}),
    ("rmsprop", {}),
    ("rmsprop", {"centered": True}),
    ("adadelta", {}),
    ("ftrl", {}),
]


@pytest.mark.parametrize("dtype, rtol", [("float64", 1e-5), ("float16", 2e-2)])
@pytest.mark.parametrize("name, options", OPTIMIZERS, ids=str)
def test_as_in_single(name, options, dtype, rtol):
    def updated(dtype):
        updater = mx.optimizer.get_updater(mx.optimizer.create(name, **options))
        weight = mx.nd.array([[0.5, -1], [2, 0.25]], dtype=dtype)
        for step in range(3):
            updater(0, mx.nd.array([[1, 0.5], [-0.5, step]], dtype=dtype), weight)
        return weight.asnumpy()

    found = updated(dtype)
    assert found.dtype == np.dtype(dtype)
    np.testing.assert_allclose(found, updated("float32"), rtol=rtol, atol=rtol / 10)
