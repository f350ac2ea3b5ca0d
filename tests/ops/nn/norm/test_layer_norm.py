import numpy as np
import pytest
from harness import FLOATS, Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(18)


def layer_norm(x, gamma, beta, axis=-1, eps=1e-5, output_mean_var=False):
    mean = x.mean(axis, keepdims=True)
    std = np.sqrt(x.var(axis, keepdims=True) + eps)
    shape = [1] * x.ndim
    shape[axis] = -1
    out = (x - mean) / std * gamma.reshape(shape) + beta.reshape(shape)
    return [out, mean, std] if output_mean_var else out


def inputs(shape, axis=-1):
    return [R.normal(size=shape) + 1, R.normal(size=shape[axis]), R.normal(size=shape[axis])]


TOLERANCE = {"rtol": 1e-4, "atol": 2e-5}
CASES = [
    Case("LayerNorm", inputs((3, 4)), layer_norm, {}, FLOATS, oracle="no bfloat16", **TOLERANCE),
    Case("LayerNorm", inputs((2, 3, 4)), layer_norm, grad=(0, 1), second=True, **TOLERANCE),
    Case("LayerNorm", inputs((2, 3, 4), 1), layer_norm, {"axis": 1, "eps": 0.1}, **TOLERANCE),
    Case("LayerNorm", inputs((4, 300)), layer_norm, grad=False, **TOLERANCE),
    Case(
        "LayerNorm", inputs((3, 4)), layer_norm, {"output_mean_var": True}, grad=False, **TOLERANCE
    ),
]
# Rows one after the other and side by side, long and short, in one block and in several.
for shape, axis in [((40, 70), 1), ((3, 1100), -1), ((1200, 3), 1), ((2, 70, 3), 1)] + [
    ((300, 5, 3), 1),
    ((2, 70, 9), 1),
    ((2, 5, 600), 1),
    ((30, 600), 0),
]:
    attrs = {"axis": axis, "output_mean_var": True}
    CASES.append(
        Case("LayerNorm", inputs(shape, axis), layer_norm, {"axis": axis}, FLOATS, **TOLERANCE)
    )
    CASES.append(Case("LayerNorm", inputs(shape, axis), layer_norm, attrs, grad=False, **TOLERANCE))
FAULTS = [
    Fault("LayerNorm", inputs((3, 4)), "LayerNorm: axis=2", {"axis": 2}, kind=IndexError),
    Fault("LayerNorm", [np.ones((3, 5)), *inputs((3, 4))[1:]], r"LayerNorm: gamma=\(4,\)"),
]
TestLayerNorm = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("axis", [0, 1])
def test_variance_of_small_distances(axis):
    noise = np.random.default_rng(0).integers(-8, 9, size=(96, 96)) / 16
    x = (noise + 100000).astype("float32")  # exact in float32
    one, zero = mx.nd.ones(96), mx.nd.zeros(96)
    out, mean, std = mx.nd.LayerNorm(mx.nd.array(x), one, zero, axis=axis, output_mean_var=True)
    wide = x.astype("float64")
    assert np.abs(mean.asnumpy() / wide.mean(axis, keepdims=True) - 1).max() < 1e-7
    assert np.abs(std.asnumpy() / np.sqrt(wide.var(axis, keepdims=True) + 1e-5) - 1).max() < 1e-5
