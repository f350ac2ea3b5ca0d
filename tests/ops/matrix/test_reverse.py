import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(9).normal(size=(2, 3, 4))
T = np.random.default_rng(10).normal(size=(2, 9, 3))


def reverse(x, axis):
    return np.flip(x, axis)


CASES = [
    Case("reverse", [X], reverse, attrs={"axis": 1}, dtypes=ALL, second=True),
    Case("reverse", [X], reverse, attrs={"axis": (0, 2)}, dtypes=ALL),
    Case("reverse", [X], reverse, attrs={"axis": ()}),
    Case("reverse", [X], lambda x, axis: x, attrs={"axis": (1, 1)}, name="twice"),
    Case("reverse", [X], reverse, attrs={"axis": (-1,)}, oracle="1.9.1 refuses negative axes"),
    *(
        Case(
            "reverse", [T[:, :rows]], reverse, attrs={"axis": 1}, dtypes=ALL, name=f"threes-{rows}"
        )
        for rows in (1, 2, 3, 4, 9)
    ),
]
FAULTS = [Fault("reverse", [X], "axis=3 is out of range", {"axis": 3}, IndexError)]
TestReverse = operator_tests(CASES, FAULTS)
