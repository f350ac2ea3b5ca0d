"""Boxes of objects in pictures: arrays of rows (class, left, top, right, bottom, ...).

Sides are parts of the picture's width and height, 0 to 1.
"""

import numpy as np

__all__ = ["areas", "covered", "moved", "clipped"]


def areas(boxes):
    """Areas of the boxes, as parts of the picture; 0 for those that are turned inside out.

    Args:
        boxes (numpy.ndarray): Sides, shape (N, 4).
    """
    return np.maximum(0, boxes[:, 3] - boxes[:, 1]) * np.maximum(0, boxes[:, 2] - boxes[:, 0])


def covered(boxes, left, top, right, bottom):
    """What a rectangle covers of each box, as boxes of the same picture; (0, 0, 0, 0) for nothing.

    Args:
        boxes (numpy.ndarray): Sides, shape (N, 4).
        left, top, right, bottom (float): The rectangle.
    """
    low = np.maximum(boxes[:, :2], (left, top))
    high = np.minimum(boxes[:, 2:], (right, bottom))
    inside = np.hstack([low, high])
    inside[(low >= high).any(axis=1)] = 0
    return inside


def moved(label, x, y, w, h, width, height):
    """The label as seen in another picture; boxes may reach beyond it.

    Args:
        label (numpy.ndarray): Rows (class, left, top, right, bottom, ...).
        x, y (int): Where that picture's upper left corner lies in this one.
        w, h (int): Size of that picture.
        width, height (int): Size of this one.
    """
    out = label.copy()
    out[:, (1, 3)] = (out[:, (1, 3)] * width - x) / w
    out[:, (2, 4)] = (out[:, (2, 4)] * height - y) / h
    return out


def clipped(label, before, scale, least):
    """The rows whose box keeps enough of its area inside the picture, cut off at its edges.

    Args:
        label (numpy.ndarray): Rows as `moved` gives them.
        before (numpy.ndarray): The same rows before they were moved.
        scale (float): Area of the new picture over that of the old one.
        least (float): Part of its area that a box has to keep.

    Returns:
        numpy.ndarray: None if there is no such row.
    """
    out = label.copy()
    out[:, 1:5] = out[:, 1:5].clip(0, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = areas(out[:, 1:5]) * scale / areas(before[:, 1:5])
    valid = (out[:, 3] > out[:, 1]) & (out[:, 4] > out[:, 2]) & (kept > least)
    return out[valid] if valid.any() else None
