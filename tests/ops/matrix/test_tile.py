import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(8).normal(size=(2, 3, 4))


def tile(x, reps):
    return np.tile(x, reps)


def repeat(x, repeats, axis=None):
    return np.repeat(x, repeats, axis)


CASES = [
    *(
        Case("tile", [X], tile, attrs={"reps": reps}, second=len(reps) == 3)
        for reps in ((2,), (), (2, 1, 1, 1), (1, 2, 3), (3, 1, 2, 1, 2))
    ),
    Case("tile", [X], tile, attrs={"reps": (2, 2)}, dtypes=ALL),
    Case("repeat", [X], repeat, attrs={"repeats": 2}, dtypes=ALL, second=True),
    *(Case("repeat", [X], repeat, attrs={"repeats": 3, "axis": a}) for a in (0, 1, -1)),
]
FAULTS = [
    Fault("tile", [X], r"tile: reps=\(-1, 1\) has a negative number", {"reps": (-1, 1)}),
    Fault("repeat", [X], "repeat: repeats=-1 is out of range", {"repeats": -1}),
    Fault("repeat", [X], "axis=5", {"repeats": 1, "axis": 5}, IndexError),
]
TestTile = operator_tests(CASES, FAULTS)
