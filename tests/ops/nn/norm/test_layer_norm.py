import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

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
FAULTS = [
    Fault("LayerNorm", inputs((3, 4)), "LayerNorm: axis=2", {"axis": 2}, kind=IndexError),
    Fault("LayerNorm", [np.ones((3, 5)), *inputs((3, 4))[1:]], r"LayerNorm: gamma=\(4,\)"),
]
TestLayerNorm = operator_tests(CASES, FAULTS)
