import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(10).normal(size=(2, 2, 5, 6))
LIKE = np.zeros((1, 7, 3, 2))


def crop(x, like=None, num_args=1, offset=(0, 0), h_w=(0, 0), center_crop=False):
    height, width = h_w if like is None else like.shape[2:]
    y, left = offset
    if center_crop:
        y, left = (x.shape[2] - height) // 2, (x.shape[3] - width) // 2
    return x[:, :, y : y + height, left : left + width]


def case(inputs, **attrs):
    return Case("Crop", inputs, crop, attrs={"num_args": len(inputs), **attrs}, grad=[0])


CASES = [
    case([X], h_w=(2, 3)),
    case([X], h_w=(2, 3), offset=(1, 2)),
    case([X], h_w=(2, 3), center_crop=True),
    case([X, LIKE]),
    case([X, LIKE], offset=(2, 1)),
    case([X, LIKE], center_crop=True),
    Case("Crop", [X], crop, attrs={"num_args": 1, "h_w": (5, 6)}, dtypes=ALL, second=True),
]
FAULTS = [
    Fault("Crop", [X], "h_w=.* does not fit into data", {"num_args": 1, "h_w": (9, 3)}),
    Fault("Crop", [X], "h_w=.* does not fit into data", {"num_args": 1}),
    Fault("Crop", [X, LIKE], "offset=.* moves a part", {"num_args": 2, "offset": (3, 3)}),
    Fault("Crop", [X[0]], "has 3 dimensions", {"num_args": 1, "h_w": (1, 1)}),
]
TestCrop = operator_tests(CASES, FAULTS)
