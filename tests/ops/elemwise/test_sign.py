import numpy as np
from harness import ALL, FLOATS, Case, operator_tests

X = np.random.default_rng(5).normal(size=(3, 4))
SPECIAL = np.array([np.nan, -1.0, -0.0, 0.0, np.inf, -np.inf])

CASES = [
    Case("sign", [X], np.sign, dtypes=FLOATS),
    Case("sign", [SPECIAL], lambda x: np.nan_to_num(np.sign(x)), grad=False, name="sign-special"),
    Case("sign", [np.array([0.0, 1, 2])], np.sign, dtypes=ALL, grad=False),
    Case("sign", [np.array([-3, 0, 3], "int8")], np.sign, out_dtype="int8"),
    Case(
        "_contrib_sign_ste",
        [X],
        np.sign,
        dtypes=FLOATS,
        grad_reference=lambda x, d: [d],
        oracle="1.9.1 has it for arrays alone",
    ),
    Case("abs", [X], np.abs, dtypes=FLOATS, second=True),
    Case("abs", [SPECIAL], np.abs, grad=False, name="abs-special"),
    Case("abs", [np.array([-3, 0, 3], "int64")], np.abs, out_dtype="int64"),
]
Y = np.random.default_rng(6).normal(size=(3, 4))
CASES += [
    Case("_npi_copysign", [X, Y], np.copysign, dtypes=FLOATS, second=True, rtol=2e-5),
    Case("_npi_copysign", [X[:1], Y[:, :1]], np.copysign, second=True, rtol=2e-5),
    Case(
        "_npi_copysign_scalar",
        [X],
        lambda x, scalar: np.copysign(x, scalar),
        attrs={"scalar": -2.5},
        dtypes=FLOATS,
        second=True,
        rtol=2e-5,
    ),
    Case(
        "_npi_rcopysign_scalar",
        [X],
        lambda x, scalar: np.copysign(scalar, x),
        attrs={"scalar": 2.5},
        dtypes=FLOATS,
        second=True,
        rtol=2e-5,
    ),
]
TestSign = operator_tests(CASES)
