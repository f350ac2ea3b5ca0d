"""Checking generators of random numbers."""

import math

import numpy as np

from .. import error
from .comparisons import to_numpy

__all__ = [
    "gen_buckets_probs_with_ppf",
    "mean_check",
    "var_check",
    "chi_square_check",
    "verify_generator",
]


def _upper_gamma(a, x):
    """The regularised upper incomplete gamma function (Press et al., Numerical Recipes, 6.2)."""
    if x <= 0:
        return 1.0
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:  # a series for the lower function
        term = total = 1 / a
        count = a
        while abs(term) > 1e-16 * abs(total):
            count += 1
            term *= x / count
            total += term
        return 1 - scale * total
    b = x + 1 - a  # a continued fraction
    c, d = math.inf, 1 / b
    value = d
    for i in range(1, 10000):
        b += 2
        numerator = -i * (i - a)
        d = 1 / (numerator * d + b)
        c = b + numerator / c
        value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return scale * value


def gen_buckets_probs_with_ppf(ppf, nbuckets):
    """Ranges of equal probability.

    Args:
        ppf (function): The inverse of the distribution function.
        nbuckets (int): Number of ranges.

    Returns:
        tuple: A list of pairs of lower and upper end, and a list of their probabilities.
    """
    if nbuckets <= 0:
        raise error.ValueError(
            f"gen_buckets_probs_with_ppf: nbuckets={nbuckets} is too small; at least 1 is expected"
        )
    share = 1.0 / nbuckets
    buckets = [(ppf(share * i), ppf(share * (i + 1))) for i in range(nbuckets)]
    return buckets, [share] * nbuckets


def mean_check(generator, mu, sigma, nsamples=1000000):
    """Whether the mean of samples of a normal generator is right (within three deviations).

    Args:
        generator (function): Gives as many samples as it is asked for.
        mu (float): The mean.
        sigma (float): The standard deviation.
        nsamples (int): Number of samples.
    """
    mean = to_numpy(generator(nsamples)).astype(np.float64).mean()
    return bool(abs(mean - mu) < 3 * sigma / np.sqrt(nsamples))


def var_check(generator, sigma, nsamples=1000000):
    """Whether the variance of samples of a normal generator is right; see `mean_check`."""
    variance = to_numpy(generator(nsamples)).astype(np.float64).var(ddof=1)
    return bool(abs(variance - sigma**2) < 3 * np.sqrt(2 * sigma**4 / (nsamples - 1)))


def _observed(samples, buckets):
    """How many samples fall into each range, or equal each value."""
    if isinstance(buckets[0], (list, tuple)):
        return np.array(
            [np.count_nonzero((samples >= low) & (samples < high)) for low, high in buckets]
        )
    return np.array([np.count_nonzero(samples == value) for value in buckets])


def chi_square_check(generator, buckets, probs, nsamples=1000000):
    """Compare how often samples fall into ranges with how often they should.

    Args:
        generator (function): Gives as many samples as it is asked for.
        buckets (list): Pairs of lower and upper end for continuous distributions, values for
            discrete ones.
        probs (list of float): Probability of each.
        nsamples (int): Number of samples.

    Returns:
        tuple: The p-value of the chi-squared test, how often each was found, how often expected.
    """
    if not buckets or len(buckets) != len(probs):
        raise error.ValueError(
            f"chi_square_check: there are {len(buckets)} buckets and {len(probs)} probabilities; "
            "one probability for each is expected"
        )
    observed = _observed(to_numpy(generator(nsamples)).ravel(), buckets)
    expected = nsamples * np.asarray(probs, dtype=np.float64)
    statistic = ((observed - expected) ** 2 / expected).sum()
    return _upper_gamma((len(buckets) - 1) / 2, statistic / 2), observed, expected


def verify_generator(
    generator, buckets, probs, nsamples=1000000, nrepeat=5, success_rate=0.2, alpha=0.05
):
    """Repeat `chi_square_check`; enough of the p-values must be above `alpha`.

    Args:
        generator, buckets, probs, nsamples: See `chi_square_check`.
        nrepeat (int): Number of tests.
        success_rate (float): Share of them that must pass.
        alpha (float): Level of a test.

    Returns:
        list of float: The p-values.

    Raises:
        AssertionError: Too few pass.
    """
    results = [chi_square_check(generator, buckets, probs, nsamples) for _ in range(nrepeat)]
    values = [p for p, _, _ in results]
    if sum(p > alpha for p in values) < nrepeat * success_rate:
        raise AssertionError(
            f"Generator test fails, Chi-square p={values}, obs_freq={[o for _, o, _ in results]}, "
            f"expected_freq={results[0][2]}.\nbuckets={buckets}, probs={probs}"
        )
    return values
