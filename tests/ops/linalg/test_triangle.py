import numpy as np
from harness import Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(73)


def places(n, offset, lower):
    """Rows and columns: the lower triangle row by row, the upper one column by column."""
    if offset < 0 or (offset == 0 and lower):
        return np.tril_indices(n, offset)
    return np.tril_indices(n, -offset)[::-1]


def extract(a, offset=0, lower=True):
    rows, columns = places(a.shape[-1], offset, lower)
    return a[..., rows, columns]


def make(a, offset=0, lower=True):
    rows = int((np.sqrt(8 * a.shape[-1] + 1) - 1) / 2)
    n = rows + abs(offset)
    out = np.zeros((*a.shape[:-1], n, n))
    out[(..., *places(n, offset, lower))] = a
    return out


ATTRS = [
    {},
    {"lower": False},
    {"offset": 1},
    {"offset": -1, "lower": False},
    {"offset": 2},
    {"offset": -2},
]
CASES = []
for attrs in ATTRS:
    more = {"dtypes": ("float32", "float64"), "second": True}
    CASES += [
        Case("_linalg_extracttrian", [R.normal(size=(2, 4, 4))], extract, attrs, **more),
        Case("_linalg_maketrian", [R.normal(size=(2, 2, 6))], make, attrs, **more),
        Case("_linalg_maketrian", [R.normal(size=(1, 6))], make, attrs, **more),
    ]
A = np.ones((2, 3, 3))
FAULTS = [
    Fault("_linalg_extracttrian", [A], "offset=3 lies outside", {"offset": 3}),
    Fault("_linalg_extracttrian", [A], "offset=-5 lies outside", {"offset": -5}),
    Fault("_linalg_extracttrian", [A[:, :2]], "holds no square matrices"),
    Fault("_linalg_maketrian", [np.ones((2, 4))], "holds no triangles"),
    Fault("_linalg_maketrian", [np.ones(3, "int32")], "float32 or float64", kind=TypeError),
]
TestTriangle = operator_tests(CASES, FAULTS)


def test_one_vector_makes_one_matrix():
    made = mx.nd.linalg.maketrian(mx.nd.array([1, 2, 3]), offset=-1)
    assert made.asnumpy().tolist() == [[0, 0, 0], [1, 0, 0], [2, 3, 0]]
