import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

X = np.random.default_rng(1).normal(size=(3, 4))
POSITIVE = np.abs(X) + 0.1
SPECIAL = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-45, 88.7, 200.0, -87.0, -200.0])


def quiet(function):
    """The function without NumPy's warnings about infinities."""

    def call(x):
        with np.errstate(all="ignore"):
            return function(x)

    return call


UNARY = [((10, 10),), ((1 << 22,),)]
CASES = [
    Case("exp", [X], np.exp, dtypes=FLOATS, second=True, bench=UNARY),
    Case("exp", [SPECIAL], quiet(np.exp), grad=False, name="exp-special"),
    Case("exp", [np.linspace(-87, 88, 999)], np.exp, grad=False, rtol=1.3e-7, atol=0),
    Case("exp", [np.zeros((0, 3))], np.exp, dtypes=FLOATS, name="exp-empty"),
    Case(
        "exp", [np.arange(5, dtype="int32")], lambda x: np.exp(x).astype("int32"), out_dtype="int32"
    ),
    Case("expm1", [X], np.expm1, dtypes=FLOATS, second=True),
    Case("expm1", [X * 1e-6], np.expm1, rtol=1e-6, atol=0, grad=False),
    Case("log", [POSITIVE], np.log, dtypes=FLOATS, second=True, bench=UNARY),
    Case("log", [SPECIAL], quiet(np.log), grad=False, name="log-special"),
    Case(
        "log",
        [np.geomspace(1e-44, 3e38, 999)],
        np.log,
        grad=False,
        rtol=2e-7,
        atol=0,
        oracle="1.9.1 may flush subnormal numbers to zero",
    ),
    Case("log10", [POSITIVE], np.log10, dtypes=FLOATS, second=True),
    Case("log2", [POSITIVE], np.log2, dtypes=FLOATS, second=True),
    Case("log1p", [POSITIVE], np.log1p, dtypes=FLOATS, second=True),
    Case("log1p", [X * 1e-6], np.log1p, rtol=1e-6, atol=0, grad=False),
]


def ldexp(x, y):
    return x * np.exp2(y)


Y = np.random.default_rng(2).normal(size=(3, 4))
CASES += [
    Case("_npi_ldexp", [X, Y], ldexp, dtypes=FLOATS, second=True, rtol=2e-5),
    Case("_npi_ldexp", [X[:1], Y[:, :1]], ldexp, second=True, rtol=2e-5),
    Case(
        "_npi_ldexp_scalar",
        [X],
        lambda x, scalar: ldexp(x, scalar),
        attrs={"scalar": -2.5},
        dtypes=FLOATS,
        second=True,
        rtol=2e-5,
    ),
    Case(
        "_npi_rldexp_scalar",
        [X],
        lambda x, scalar: ldexp(scalar, x),
        attrs={"scalar": 2.5},
        dtypes=FLOATS,
        second=True,
        rtol=2e-5,
    ),
]
FAULTS = [Fault("exp", [np.ones(3, "bool")], "exp: data has dtype bool", kind=TypeError)]
TestExponential = operator_tests(CASES, FAULTS)
