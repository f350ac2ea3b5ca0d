import numpy as np
from harness import Case, Fault, operator_tests


def indices(dimensions, dtype="int32"):
    return np.indices(dimensions).astype(dtype)


def grid(*dimensions, dtype="int32", **options):
    attrs = {"dimensions": dimensions, "dtype": dtype}
    return Case("_npi_indices", [], indices, attrs=attrs, out_dtype=dtype, **options)


CASES = [
    *(grid(2, 3, dtype=d) for d in ("int32", "int64", "uint8", "float32", "float16")),
    grid(4),
    grid(3, 1, 2, 5),
    grid(200, 300, 4),
    grid(2, 0, name="empty"),
]
FAULTS = [
    Fault("_npi_indices", [], r"dimensions=\(2, -1\) has a negative", {"dimensions": (2, -1)}),
    Fault("_npi_indices", [], "dimensions is missing"),
]
TestIndices = operator_tests(CASES, FAULTS)
