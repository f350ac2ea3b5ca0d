import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(16)
X, X4 = R.normal(size=(4, 3)), R.normal(size=(2, 3, 2, 2))


def softmax_activation(x, mode="instance"):
    axes = 1 if mode == "channel" else tuple(range(1, x.ndim))
    e = np.exp(x - x.max(axes, keepdims=True))
    return e / e.sum(axes, keepdims=True)


CASES = [
    Case("SoftmaxActivation", [X], softmax_activation, second=True),
    Case("SoftmaxActivation", [X4], softmax_activation, second=True),
    Case("SoftmaxActivation", [X4], softmax_activation, {"mode": "channel"}, second=True),
]
FAULTS = [
    Fault("SoftmaxActivation", [X], r"data=\(4, 3\) has 2 axes", {"mode": "channel"}),
    Fault("SoftmaxActivation", [np.ones(3)], r"data=\(3,\) has 1 axes"),
]
TestSoftmaxActivation = operator_tests(CASES, FAULTS)
