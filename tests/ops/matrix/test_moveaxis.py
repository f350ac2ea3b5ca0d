import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(4).normal(size=(2, 3, 4))
MOVES = [(0, 1), (0, -1), ((0, 1), (1, 2)), ((0, 1), (2, 1)), ((), ()), ((-1, 0), (0, 1))]


def moveaxis(source, destination, **options):
    attrs = {"source": source, "destination": destination}
    return Case("_np_moveaxis", [X], np.moveaxis, attrs=attrs, **options)


def fault(match, source, destination, kind=ValueError):
    attrs = {"source": source, "destination": destination}
    return Fault("_np_moveaxis", [X], match, attrs, kind)


CASES = [
    *(moveaxis(*move) for move in MOVES),
    moveaxis(2, 0, dtypes=ALL, second=True),
]
FAULTS = [
    fault("source=.* names axis 0 twice", (0, 0), (1, 2)),
    fault("destination=.* names axis 1 twice", (0, 1), (1, 1)),
    fault("destination=3 is out of range", 0, 3, IndexError),
    fault(r"destination=\(1,\) has 1 numbers; expected one for each", (0, 1), (1,)),
]
TestMoveAxis = operator_tests(CASES, FAULTS)
