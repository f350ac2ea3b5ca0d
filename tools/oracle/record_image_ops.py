"""Writes what MXNet 1.9.1 draws for pictures: tests/data/ops/image.npz.

Run with the Python of MXNet 1.9.1: python tools/oracle/record_image_ops.py
tests/ops/image/test_random_color.py, test_random_flip.py and test_lighting.py replay it.
"""

import pathlib

import numpy as np

import mxnet as mx

OUT = pathlib.Path(__file__).parents[2] / "tests" / "data" / "ops" / "image.npz"
SEEDS = (0, 1, 2, 3, 11)
FACTORS = {"min_factor": 0.3, "max_factor": 1.7}
JITTER = {"brightness": 0.4, "contrast": 0.3, "saturation": 0.5, "hue": 0.1}
OPERATORS = {
    "adjust_lighting": {"alpha": (0.1, 0.2, -0.3)},
    "random_brightness": FACTORS,
    "random_color_jitter": JITTER,
    "random_contrast": FACTORS,
    "random_flip_left_right": {},
    "random_flip_top_bottom": {},
    "random_hue": FACTORS,
    "random_lighting": {"alpha_std": 0.5},
    "random_saturation": FACTORS,
}


def draws(name, picture, dtype):
    """Results for each seed, two calls one after the other."""
    data = mx.nd.array(picture, dtype=dtype)
    results = []
    for seed in SEEDS:
        mx.random.seed(seed)
        for _ in range(2):
            results.append(getattr(mx.nd.image, name)(data, **OPERATORS[name]).asnumpy())
    return np.stack(results)


def main():
    # Even sizes: 1.9.1 does not write the middle of odd ones when it flips.
    picture = np.random.RandomState(0).randint(0, 256, (4, 6, 3)).astype(np.uint8)
    out = {"picture": picture, "seeds": np.array(SEEDS)}
    for name in OPERATORS:
        for dtype in ("uint8", "float32"):
            out[f"{name}-{dtype}"] = draws(name, picture, dtype)
    np.savez_compressed(OUT, **out)


if __name__ == "__main__":
    main()
