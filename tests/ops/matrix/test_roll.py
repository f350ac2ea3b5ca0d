import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(4).normal(size=(2, 3, 4))


def roll(shift, axis=None, data=X, **options):
    attrs = {"shift": shift} if axis is None else {"shift": shift, "axis": axis}
    return Case("_np_roll", [data], np.roll, attrs=attrs, **options)


CASES = [
    roll(2, dtypes=ALL, second=True),
    roll(-5),
    roll(2, 0),
    roll(-1, 1, dtypes=ALL),
    roll(7, -1),
    roll((1, 2), (0, 1)),
    roll(1, (0, 2)),
    roll(1, 0, np.zeros((0, 3))),
    roll(1, None, np.float64(3), name="number"),
]
FAULTS = [
    Fault(
        "_np_roll", [X], r"shift=\(1, 2\) does not fit axis=\(0,\)", {"shift": (1, 2), "axis": 0}
    ),
    Fault("_np_roll", [X], "shift=.* does not fit", {"shift": (1, 2)}),
    Fault("_np_roll", [X], r"shift=\(\) does not fit", {}),
    Fault("_np_roll", [X], "axis=5 is out of range", {"shift": 2, "axis": 5}, IndexError),
]
TestRoll = operator_tests(CASES, FAULTS)
