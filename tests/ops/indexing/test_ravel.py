import numpy as np
from harness import Case, Fault, operator_tests

COORDINATES = np.array([[3, 6, 6], [4, 5, 1]])
FLAT = np.array([22, 41, 37])
NARROW = "1.9.1 computes in 32 bits"


def ravel(data, shape):
    flat = 0
    for size, column in zip(shape, data):
        flat = flat * size + column
    return flat


def unravel(data, shape):
    return np.array(np.unravel_index(data.astype(int), shape))


CASES = [
    Case(
        "_ravel_multi_index",
        [COORDINATES.astype(float)],
        ravel,
        attrs={"shape": (7, 6)},
        grad=False,
    ),
    Case("_ravel_multi_index", [COORDINATES], ravel, attrs={"shape": (7, 6)}, out_dtype="int64"),
    Case("_ravel_multi_index", [COORDINATES], ravel, attrs={"shape": (-1, 6)}, out_dtype="int64"),
    Case("_unravel_index", [FLAT.astype(float)], unravel, attrs={"shape": (7, 6)}, grad=False),
    Case("_unravel_index", [FLAT], unravel, attrs={"shape": (4, 7, 6)}, out_dtype="int64"),
    *(
        Case("_unravel_index", [indices], unravel, {"shape": shape}, out_dtype="int64", oracle=held)
        for indices, shape, held in (
            # More than a block, and up to the largest numbers of 31 bits.
            (np.arange(1029), (3, 7, 49), True),
            (np.array([0, 1, 2**31 - 2, 2**31 - 1]), (2, 2**15, 2**15), True),
            (np.array([2**31 - 1, 5, 2**30]), (1, 2**31 + 1), NARROW),
            (np.array([2**31, 2**31 + 5, 2**40]), (2**11, 3, 2**30), NARROW),
        )
    ),
]
FAULTS = [
    Fault(
        "_ravel_multi_index",
        [COORDINATES],
        r"data=\(2, 3\) has the wrong shape",
        {"shape": (7, 6, 2)},
    ),
    Fault("_unravel_index", [FLAT], r"shape=\(\) is empty", {"shape": ()}),
]
TestRavel = operator_tests(CASES, FAULTS)
