import itertools

import numpy as np
from harness import ALL, Case, Fault, operator_tests

R = np.random.default_rng(3)
X = R.normal(size=(2, 3, 4))


def transpose(x, axes=()):
    return x.transpose(axes or None)


def swap(x, dim1=0, dim2=0):
    return np.swapaxes(x, dim1, dim2)


def integers(*shape):
    return R.integers(-100, 100, size=shape).astype(float)


LARGE = [
    ((100, 130), ()),
    ((70, 9, 65), (2, 1, 0)),
    ((3, 33, 40), (0, 2, 1)),
    ((2, 64, 8, 8), (0, 2, 3, 1)),
]
CASES = [
    *(
        Case("transpose", [X], transpose, attrs={"axes": a})
        for a in itertools.permutations(range(3))
    ),
    Case("transpose", [X], transpose, second=True, dtypes=ALL),
    *(
        Case("transpose", [integers(*shape)], transpose, attrs={"axes": a}, dtypes=ALL, grad=False)
        for shape, a in LARGE
    ),
    Case("transpose", [integers(2, 3, 2, 3, 2)], transpose, attrs={"axes": (4, 1, 3, 0, 2)}),
    Case("transpose", [X[0, 0]], transpose),
    Case("transpose", [np.zeros((0, 3))], transpose),
    *(
        Case("SwapAxis", [X], swap, attrs={"dim1": a, "dim2": b}, second=a == 0)
        for a, b in ((0, 1), (0, -1), (1, 2), (1, 1))
    ),
    Case("_np_transpose", [X], transpose, second=True, dtypes=ALL),
    Case("_np_transpose", [X], transpose, attrs={"axes": (1, -1, 0)}),
    Case("_np_transpose", [integers(70, 9, 65)], transpose, attrs={"axes": (2, 1, 0)}, grad=False),
    Case("_np_transpose", [np.float64(3)], transpose, name="number"),
]
FAULTS = [
    Fault("transpose", [X], r"axes=\(0, 1\) has 2 numbers", {"axes": (0, 1)}),
    Fault("transpose", [X], "axes=9 is out of range", {"axes": (0, 1, 9)}, IndexError),
    Fault("transpose", [X], "names axis 1 twice", {"axes": (0, 1, 1)}, oracle="1.9.1 reads on"),
    Fault("_np_transpose", [X], r"_np_transpose: axes=\(0, 1\) has 2", {"axes": (0, 1)}),
    Fault("_np_transpose", [X], "names axis 0 twice", {"axes": (0, 1, 0)}),
    Fault("SwapAxis", [X], "dim2=4 is out of range", {"dim1": 0, "dim2": 4}, IndexError),
]
TestTranspose = operator_tests(CASES, FAULTS)
