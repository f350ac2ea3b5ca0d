import math

import numpy as np
from harness import FLOATS, Case, operator_tests

X = np.random.default_rng(6).uniform(-2.5, 2.5, size=(3, 4))
POSITIVE = np.abs(X) + 0.3
NEGATIVE = np.array([-0.5, -1.3, -2.6])
erf = np.vectorize(math.erf, otypes=["float64"])
gamma = np.vectorize(math.gamma, otypes=["float64"])
lgamma = np.vectorize(math.lgamma, otypes=["float64"])
INSIDE = np.array([-0.999, -0.7, -0.01, 0.0, 0.3, 0.9])


def erfinv(x):
    """By bisection, so that nothing is shared with the operator."""
    low, high = np.full(x.shape, -6.0), np.full(x.shape, 6.0)
    for _ in range(60):
        middle = (low + high) / 2
        low = np.where(erf(middle) < x, middle, low)
        high = np.where(erf(middle) < x, high, middle)
    return (low + high) / 2


CASES = [
    Case("erf", [X], erf, dtypes=FLOATS, second=True),
    Case("erf", [np.linspace(-5, 5, 999)], erf, rtol=2.5e-7, atol=0, grad=False),
    Case("erfinv", [INSIDE], erfinv, dtypes=("float32", "float64"), second=True, grad_tol=1e-3),
    Case(
        "erfinv",
        [np.concatenate([np.linspace(-0.999, 0.999, 999), 1 - 0.5 ** np.arange(2, 24)])],
        erfinv,
        rtol=6e-7,
        atol=1e-12,
        grad=False,
        name="erfinv-exactness",
    ),
    Case(
        "erfinv",
        [np.array([-1.0, 1, 2])],
        lambda x: np.array([-np.inf, np.inf, np.nan]),
        grad=False,
        name="erfinv-limits",
    ),
    Case("gamma", [POSITIVE], gamma, dtypes=FLOATS, second=True),
    Case("gamma", [NEGATIVE], gamma, second=True, name="gamma-negative"),
    Case("gammaln", [POSITIVE], lgamma, dtypes=FLOATS, second=True),
    Case("gammaln", [NEGATIVE], lgamma, second=True, name="gammaln-negative"),
    Case(
        "gamma",
        [np.concatenate([np.linspace(-33.99, 34.97, 999), 0.5 ** np.arange(4, 120, 5.0)])],
        gamma,
        rtol=2e-7,
        atol=1e-37,
        grad=False,
        name="gamma-exactness",
        oracle="1.9.1 is less exact",
    ),
    Case(
        "gamma",
        [np.array([0.0, -0.0, -1, -2, -16777217, 35.1, 1e30, -40.5, np.inf, -np.inf, np.nan])],
        lambda x: np.array(
            [np.inf, -np.inf, *[np.nan] * 3, *[np.inf] * 2, 0, np.inf, *[np.nan] * 2]
        ),
        grad=False,
        name="gamma-limits",
    ),
]
TestSpecial = operator_tests(CASES)
