"""Matrices as inputs of operators of linear algebra."""

import numpy as np


def well_conditioned(random, *shape):
    """Square matrices (..., n, n) whose inverse is as large as they are."""
    return random.normal(size=shape) * 0.3 + 2 * np.eye(shape[-1])


def positive_definite(random, *shape):
    """Symmetric positive definite matrices (..., n, n)."""
    matrices = random.normal(size=shape)
    return matrices @ transposed(matrices) / shape[-1] + np.eye(shape[-1])


def transposed(matrices):
    """Rows and columns of the last two axes exchanged."""
    return np.swapaxes(matrices, -1, -2)


def triangle(matrices, lower=True):
    """One triangle; zero elsewhere."""
    return np.tril(matrices) if lower else np.triu(matrices)
