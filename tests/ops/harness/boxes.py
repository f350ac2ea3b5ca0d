"""Boxes as inputs of detection operators."""

import numpy as np


def random_boxes(random, *shape, least=0.05):
    """Boxes (x0, y0, x1, y1) of shape (..., 4) inside of the unit square."""
    low = random.uniform(0, 0.6, (*shape, 2))
    return np.concatenate([low, low + random.uniform(least, 0.4, (*shape, 2))], -1)


def rounded_boxes(random, *shape):
    """The same on a grid, so that many overlaps are equal and some areas are 0."""
    return np.round(random_boxes(random, *shape) * 8) / 8
