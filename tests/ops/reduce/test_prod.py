import functools

import numpy as np
from harness import ALL, FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(21)
X = R.uniform(0.5, 1.5, size=(2, 3, 4))
WHOLE = np.array([[1.0, 2, 3], [2, 1, 4]])
HOLES = np.where(R.uniform(size=(3, 4)) < 0.3, np.nan, R.uniform(0.5, 2, size=(3, 4)))


def reference(function):
    def call(x, axis=None, keepdims=False):
        return np.atleast_1d(function(x, axis=axis, keepdims=keepdims))

    return call


CASES = []
for op, function in {"prod": np.prod, "nanprod": np.nanprod}.items():
    CASES += [
        Case(op, [X], reference(function), dtypes=FLOATS),
        Case(op, [X], reference(function), attrs={"axis": 1}, dtypes=FLOATS, second=True),
        Case(op, [X], reference(function), attrs={"axis": (0, 2), "keepdims": True}),
        Case(op, [WHOLE], reference(function), attrs={"axis": 0}, dtypes=ALL, grad=False),
    ]
CASES.append(
    Case(
        "nanprod",
        [HOLES],
        reference(np.nanprod),
        attrs={"axis": 1},
        dtypes=FLOATS,
        grad_reference=lambda x, d, axis: np.where(
            np.isnan(x), 0, (d * np.nanprod(x, axis=1))[:, None] / x
        ),
    )
)


def of_others(d, x, axis=None, skip=lambda x: np.zeros(x.shape, bool)):
    """d times the product of all others along the axis; 0 for those that are skipped."""
    factors = np.where(skip(x), 1, x)
    is_zero = factors == 0
    zeros = is_zero.sum(axis, keepdims=True)
    rest = np.where(is_zero, 1, factors)
    product = rest.prod(axis, keepdims=True)
    others = np.where(zeros == is_zero, product / rest, 0)  # no zero but, perhaps, this one
    head = d.reshape(product.shape)
    return np.where(skip(x), 0, head * others)


# Whatever is repeated in large cases, products stay what floats can hold.
ZEROS = R.choice([-1.0, 1.0], size=(6, 4, 5))
ZEROS[0, 1, 2] = ZEROS[1, 0, 0] = ZEROS[1, 2, 0] = ZEROS[2, :, 1] = 0
WITH_NAN = np.where(R.uniform(size=ZEROS.shape) < 0.2, np.nan, ZEROS)
for axis, heads in ((0, (4, 5)), (1, (6, 5)), (2, (6, 4)), (None, (1,))):
    D, attrs = R.uniform(-1, 1, size=heads), {} if axis is None else {"axis": axis}
    CASES += [
        Case("_backward_prod", [D, ZEROS], of_others, attrs, dtypes=FLOATS, grad=False),
        Case(
            "_backward_nanprod",
            [D, WITH_NAN],
            functools.partial(of_others, skip=np.isnan),
            attrs,
            dtypes=FLOATS,
            grad=False,
        ),
    ]
for case in CASES:
    if case.op.startswith("_backward"):
        case.oracle = "an operator of ours"
FAULTS = [
    Fault("_backward_prod", [np.ones(3), X[0]], r"d_out=\(3,\).*expected \(4,\)", attrs={"axis": 0})
]
TestProd = operator_tests(CASES, FAULTS)
