import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(20)


def instance_norm(x, gamma, beta, eps=1e-3):
    axes = tuple(range(2, x.ndim))
    shape = (-1, *[1] * len(axes))
    normal = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)
    return normal * gamma.reshape(shape) + beta.reshape(shape)


def inputs(*shape):
    return [R.normal(size=shape), R.normal(size=shape[1]), R.normal(size=shape[1])]


CASES = [
    Case("InstanceNorm", inputs(2, 3, 4), instance_norm, rtol=1e-4, atol=2e-5),
    Case(
        "InstanceNorm",
        inputs(2, 3, 2, 3),
        instance_norm,
        {"eps": 0.1},
        grad=(0, 1),
        second=True,
        rtol=1e-4,
        atol=2e-5,
    ),
    Case(
        "InstanceNorm",
        inputs(2, 3, 70),
        instance_norm,
        dtypes=FLOATS,
        rtol=1e-4,
        atol=2e-5,
        oracle="1.9.1 has no bfloat16",
    ),
]
FAULTS = [
    Fault("InstanceNorm", inputs(2, 3), r"InstanceNorm: data=\(2, 3\) has 2 axes"),
    Fault("InstanceNorm", [np.ones((2, 3, 4)), np.ones(4), np.ones(4)], r"gamma=\(4,\)"),
]
TestInstanceNorm = operator_tests(CASES, FAULTS)
