"""Makes JPEG pictures of 500x375 in folders of classes. Run by an interpreter that has Pillow.

PYTHON prepare.py FOLDER COUNT
"""

import pathlib
import sys

import numpy as np
from PIL import Image

CLASSES = 4


def picture(numbers):
    """Coarse noise, enlarged: it compresses about as a photograph does."""
    coarse = numbers.integers(0, 256, (48, 64, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((500, 375), Image.BICUBIC)


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    numbers = np.random.default_rng(0)
    for i in range(count):
        path = folder / f"class{i % CLASSES}" / f"{i:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture(numbers).save(path, quality=90)


if __name__ == "__main__":
    main()
