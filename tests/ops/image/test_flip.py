import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(0).normal(size=(4, 6, 3))
EMPTY = "1.9.1 does not write the middle of odd sizes, has no batches and a wrong gradient"


def left_right(data):
    return data[..., ::-1, :]


def top_bottom(data):
    return data[..., ::-1, :, :]


CASES = [
    Case(op, [data], reference, dtypes=dtypes, name=name, oracle=EMPTY)
    for op, reference in (
        ("_image_flip_left_right", left_right),
        ("_image_flip_top_bottom", top_bottom),
    )
    for name, data, dtypes in (
        ("even", X, ALL),
        ("odd", X[:3, :5], ("float32",)),
        ("gray", X[..., :1], ("float32",)),
        ("batch", np.stack([X, X + 1]), ("float32",)),
    )
]
FAULTS = [
    Fault("_image_flip_left_right", [X[..., :2]], "has 2 channels; expected 1 or 3"),
    Fault("_image_flip_top_bottom", [X[0]], "has 2 axes"),
]
TestFlip = operator_tests(CASES, FAULTS)
