import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(13)


def lrn(x, nsize, alpha=1e-4, beta=0.75, knorm=2.0):
    reach = (nsize - 1) // 2
    channels = x.shape[1]
    total = np.zeros_like(x)
    for c in range(channels):
        total[:, c] = (x[:, max(0, c - reach) : c + reach + 1] ** 2).sum(1)
    return x * (knorm + alpha / nsize * total) ** -beta


X = R.normal(size=(2, 5, 2, 3))
CASES = [
    Case(
        "LRN",
        [X],
        lrn,
        {"nsize": 3, "alpha": 0.5},
        FLOATS,
        second=True,
        rtol=2e-5,
        grad_tol=2e-5,
        oracle="1.9.1 lacks types",
    ),
    Case("LRN", [X], lrn, {"nsize": 5}),
    Case("LRN", [X], lrn, {"nsize": 4, "alpha": 1.0, "beta": 0.5, "knorm": 1.0}),
    Case("LRN", [X], lrn, {"nsize": 1, "alpha": 1.0, "beta": 0.5, "knorm": 1.0}),
    Case("LRN", [R.normal(size=(2, 20, 9, 9))], lrn, {"nsize": 5, "alpha": 0.1}, grad=False),
    Case("LRN", [X[:, :, 0]], lrn, {"nsize": 3, "alpha": 0.5}),
    Case("LRN", [X[:, :, 0, 0]], lrn, {"nsize": 3, "alpha": 0.5}),
]
FAULTS = [
    Fault("LRN", [X], "LRN: nsize is missing"),
    Fault("LRN", [X], "LRN: nsize=0 is out of range", {"nsize": 0}, oracle="1.9.1 divides by 0"),
    Fault("LRN", [np.ones(3)], r"LRN: data=\(3,\) has 1 axes", {"nsize": 3}),
]
TestLrn = operator_tests(CASES, FAULTS)
