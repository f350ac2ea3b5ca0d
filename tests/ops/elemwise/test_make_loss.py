import numpy as np
from harness import ALL, FLOATS, Case, operator_tests

X = np.array([[0.5, -1.0, 2.0], [3.0, 0.1, -2.0]])


def same(x, **attrs):
    return x


def gradient(x, d, grad_scale=1.0, valid_thresh=0.0, normalization="null"):
    rows = int(np.prod(x.shape[:-1]))
    counts = {"null": 1, "batch": rows, "valid": max((x > valid_thresh).sum(), 1)}
    return np.full(x.shape, grad_scale / counts[normalization])


CASES = [
    Case("make_loss", [X], same, dtypes=ALL, grad_reference=lambda x, d: np.ones(x.shape)),
    Case("MakeLoss", [X], same, dtypes=FLOATS, grad_reference=gradient),
]
CASES += [
    Case(
        "MakeLoss",
        [x],
        same,
        grad_reference=gradient,
        attrs={"grad_scale": 2.5, "normalization": normalization, "valid_thresh": 0.2},
    )
    for normalization in ("null", "batch", "valid")
    for x in (X, X[0], X.reshape(1, 3, 2), X.reshape(3, 1, 2, 1))
]
TestMakeLoss = operator_tests(CASES)
