import numpy as np
from harness import ALL, FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(20)
X = R.normal(size=(2, 3, 4, 5))
SMALL = np.arange(6.0).reshape(2, 3)
HOLES = np.where(R.uniform(size=(3, 4)) < 0.3, np.nan, R.normal(size=(3, 4)))
WIDE, TALL = R.normal(size=(3, 5000)), R.normal(size=(5000, 3))
AXES = [None, (), 0, 1, -1, (0, 1), (1, 2), (0, 2), (1, 3), (0, 3), (0, 1, 2, 3), (-1, 0)]


def reduction(function):
    """A NumPy reduction with the arguments of the operators; full ones have shape (1,)."""

    def call(x, axis=None, keepdims=False, exclude=False):
        axes = tuple(np.atleast_1d(axis).astype(int)) if axis is not None else ()
        axes = tuple(a % x.ndim for a in axes)
        if not axes:
            axes = tuple(range(x.ndim))
        elif exclude:
            axes = tuple(a for a in range(x.ndim) if a not in axes)
        if x.dtype.kind in "iu":
            x = x.astype("int64")
        result = np.asarray(function(x, axis=axes, keepdims=keepdims))
        return result.reshape(1) if result.ndim == 0 else result

    return call


def whole_mean(x, axis, keepdims):
    return np.trunc(np.mean(x, axis=axis, keepdims=keepdims))


SQUARE = [((2048, 2048),)]
CASES = []
for op, function in {"sum": np.sum, "mean": np.mean, "nansum": np.nansum}.items():
    reference = reduction(function)
    CASES += [Case(op, [SMALL], reference, attrs={"axis": a}, bench=SQUARE) for a in (0, 1)]
    CASES += [
        Case(op, [X], reference, attrs={"axis": a}, name=f"{op}-{a}", grad=False) for a in AXES
    ]
    CASES += [
        Case(
            op,
            [X],
            reference,
            attrs={"axis": (0, 2), "keepdims": True},
            dtypes=FLOATS,
            atol=2e-6,
            grad=False,
        ),
        Case(op, [X], reference, attrs={"axis": (1, 3), "exclude": True}, grad=False),
        Case(op, [X[:, :, 0, :2]], reference, attrs={"axis": (0, 2)}, second=True),
        Case(op, [SMALL], reference, attrs={"axis": 1, "keepdims": True}, second=True),
        Case(op, [SMALL], reference, dtypes=FLOATS, second=True),
        Case(op, [WIDE], reference, attrs={"axis": 1}, grad=False, rtol=2e-6, atol=1e-5),
        Case(op, [TALL], reference, attrs={"axis": 0}, grad=False, rtol=2e-6, atol=1e-5),
        Case(
            op,
            [WIDE],
            reference,
            dtypes=FLOATS,
            grad=False,
            rtol=2e-6,
            atol=1e-5,
            oracle="float16 sums of 1.9.1 lose digits",
        ),
        Case(
            op,
            [TALL.reshape(50, 10, 30)],
            reference,
            attrs={"axis": (0, 2)},
            grad=False,
            rtol=2e-6,
            atol=1e-5,
        ),
    ]
# Rows too short for a loop, and rows of few outputs: one block of them and several.
SHORT = [((1200, 3), 1), ((70, 16), 1), ((5, 700, 4), (0, 2)), ((3, 2, 20, 5), (1, 3))]
SHORT += [((5000, 3), 0), ((4, 2100, 7), 1), ((3, 700, 2, 5), (0, 2)), ((9, 2, 100, 32), (0, 2))]
CASES += [
    Case(
        "sum",
        [(R.uniform(size=shape) < 0.01) * 1.0],
        reduction(np.sum),
        attrs={"axis": axis},
        dtypes=ALL,
        grad=False,
    )
    for shape, axis in SHORT
]
EMPTY = np.zeros((0, 3))
CASES += [
    Case("sum", [EMPTY], lambda x, axis: np.zeros(3), attrs={"axis": 0}, name="sum-empty"),
    Case("nansum", [EMPTY], lambda x, axis: np.zeros(3), attrs={"axis": 0}, name="nansum-empty"),
    Case(
        "mean",
        [EMPTY],
        lambda x, axis: np.full(3, np.nan),
        attrs={"axis": 0},
        grad=False,
        name="mean-empty",
    ),
    Case("sum", [SMALL], reduction(np.sum), attrs={"axis": 0}, dtypes=ALL, grad=False),
    Case("sum", [np.full(3, 100, "int8")], lambda x: np.array([44]), out_dtype="int8"),
    Case("sum", [np.array([True, True])], lambda x: np.array([True]), out_dtype="bool"),
    Case("mean", [SMALL], reduction(whole_mean), attrs={"axis": 0}, dtypes=ALL[4:], grad=False),
    Case(
        "mean",
        [np.full(3, 100, "int8")],
        lambda x: np.array([100]),
        out_dtype="int8",
        oracle="sums of 1.9.1 overflow",
    ),
    Case(
        "sum",
        [np.full(20000, 0.1)],
        reduction(np.sum),
        dtypes=("float32", "float16"),
        grad=False,
        rtol=1e-6,
        name="sum-precise",
        oracle="1.9.1 loses digits",
    ),
    Case(
        "nansum",
        [HOLES],
        reduction(np.nansum),
        attrs={"axis": 0},
        dtypes=FLOATS,
        grad_reference=lambda x, d, axis: np.where(np.isnan(x), 0, d),
    ),
]
FAULTS = [
    Fault("sum", [X], "axis=4", attrs={"axis": 4}, kind=IndexError),
    Fault("sum", [X], "axis=-5", attrs={"axis": -5}, kind=IndexError),
    Fault("sum", [X], r"sum: axis=\(1, 1\) names an axis twice", attrs={"axis": (1, 1)}),
]
TestSum = operator_tests(CASES, FAULTS)
