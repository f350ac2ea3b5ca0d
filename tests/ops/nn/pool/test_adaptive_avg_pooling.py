import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(61)
OP = "_contrib_AdaptiveAvgPooling2D"


def parts(size, count):
    return [slice(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]


def means(x, output_size=()):
    sizes = tuple(np.atleast_1d(output_size).astype(int))
    height, width = (sizes * 2)[:2] if sizes else (1, 1)
    out = np.zeros(x.shape[:2] + (height, width))
    for i, rows in enumerate(parts(x.shape[2], height)):
        for j, columns in enumerate(parts(x.shape[3], width)):
            out[:, :, i, j] = x[:, :, rows, columns].mean((2, 3))
    return out


def case(shape, output_size, **more):
    return Case(
        OP, [R.normal(size=shape)], means, {"output_size": output_size}, second=True, **more
    )


CASES = [
    case((2, 3, 5, 7), (2, 3), dtypes=FLOATS),
    case((1, 2, 4, 4), (4, 4)),
    case((1, 2, 3, 2), (5, 7)),
    case((2, 1, 6, 5), (3,)),
    case((2, 2, 3, 4), 2),
    case((1, 1, 3, 3), (0, 2), oracle="1.9.1 has no arrays of size 0"),
    Case(OP, [R.normal(size=(2, 3, 4, 5))], means, second=True, dtypes=FLOATS),
]
X = np.ones((1, 2, 3, 4))
FAULTS = [
    Fault(OP, [X[0]], "has 3 axes; expected 4"),
    Fault(
        OP,
        [X],
        "output_size=.*has 3 numbers",
        {"output_size": (1, 2, 3)},
        oracle="1.9.1 takes three numbers as none",
    ),
    Fault(
        OP,
        [X],
        "output_size=.*at least 0",
        {"output_size": (-1, 2)},
        oracle="1.9.1 makes an array of unknown size",
    ),
    Fault(OP, [X.astype("int32")], "floating dtype", kind=TypeError),
]
TestAdaptiveAvgPooling = operator_tests(CASES, FAULTS)
