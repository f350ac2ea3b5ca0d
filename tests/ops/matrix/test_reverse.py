import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(9).normal(size=(2, 3, 4))
T = np.random.default_rng(10).normal(size=(2, 9, 3))


def reverse(x, axis):
    return np.flip(x, axis)


def flip(x, axis):
    return np.flip(x, None if axis == "None" else axis)


CASES = [
    Case("_npi_flip", [X], flip, attrs={"axis": "None"}, dtypes=ALL, second=True),
    Case("_npi_flip", [X], flip, attrs={"axis": 1}, dtypes=ALL),
    Case("_npi_flip", [X], flip, attrs={"axis": (0, 2)}),
    Case("_npi_flip", [X], flip, attrs={"axis": (0, -1)}, oracle="1.9.1 refuses negative axes"),
    Case("_npi_flip", [np.float64(3)], flip, attrs={"axis": "None"}, name="number"),
    Case("_npi_flip", [np.zeros((0, 3))], flip, attrs={"axis": 0}),
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
FAULTS = [
    Fault("reverse", [X], "axis=3 is out of range", {"axis": 3}, IndexError),
    Fault("_npi_flip", [X], "_npi_flip: axis=3 is out of range", {"axis": 3}, IndexError),
]
TestReverse = operator_tests(CASES, FAULTS)
