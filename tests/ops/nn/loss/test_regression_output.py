import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(14)
X = R.normal(size=(3, 4))
LABEL = X + R.integers(-1, 2, (3, 4))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gradient(error):
    def compute(x, label, head, grad_scale=1.0):
        return [error(x, label.reshape(x.shape)) * grad_scale / x[0].size, None]

    return compute


KINDS = {
    "LinearRegressionOutput": (lambda x, label, **_: x, gradient(lambda x, y: x - y)),
    "LogisticRegressionOutput": (
        lambda x, label, **_: sigmoid(x),
        gradient(lambda x, y: sigmoid(x) - y),
    ),
    "MAERegressionOutput": (
        lambda x, label, **_: x,
        gradient(lambda x, y: np.where(x > y, 1.0, -1.0)),
    ),
}
CASES = [
    Case(op, [x, label], forward, attrs, ["float32", "float64"], grad=(0,), grad_reference=backward)
    for op, (forward, backward) in KINDS.items()
    for x, label, attrs in [
        (X, LABEL, {}),
        (X, LABEL, {"grad_scale": 3.0}),
        (X[:, :1], LABEL[:, 0], {}),
        (X.reshape(3, 2, 2), LABEL, {}),
    ]
]
FAULTS = [
    Fault("LinearRegressionOutput", [X, np.ones((3, 5))], r"label=\(3, 5\)"),
    Fault("LinearRegressionOutput", [X, np.ones(12)], r"label=\(12,\)"),
]
TestRegressionOutput = operator_tests(CASES, FAULTS)
