import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(15)
X = R.normal(size=(4, 3))
LABEL = np.array([0.0, 2, 1, 1])


def gradient(x, label, head, margin=1.0, regularization_coefficient=1.0, use_linear=False):
    sign = np.where(np.arange(x.shape[1]) == label[:, None], 1.0, -1.0)
    missing = margin - sign * x
    loss = (missing > 0) * 1.0 if use_linear else 2 * np.maximum(missing, 0)
    return [-sign * regularization_coefficient * loss, None]


CASES = [
    Case(
        "SVMOutput",
        [X, LABEL],
        lambda x, label, **_: x,
        attrs,
        ["float32", "float64"],
        grad=(0,),
        grad_reference=gradient,
    )
    for attrs in [
        {},
        {"use_linear": True},
        {"margin": 0.75, "regularization_coefficient": 0.5},
        {"margin": 0.75, "regularization_coefficient": 0.5, "use_linear": True},
    ]
]
FAULTS = [Fault("SVMOutput", [X, np.ones(3)], r"SVMOutput: label=\(3,\)")]
TestSvmOutput = operator_tests(CASES, FAULTS)
