import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

X = np.random.default_rng(21).normal(size=(2, 3, 2, 2))


def l2_normalization(x, mode="instance", eps=1e-10):
    axes = {"channel": 1, "spatial": tuple(range(2, x.ndim))}.get(mode, tuple(range(1, x.ndim)))
    return x / np.sqrt((x**2).sum(axes, keepdims=True) + eps)


CASES = [
    Case(
        "L2Normalization",
        [X],
        l2_normalization,
        {"mode": mode},
        ["float32", "float64"],
        second=True,
    )
    for mode in ("instance", "channel", "spatial")
]
CASES.append(Case("L2Normalization", [X[:, :, 0, 0]], l2_normalization, {"eps": 0.5}))
CASES += [
    Case(
        "L2Normalization",
        [np.random.default_rng(7).normal(size=(2, 30, 70))],
        l2_normalization,
        {"mode": mode},
        FLOATS,
        oracle="1.9.1 has no bfloat16",
    )
    for mode in ("instance", "channel", "spatial")
]
FAULTS = [
    Fault(
        "L2Normalization", [X[:, :, 0, 0]], r"has 2 axes; expected at least 3", {"mode": "channel"}
    ),
]
TestL2Normalization = operator_tests(CASES, FAULTS)
