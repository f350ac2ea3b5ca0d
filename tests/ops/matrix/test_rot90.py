import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(4).normal(size=(2, 3, 4))


def rot90(k, axes, **options):
    return Case("_npi_rot90", [X], np.rot90, attrs={"k": k, "axes": axes}, **options)


CASES = [
    *(rot90(k, (0, 1), dtypes=ALL if k == 1 else "float32", second=k == 1) for k in range(-1, 5)),
    rot90(1, (1, 0)),
    rot90(1, (0, -1)),
    rot90(3, (2, 1)),
]
FAULTS = [
    Fault("_npi_rot90", [X], "axes=.* has 0 numbers", {"k": 1}),
    Fault("_npi_rot90", [X], "axes=.* has 1 numbers", {"axes": (0,)}),
    Fault("_npi_rot90", [X], "axes=.* names axis 0 twice", {"axes": (0, -3)}),
    Fault("_npi_rot90", [X], "axes=3 is out of range", {"axes": (0, 3)}, IndexError),
]
TestRot90 = operator_tests(CASES, FAULTS)
