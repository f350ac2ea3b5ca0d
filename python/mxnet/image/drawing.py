"""Boxes and names of objects on pictures, with the package cv2."""

import random

from .._opencv import opencv

__all__ = ["draw_boxes", "show"]


def draw_boxes(image, label, color, thickness, names):
    """The picture with a rectangle around each object.

    Args:
        image (numpy.ndarray): uint8, shape (height, width, 3).
        label (numpy.ndarray): Rows (class, left, top, right, bottom, ...), parts of the sides.
        color (tuple of int): Of the rectangles; None for a random one for each.
        thickness (int): Of lines, in pixels.
        names (dict): Names of classes; None for no names.

    Returns:
        numpy.ndarray: The drawn picture.
    """
    cv2 = opencv("draw_next", "draws")
    image = image.copy()
    height, width = image.shape[:2]
    for kind, *sides in label[:, :5]:
        left, right = int(sides[0] * width), int(sides[2] * width)
        top, bottom = int(sides[1] * height), int(sides[3] * height)
        paint = tuple(random.randint(0, 255) for _ in range(3)) if color is None else color
        cv2.rectangle(image, (left, top), (right, bottom), paint, thickness)
        if names is not None:
            text = str(names.get(int(kind), int(kind)))
            place = (left + 5, top + 15)
            cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, paint, thickness)
    return image


def show(image, title, milliseconds):
    """Shows a picture (red, green, blue) in a window."""
    cv2 = opencv("draw_next", "draws")
    cv2.imshow(title, image[:, :, ::-1])
    cv2.waitKey(milliseconds)
