import numpy as np
from harness import ALL, FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(7)
X, Y = R.normal(size=(3, 4)), R.uniform(0.5, 2, size=(3, 4))
ROW, COLUMN = R.uniform(0.5, 2, size=(1, 4)), R.uniform(0.5, 2, size=(3, 1))
LONG = R.normal(size=4099)
A, B = np.array([0.0, 1, 7, 100, 3]), np.array([3.0, 2, 7, 30, 1])
DEEP = R.normal(size=(2, 3, 1, 4, 1)), R.uniform(0.5, 2, size=(1, 3, 5, 1, 2))


def quotient(a, b):
    a, b = np.asarray(a), np.asarray(b)
    return a // b if a.dtype.kind in "iu" else a / b


FUNCTIONS = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": quotient}

CASES = [
    Case("_scatter_plus_scalar", [np.ones((2, 3))], lambda x, scalar: x + scalar, {"scalar": 3.0}),
    Case("_scatter_minus_scalar", [np.ones((2, 3))], lambda x, scalar: x - scalar, {"scalar": 3.0}),
    Case("_scatter_elemwise_div", [np.ones((2, 3)), np.full((2, 3), 4.0)], np.divide),
]
for name, function in FUNCTIONS.items():
    for op in (f"elemwise_{name}", f"broadcast_{name}"):
        CASES += [
            Case(op, [X, Y], function, dtypes=FLOATS, second=True),
            Case(op, [A, B], function, dtypes=ALL, grad=False),
            Case(op, [LONG, LONG + 9], function, dtypes=FLOATS, grad=False, name=f"{op}-long"),
            Case(op, [np.zeros((2, 0)), np.zeros((2, 0))], np.add, name=f"{op}-empty"),
        ]
    op = f"broadcast_{name}"
    CASES += [
        Case(op, [ROW, COLUMN], function, dtypes=FLOATS, second=True),
        Case(op, [X, ROW], function, dtypes=FLOATS),
        Case(op, [COLUMN, X + 5], function),
        Case(op, [X, Y[0, :]], function, name=f"{op}-ranks"),
        Case(op, [np.ones(1), Y], function, name=f"{op}-one"),
        Case(op, list(DEEP), function, dtypes=FLOATS, name=f"{op}-deep"),
        Case(op, [np.zeros((0, 1)), np.ones((1, 3))], function, name=f"{op}-empty"),
    ]
SHAPES = [((10, 10), (10, 10)), ((1 << 22,), (1 << 22,))]
SPREAD = [((2048, 2048), (1, 2048)), ((2048, 2048), (2048, 1)), ((64, 64, 1024), (1, 64, 1))]
CASES += [
    Case("elemwise_add", [X, Y], np.add, bench=SHAPES),
    Case("broadcast_mul", [X, ROW], np.multiply, bench=SPREAD),
]
CASES.append(Case("_grad_add", [X, Y], np.add, dtypes=FLOATS, second=True))
CASES.append(Case("negative", [X], np.negative, dtypes=FLOATS, second=True))
CASES.append(Case("negative", [A], np.negative, dtypes=ALL, grad=False))

SCALARS = {
    "_plus_scalar": lambda x, s: x + s,
    "_minus_scalar": lambda x, s: x - s,
    "_rminus_scalar": lambda x, s: s - x,
    "_mul_scalar": lambda x, s: x * s,
    "_div_scalar": quotient,
    "_rdiv_scalar": lambda x, s: quotient(s, x),
}


def with_scalar(function):
    """The function in the dtype of the array, as whole numbers do not widen it."""

    def call(x, scalar, is_int=True):
        return function(x, np.asarray(scalar).astype(x.dtype))

    return call


for op, function in SCALARS.items():
    CASES += [
        Case(op, [Y], with_scalar(function), attrs={"scalar": 2.5}, dtypes=FLOATS, second=True),
        Case(op, [B], with_scalar(function), attrs={"scalar": 4}, dtypes=ALL, grad=False),
        Case(
            op,
            [B.astype("int32")],
            lambda x, scalar, is_int, f=function: f(x.astype("float64"), scalar),
            attrs={"scalar": 1.5, "is_int": False},
            out_dtype="float64",
            name=f"{op}-widens",
        ),
        Case(
            op,
            [B > 0],
            lambda x, scalar, f=function: f(x.astype("int64"), scalar),
            attrs={"scalar": 3},
            out_dtype="int64",
            name=f"{op}-bool",
        ),
    ]
CASES.append(
    Case(
        "elemwise_div",
        [np.array([1, -1, 0], "int32"), np.array([0, 0, 0], "int32")],
        lambda a, b: np.zeros(3),
        out_dtype="int32",
        name="divide-by-zero",
        oracle="1.9.1 stops the process",
    )
)

FAULTS = [
    Fault("elemwise_add", [X, ROW], r"elemwise_add: rhs=\(1, 4\) has the wrong shape"),
    Fault("broadcast_add", [X, np.ones((3, 2))], "broadcast_add: lhs=.* cannot be broadcast"),
    Fault("elemwise_add", [X, Y.astype("int32")], "rhs has dtype int32", kind=TypeError),
    Fault("broadcast_mul", [X, ROW.astype("int32")], "rhs has dtype int32", kind=TypeError),
    Fault("elemwise_mul", [X > 0, X > 0], "bool", kind=TypeError),
    Fault("_plus_scalar", [X], "scalar=many is not valid", attrs={"scalar": "many"}),
]
TestArithmetic = operator_tests(CASES, FAULTS)
