"""Reading images between pixels, as references of operators."""

import numpy as np


def at_pixels(image, rows, columns):
    """image (channels, height, width) at integer places; zero outside."""
    height, width = image.shape[1:]
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    values = image[:, np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)]
    return np.where(inside, values, 0.0)


def at_points(image, y, x):
    """image (channels, height, width) between pixels, on straight lines."""
    top, left = np.floor(y).astype(int), np.floor(x).astype(int)
    down, right = y - top, x - left
    return (
        at_pixels(image, top, left) * (1 - down) * (1 - right)
        + at_pixels(image, top, left + 1) * (1 - down) * right
        + at_pixels(image, top + 1, left) * down * (1 - right)
        + at_pixels(image, top + 1, left + 1) * down * right
    )


def sample(data, grid):
    """data (n, c, h, w) at the points of grid (n, 2, oh, ow), which count from -1 to 1."""
    height, width = data.shape[2:]
    x, y = (grid[:, 0] + 1) * (width - 1) / 2, (grid[:, 1] + 1) * (height - 1) / 2
    return np.stack([at_points(image, *points) for image, *points in zip(data, y, x)])


def places(size):
    """Coordinates of the pixels of an axis; 0 on an axis of one pixel."""
    return np.linspace(-1, 1, size) if size > 1 else np.zeros(1)


def affine_grid(matrices, height, width):
    """The points of a regular grid, moved by matrices (n, 6)."""
    rows, columns = np.meshgrid(places(height), places(width), indexing="ij")
    base = np.stack([columns, rows, np.ones_like(rows)])
    return np.einsum("nij,jhw->nihw", matrices.reshape(-1, 2, 3), base)
