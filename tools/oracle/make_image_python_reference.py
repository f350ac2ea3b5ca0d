"""Writes tests/data/image/python.json: what the Python part of mxnet.image gives in MXNet 1.9.1.

Run with the interpreter that has mxnet 1.9.1:
`python make_image_python_reference.py tests/data/image`.
"""

import json
import random
import sys
from pathlib import Path

import numpy as np

import mxnet as mx

SEED = 5
EIGVAL = [55.46, 4.794, 1.148]
EIGVEC = [[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]]
# Class, arguments
AUGMENTERS = (
    ("ResizeAug", [20]),
    ("ResizeAug", [50, 9]),
    ("ForceResizeAug", [[9, 60], 9]),
    ("RandomCropAug", [[20, 10]]),
    ("RandomSizedCropAug", [[20, 10], 0.3, [0.75, 1.33]]),
    ("RandomSizedCropAug", [[20, 10], [0.2, 0.4], [0.5, 2.0], 1]),
    ("CenterCropAug", [[21, 12]]),
    ("CenterCropAug", [[100, 50]]),
    ("BrightnessJitterAug", [0.3]),
    ("ContrastJitterAug", [0.3]),
    ("SaturationJitterAug", [0.3]),
    ("HueJitterAug", [0.3]),
    ("ColorJitterAug", [0.1, 0.2, 0.3]),
    ("RandomGrayAug", [1.0]),
    ("HorizontalFlipAug", [1.0]),
    ("CastAug", ["float32"]),
)


def summary(array):
    """Shape, sum and a sum with weights that depend on the place, so that order counts."""
    array = np.asarray(array, np.float64)
    weights = np.arange(array.size).reshape(array.shape) % 251
    return {
        "shape": array.shape,
        "sum": float(array.sum()),
        "weighted": float((array * weights).sum()),
    }


def seeded(function, *arguments):
    random.seed(SEED)
    np.random.seed(SEED)
    return function(*arguments)


def augmented(picture):
    for name, arguments in AUGMENTERS:
        augmenter = getattr(mx.image, name)(*arguments)
        result = summary(seeded(augmenter, picture.copy()).asnumpy())
        yield {"class": name, "arguments": arguments, "dumps": augmenter.dumps(), **result}
    lighting = mx.image.LightingAug(0.3, np.array(EIGVAL), np.array(EIGVEC))
    result = summary(seeded(lighting, picture.copy()).asnumpy())
    yield {
        "class": "LightingAug",
        "arguments": [0.3, EIGVAL, EIGVEC],
        "dumps": lighting.dumps(),
        **result,
    }


def crops(picture):
    yield "random_crop", seeded(mx.image.random_crop, picture, (20, 10))[1]
    yield "center_crop", mx.image.center_crop(picture, (100, 50))[1]
    arguments = ((20, 10), (0.08, 1.0), (0.75, 1.33))
    yield "random_size_crop", seeded(mx.image.random_size_crop, picture, *arguments)[1]


def rotations(picture):
    chw = picture.transpose((2, 0, 1))
    for degrees in (30, -50, 135):
        for zoom in ("none", "in", "out"):
            turned = mx.image.imrotate(chw, degrees, zoom == "in", zoom == "out")
            yield {"degrees": degrees, "zoom": zoom, **summary(turned.asnumpy())}


def borders(picture):
    for kind in range(5):
        framed = mx.image.copyMakeBorder(picture, 3, 2, 60, 4, type=kind, values=(1, 2.5, 300))
        yield summary(framed.asnumpy())


def main():
    out = Path(sys.argv[1])
    picture = mx.image.imread(str(out / "jpeg_420.jpg"))
    as_float = picture.astype("float32")
    recipe = mx.image.CreateAugmenter(
        (3, 20, 20), 30, True, True, True, True, True, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1
    )
    result = {
        "seed": SEED,
        "augmenters": list(augmented(as_float)),
        "recipe": [aug.dumps() for aug in recipe],
        "crops": dict(crops(picture)),
        "rotations": list(rotations(as_float)),
        "borders": list(borders(picture)),
    }
    (out / "python.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
