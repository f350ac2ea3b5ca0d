import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

WINDOWS = {"_npi_blackman": np.blackman, "_npi_hamming": np.hamming, "_npi_hanning": np.hanning}


def window(op, points, dtype="float32", **options):
    def reference(M, dtype):
        return WINDOWS[op](M).astype("float32" if dtype == "bfloat16" else dtype)

    attrs = {"M": points, "dtype": dtype}
    return Case(op, [], reference, attrs=attrs, out_dtype=dtype, **options)


CASES = [
    *(window(op, points) for op in WINDOWS for points in (5, 4, 2, 1)),
    *(window(op, points, name="no-point") for op in WINDOWS for points in (0, -1)),
    *(
        window(op, 9, d, oracle=d != "float64" or "1.9.1 computes in float32")
        for op in WINDOWS
        for d in FLOATS
    ),
    *(window(op, 7, "int32") for op in WINDOWS),
]
FAULTS = [Fault(op, [], f"{op}: M is missing") for op in WINDOWS]
TestWindow = operator_tests(CASES, FAULTS)
