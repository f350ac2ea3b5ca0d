import numpy as np
from harness import ALL, Case, Fault, operator_tests

R = np.random.default_rng(54)
OP = "_npi_percentile"
X = R.normal(size=(3, 4, 5))
WHOLE = np.array([[10.0, 7, 4], [3, 2, 1]])
Q = np.array([25.0, 60, 0, 100])
KINDS = ("linear", "lower", "higher", "midpoint", "nearest")
RESULT = {d: "float64" if d == "float64" else "float32" for d in ALL}


def percentile(a, q=None, axis=None, interpolation="linear", keepdims=False, q_scalar=None):
    q = q_scalar if q is None else q
    return np.percentile(a.astype("float64"), q, axis, method=interpolation, keepdims=keepdims)


def case(*inputs, dtype="float32", name="", **attrs):
    return Case(OP, inputs, percentile, attrs, dtype, RESULT[dtype], grad=False, name=name)


# q * 4 / 100 is never half of a whole number, where NumPy takes the even neighbour.
CASES = [
    case(X, Q, axis=-1, interpolation=kind, name=kind) for kind in KINDS if kind != "nearest"
] + [
    case(X, np.array([20.0, 60, 70]), axis=(2,), interpolation="nearest"),
    case(X, Q, axis=(0, 2), keepdims=True),
    case(X, Q),
    case(X, Q[0]),
    case(X, Q, axis=()),
    case(X, q_scalar=30.0),
    case(X, q_scalar=30.0, axis=1, keepdims=True),
    Case(
        OP,
        [np.where(X > 1, np.nan, X)],
        percentile,
        {"q_scalar": 30.0, "axis": 1},
        grad=False,
        oracle="1.9.1 takes NaN for a number",
    ),
    case(X[:0], q_scalar=30.0, axis=1),
    case(X[0, 0, 0], q_scalar=30.0),
    case(WHOLE, np.array([50, 20], "int32"), axis=1),
    *(case(WHOLE, q_scalar=30.0, dtype=d, name=d) for d in ALL),
    *(case(WHOLE.astype(d), q_scalar=30.0, name=d) for d in ("int32", "int64", "int8", "uint8")),
    Case(
        "_row_percentiles",
        [X[0], Q],
        lambda data, q: np.percentile(data, q, axis=1),
        grad=False,
        oracle="1.9.1 has no such operator",
    ),
    # Half of the way counts as nearer to the larger one.
    Case(
        OP,
        [np.array([4.0, 7, 10])],
        lambda a, **p: np.array(7.0),
        {"q_scalar": 25.0, "interpolation": "nearest"},
        grad=False,
    ),
]
FAULTS = [
    Fault(OP, [X], "q=101 is no percentage", {"q_scalar": 101.0}),
    Fault(OP, [X, -Q], "q=-25 is no percentage"),
    Fault(OP, [X, Q.reshape(2, 2)], "q=.* has several axes"),
    Fault(OP, [X > 0], "a has dtype bool", {"q_scalar": 1.0}, TypeError),
    Fault(OP, [X[:0]], "a=.* has no elements", {"q_scalar": 1.0}),
    Fault(OP, [X], "axis=3", {"q_scalar": 1.0, "axis": 3}, IndexError),
]
TestPercentile = operator_tests(CASES, FAULTS)
