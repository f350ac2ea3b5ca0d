import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(8)
X = R.normal(size=(40, 30))
EDGES = np.array([-2.0, -0.5, 0.0, 0.25, 3.0])


def histogram(data, bins=None, bin_cnt=None, range=None):
    counts, edges = np.histogram(data[~np.isnan(data)], bin_cnt if bins is None else bins, range)
    return counts, edges.astype(data.dtype)


def case(*inputs, dtypes="float32", **attrs):
    kind = dtypes if isinstance(dtypes, str) else dtypes[0]
    return Case("_histogram", inputs, histogram, attrs, dtypes, ["int64", kind], grad=False)


CASES = [
    case(X, bin_cnt=7, range=(-1.5, 2.0)),
    case(X, bin_cnt=7, range=(-1.5, 2.0), dtypes="float64"),
    case(X, EDGES),
    case(X, EDGES, dtypes="float16"),
    case(np.array([1.0, 2, 3, 4, 5, 9, np.nan]), np.array([1.0, 3, 5, 9])),
    case(np.array([1, 2, 3, 4], "int32"), bin_cnt=3, range=(1.0, 4.0), dtypes="int32"),
    case(X[:0], bin_cnt=3, range=(0.0, 1.0)),
]
FAULTS = [
    Fault("_histogram", [X], "range is missing", {"bin_cnt": 3}),
    Fault("_histogram", [X], "is no range", {"bin_cnt": 3, "range": (1.0, 0.0)}),
    Fault("_histogram", [X, EDGES[::-1].copy()], "bins do not ascend", oracle="1.9.1 counts"),
    Fault("_histogram", [X, EDGES[:1]], "are no edges of bins", oracle="1.9.1 counts nothing"),
]
TestHistogram = operator_tests(CASES, FAULTS)
