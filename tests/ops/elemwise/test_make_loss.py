import numpy as np
from harness import ALL, FLOATS, Case, operator_tests

X = np.array([[0.5, -1.0, 2.0], [3.0, 0.1, -2.0]])


def same(x, **attrs):
    return x


def gradient(x, d, grad_scale=1.0, valid_thresh=0.0, normalization="null"):
    counts = {"null": 1, "batch": len(x), "valid": max((x > valid_thresh).sum(), 1)}
    return np.full(x.shape, grad_scale / counts[normalization])


CASES = [
    Case("make_loss", [X], same, dtypes=ALL, grad_reference=lambda x, d: np.ones(x.shape)),
    Case("MakeLoss", [X], same, dtypes=FLOATS, grad_reference=gradient),
]
CASES += [
    Case(
        "MakeLoss",
        [X],
        same,
        grad_reference=gradient,
        attrs={"grad_scale": 2.5, "normalization": normalization, "valid_thresh": 0.2},
    )
    for normalization in ("null", "batch", "valid")
]
TestMakeLoss = operator_tests(CASES)
