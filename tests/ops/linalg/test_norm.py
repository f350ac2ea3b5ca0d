import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(51)
OP = "_npi_norm"
X = R.normal(size=(2, 3, 4)) + 0.05
WIDE = ("float32", "float64")


def norm(data, ord=2, axis=None, keepdims=False, flag=-1):
    if flag == -2:
        return np.sqrt(np.sum(np.square(data), keepdims=keepdims))
    if axis is None:
        axis = tuple(range(data.ndim))[-2:]
    axis = axis[0] if len(axis) == 1 else axis
    matrix_order = {0: ord, 1: None, 2: "nuc", -1: ord}[flag]
    order = ord if np.ndim(axis) == 0 and flag == -1 else matrix_order
    return np.linalg.norm(data.astype("float64"), order, axis, keepdims)


def case(dtypes=WIDE, data=X, second=True, name="", **attrs):
    options = {"second": second, "rtol": 1e-4, "atol": 1e-5, "name": name}
    return Case(OP, [data], norm, attrs, dtypes, **options)


def singular(**attrs):
    found = case(name="singular", **attrs)
    found.oracle = "1.9.1 takes no more rows than columns, and its gradients are too small"
    return found


CASES = [
    case(FLOATS, flag=-2),
    case(flag=-2, keepdims=True),
    case(FLOATS, axis=(1,), flag=1),
    case(FLOATS, axis=(0, 2), flag=1),
    case(flag=1),
    case(FLOATS, axis=(1,)),
    case(axis=(-1,), ord=1, keepdims=True),
    case(axis=(1,), ord=3),
    case(axis=(1,), ord=-1.5),
    case(axis=(1,), ord=0, second=False),
    case(data=X[0, 0], ord=3),
    case(data=X[0, 0]),
    singular(axis=(1, 2), flag=0),
    singular(axis=(1, 2), flag=0, ord=-2, keepdims=True),
    singular(axis=(2, 0), flag=0, second=False),
    singular(axis=(1, 2), flag=2),
    singular(axis=(2, 1), flag=2),
    singular(second=False),
    Case(OP, [np.array([-3.0])[0]], norm, {"flag": -2}, WIDE),
    Case(
        OP,
        [np.array([[3, 4], [5, 6]], "int32")],
        lambda x, flag: np.array(9),
        {"flag": -2},
        out_dtype="int32",
        oracle="1.9.1 rounds between the steps",
    ),
    Case(OP, [np.zeros((0, 3))], norm, {"flag": -2}),
    Case(
        OP,
        [np.zeros(3)],
        norm,
        {"flag": -2},
        grad_reference=lambda x, d, flag: np.zeros(3),
        oracle="1.9.1 answers NaN",
    ),
]
ACCEPTS = "1.9.1 computes something"
FAULTS = [
    Fault(OP, [X], "ord=3.* is no norm by singular values", {"ord": 3}, oracle=ACCEPTS),
    Fault(OP, [X], "ord=.*inf", {"ord": float("inf"), "axis": (1,)}),
    Fault(OP, [X], "names no vectors", {"axis": ()}),
    Fault(OP, [X], "names no matrices", {"axis": (1,), "flag": 2}),
    Fault(OP, [X], "axis=3", {"axis": (3,)}, IndexError),
    Fault(OP, [X > 0], "dtype bool", kind=TypeError),
    Fault(OP, [X], "flag=3", {"flag": 3}, oracle=ACCEPTS),
]
TestNorm = operator_tests(CASES, FAULTS)
