import numpy as np
from harness import ALL, FLOATS, Case, operator_tests

X = np.random.default_rng(10).normal(size=(3, 5)) * 2 + 0.01
SPECIAL = np.array([np.nan, np.inf, -np.inf, -0.0, 100.0, -100.0])


def sigmoid(x):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def smooth_l1(x, scalar=1.0):
    s = scalar**2
    return np.where(np.abs(x) < 1 / s, x * x * s / 2, np.abs(x) - 0.5 / s)


UNARY = [((10, 10),), ((1 << 22,),)]
CASES = [
    Case("relu", [X], lambda x: np.maximum(x, 0), dtypes=FLOATS, second=True),
    Case("relu", [np.arange(4.0)], lambda x: x, dtypes=ALL, grad=False),
    Case("relu", [SPECIAL], lambda x: np.maximum(x, 0), grad=False, name="relu-special"),
    Case("sigmoid", [X], sigmoid, dtypes=FLOATS, second=True, bench=UNARY),
    Case("sigmoid", [SPECIAL], sigmoid, grad=False, name="sigmoid-special"),
    Case("tanh", [X], np.tanh, dtypes=FLOATS, second=True, bench=UNARY),
    Case("tanh", [SPECIAL], np.tanh, grad=False, name="tanh-special"),
    Case("tanh", [np.linspace(-10, 10, 999)], np.tanh, rtol=3e-7, atol=0, grad=False),
    Case("softsign", [X], lambda x: x / (1 + np.abs(x)), dtypes=FLOATS, second=True),
    Case(
        "hard_sigmoid",
        [X],
        lambda x: np.clip(np.float32(0.2) * x + 0.5, 0, 1),
        dtypes=FLOATS,
        second=True,
    ),
    Case(
        "hard_sigmoid",
        [X],
        lambda x, alpha, beta: np.clip(alpha * x + beta, 0, 1),
        attrs={"alpha": 0.75, "beta": -0.25},
    ),
    Case("smooth_l1", [X], smooth_l1, attrs={"scalar": 1.0}, dtypes=FLOATS, second=True),
    Case("smooth_l1", [X], smooth_l1, attrs={"scalar": 2.0}, second=True),
]
TestActivationFunctions = operator_tests(CASES)
