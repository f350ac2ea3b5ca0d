"""Candidates for sampled losses: the part that `mx.nd.contrib` and `mx.sym.contrib` share."""

import math

from . import error

__all__ = ["zipfian"]


def zipfian(uniform, true_classes, num_sampled, range_max):
    """Draw classes by an approximately log-uniform distribution, with what can be expected of them.

    Class k has the probability log((k + 2) / (k + 1)) / log(range_max + 1).

    Args:
        uniform (function): `mx.nd.random.uniform` or `mx.sym.random.uniform`.
        true_classes (NDArray or Symbol): Classes of the targets, of any shape.
        num_sampled (int): How many classes to draw.
        range_max (int): Number of classes.

    Returns:
        tuple: The classes, of shape (num_sampled,) in int64; how often each of `true_classes` and
        each of the drawn ones can be expected among them, in float64.

    Raises:
        ValueError: `num_sampled` or `range_max` is not positive.
    """
    for name, value in (("num_sampled", num_sampled), ("range_max", range_max)):
        if value < 1:
            raise error.ValueError(f"rand_zipfian: {name}={value} is too small; expected 1 or more")
    scale = math.log(range_max + 1)
    exponents = uniform(0, scale, shape=(num_sampled,), dtype="float64")
    sampled = (exponents.exp() - 1).astype("int64") % range_max

    def expected_count(classes):
        classes = classes.astype("float64")
        return ((classes + 2.0) / (classes + 1.0)).log() / scale * num_sampled

    return sampled, expected_count(true_classes), expected_count(sampled)
