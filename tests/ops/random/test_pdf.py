import math

import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(9)
log_gamma = np.vectorize(math.lgamma, otypes=["d"])


def rows(parameter, sample):
    return parameter.reshape(parameter.shape + (1,) * (sample.ndim - parameter.ndim))


def uniform(x, low, high):
    return np.zeros_like(x) - np.log(high - low)


def normal(x, mu, sigma):
    return -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi)


def gamma(x, alpha, beta):
    return alpha * np.log(beta) + (alpha - 1) * np.log(x) - beta * x - log_gamma(alpha)


def exponential(x, lam):
    return np.log(lam) - lam * x


def poisson(x, lam):
    return x * np.log(lam) - lam - log_gamma(x + 1)


def negative_binomial(x, k, p):
    ways = log_gamma(x + k) - log_gamma(x + 1) - log_gamma(k)
    return ways + k * np.log(p) + x * np.log(1 - p)


def generalized_negative_binomial(x, mu, alpha):
    return negative_binomial(x, 1 / alpha, 1 / (1 + mu * alpha))


def dirichlet(x, alpha):
    alpha = alpha.reshape(alpha.shape[:-1] + (1,) * (x.ndim - alpha.ndim) + alpha.shape[-1:])
    constant = log_gamma(alpha.sum(-1)) - log_gamma(alpha).sum(-1)
    return ((alpha - 1) * np.log(x)).sum(-1) + constant


def case(function, sample, *parameters, dtypes="float32", **options):
    def density(x, *given, is_log=False):
        if function is not dirichlet:
            given = [rows(parameter, x) for parameter in given]
        return function(x, *given) if is_log else np.exp(function(x, *given))

    names = "_random_pdf_" + function.__name__
    counts = function in (poisson, negative_binomial, generalized_negative_binomial)
    grad = tuple(range(1 if counts else 0, 1 + len(parameters)))
    return [
        Case(
            names,
            [sample, *parameters],
            density,
            {"is_log": is_log},
            dtypes,
            rtol=1e-4,
            atol=1e-5,
            grad=grad,
            grad_tol=1e-4,
            **options,
        )
        for is_log in (False, True)
    ]


SAMPLES, COUNTS = R.uniform(0.2, 3, (2, 4)), R.integers(0, 6, (2, 4)).astype(float)
LOW, HIGH = np.array([0.0, -1.0]), np.array([3.0, 4.0])
POSITIVE, SHARE = np.array([1.5, 2.5]), np.array([0.3, 0.6])
SIMPLEX = R.dirichlet([1.0, 2.0, 3.0], (2, 2))
ALPHA = np.array([[1.0, 2.0, 3.0], [2.0, 0.5, 1.0]])
HALF = ("float64", "float16")
CASES = [
    *case(uniform, SAMPLES, LOW, HIGH),
    *case(normal, SAMPLES, LOW, HIGH, second=True),
    *case(normal, SAMPLES, LOW, HIGH, dtypes=HALF),
    *case(normal, SAMPLES[:, 0], LOW, HIGH),
    *case(normal, SAMPLES.reshape(2, 2, 2), LOW, HIGH),
    *case(gamma, SAMPLES, POSITIVE, HIGH),
    *case(exponential, SAMPLES, POSITIVE, second=True),
    *case(poisson, COUNTS, POSITIVE),
    *case(negative_binomial, COUNTS, POSITIVE, SHARE),
    *case(generalized_negative_binomial, COUNTS, POSITIVE, SHARE),
    *case(dirichlet, SIMPLEX, ALPHA),
    *case(dirichlet, SIMPLEX[:, 0], ALPHA),
]
FAULTS = [
    Fault("_random_pdf_normal", [SAMPLES[0], LOW[:1], HIGH[:1]], "sample="),
    Fault("_random_pdf_normal", [SAMPLES, LOW, HIGH[:1]], "_random_pdf_normal: "),
    Fault("_random_pdf_poisson", [np.array(1.0), LOW], "has fewer axes"),
    Fault(
        "_random_pdf_poisson",
        [COUNTS.astype("int32"), LOW.astype("int32")],
        "int32",
        kind=TypeError,
    ),
]
TestPdf = operator_tests(CASES, FAULTS)
