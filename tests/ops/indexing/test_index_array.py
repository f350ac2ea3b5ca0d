import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.zeros((2, 3, 4))


def index_array(x, axes=None):
    axes = range(x.ndim) if axes is None else axes
    return np.stack([np.indices(x.shape)[axis] for axis in axes], -1)


def zero(x, d, **_):
    return [np.zeros(x.shape)]


def case(x, dtypes="float32", **attrs):
    return Case(
        "_contrib_index_array", [x], index_array, attrs, dtypes, "int64", grad_reference=zero
    )


CASES = [
    case(X, ALL[:4]),
    case(X[0, 0]),
    case(X, axes=(2, 0)),
    case(X, axes=(-1,)),
    case(X[:0]),
]
FAULTS = [
    Fault(
        "_contrib_index_array",
        [X],
        "axes=3",
        {"axes": (3,)},
        IndexError,
        oracle="1.9.1 reads outside of the shape",
    )
]
TestIndexArray = operator_tests(CASES, FAULTS)
