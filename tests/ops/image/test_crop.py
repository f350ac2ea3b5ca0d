import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(0).normal(size=(5, 6, 3))
OP = "_image_crop"
PART = {"x": 2, "y": 1, "width": 3, "height": 2}


def crop(data, x, y, width, height):
    return data[..., y : y + height, x : x + width, :]


CASES = [
    Case(OP, [X], crop, attrs=PART, dtypes=ALL, second=True),
    Case(OP, [X[..., :1]], crop, attrs=PART, name="gray"),
    Case(OP, [np.stack([X, X + 1])], crop, attrs=PART, name="batch"),
    Case(OP, [X], crop, attrs={"x": 0, "y": 0, "width": 6, "height": 5}, name="whole"),
]
FAULTS = [
    Fault(OP, [X], "6 in the axis of x and width, of which 4 to 6", {**PART, "x": 4}),
    Fault(OP, [X], "5 in the axis of y and height, of which 4 to 5", {**PART, "y": 4}),
    Fault(OP, [X], "x=-1", {**PART, "x": -1}),
    Fault(OP, [X], "width=0", {**PART, "width": 0}),
    Fault(OP, [X], "height is missing", {"x": 0, "y": 0, "width": 1}),
    Fault(OP, [X[..., :2]], "has 2 channels; expected 1 or 3", PART),
    Fault(OP, [X[0]], r"has 2 axes; expected \(height, width, channels\)", PART),
]
TestCrop = operator_tests(CASES, FAULTS)
