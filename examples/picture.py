"""Draws the demonstration's picture with NumPy alone: digits, their classes, a training curve."""

import struct
import zlib

import numpy as np

BLACK, GREY, LIGHT = (20, 20, 20), (150, 150, 150), (225, 225, 225)
BLUE, ORANGE, GREEN, RED = (31, 119, 180), (240, 130, 20), (44, 160, 44), (214, 39, 40)

# Rows of three pixels from the top, one digit of 0 to 7 each: 5 is "x x".
_GLYPHS = {
    "0": "75557", "1": "26227", "2": "71747", "3": "71717", "4": "55711", "5": "74717",
    "6": "74757", "7": "71122", "8": "75757", "9": "75717", ".": "00002", "%": "51245",
    "a": "03157", "c": "07447", "e": "06743", "h": "44755", "i": "20222", "n": "06555",
    "o": "07557", "p": "07574", "r": "06444", "s": "03636", "t": "27223", " ": "00000",
}  # fmt: skip
_ZOOM = 2


class Canvas:
    """A white picture to draw on.

    Attributes:
        pixels (numpy.ndarray): uint8 (height, width, 3), red, green, blue.
    """

    def __init__(self, height, width):
        self.pixels = np.full((height, width, 3), 255, np.uint8)

    def rectangle(self, top, left, height, width, color):
        """Fill a rectangle."""
        self.pixels[top : top + height, left : left + width] = color

    def paste(self, picture, top, left):
        """Put in a picture: uint8 (height, width) or (height, width, 3)."""
        if picture.ndim == 2:
            picture = picture[:, :, None]
        height, width = picture.shape[:2]
        self.pixels[top : top + height, left : left + width] = picture

    def text(self, words, top, left, color=BLACK):
        """Write digits and small letters, 10 pixels high."""
        for character in words:
            rows = [[int(row) >> bit & 1 for bit in (2, 1, 0)] for row in _GLYPHS[character]]
            glyph = np.kron(np.array(rows), np.ones((_ZOOM, _ZOOM))).astype(bool)
            height, width = glyph.shape
            self.pixels[top : top + height, left : left + width][glyph] = color
            left += width + _ZOOM

    def line(self, points, color, width=2):
        """Connect points (row, column)."""
        for (top, left), (bottom, right) in zip(points, points[1:]):
            steps = int(max(abs(bottom - top), abs(right - left), 1))
            for row, column in zip(
                np.linspace(top, bottom, steps + 1), np.linspace(left, right, steps + 1)
            ):
                self.rectangle(round(row), round(column), width, width, color)

    def save(self, path):
        """Write a PNG file."""
        height, width = self.pixels.shape[:2]
        rows = np.concatenate(
            [np.zeros((height, 1), np.uint8), self.pixels.reshape(height, -1)], axis=1
        )

        def chunk(kind, data):
            checksum = zlib.crc32(kind + data)
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        with open(path, "wb") as stream:
            stream.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
            stream.write(chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)) + chunk(b"IEND", b""))


def draw_digits(canvas, pictures, answers, top, left):
    """Draw 64x64 pictures in rows of five, each with its class and probability.

    Args:
        canvas (Canvas): Where to draw.
        pictures (list of numpy.ndarray): uint8 (64, 64).
        answers (list of tuple): Class, probability, and whether the class is right.
        top (int), left (int): Where to begin.
    """
    for number, (picture, (digit, probability, right)) in enumerate(zip(pictures, answers)):
        y, x = top + number // 5 * 94, left + number % 5 * 76
        color = GREEN if right else RED
        canvas.rectangle(y - 3, x - 3, 70, 70, color)
        canvas.paste(picture, y, x)
        canvas.text(f"{digit}  {probability:.3f}", y + 72, x, color)


def draw_curve(canvas, train, test, top, left, height, width):
    """Draw accuracies by epoch; the axis ends at the lowest tenth and at 1."""
    low = min(0.9, np.floor(10 * min(train + test)) / 10)

    def place(epoch, value):
        across = (epoch - 1) / max(len(train) - 1, 1)
        return top + (1 - value) / (1 - low) * height, left + across * width

    for value in np.arange(round(low * 10), 11) / 10:
        row = round(place(1, value)[0])
        canvas.rectangle(row, left, 1, width, LIGHT)
        canvas.text(f"{value:.1f}", row - 5, left - 30, GREY)
    canvas.rectangle(top, left, height, 1, GREY)
    canvas.rectangle(top + height, left, 1, width, GREY)
    for name, values, color, row in (("train", train, ORANGE, 34), ("test", test, BLUE, 18)):
        points = [place(epoch + 1, value) for epoch, value in enumerate(values)]
        canvas.line(points if len(points) > 1 else points * 2, color)
        canvas.text(f"{name} {values[-1]:.3f}", top + height - row, left + width - 88, color)
    canvas.text("1", top + height + 8, left, GREY)
    canvas.text(f"epoch {len(train)}", top + height + 8, left + width - 64, GREY)
