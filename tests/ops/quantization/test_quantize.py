import numpy as np
from harness import Case, Fault, operator_tests
from harness.quantized import REAL, SUM, WHOLE, R, cut, magnitude, one, whole

X = R.normal(size=(3, 17))


def quantize(x, low, high, out_type="uint8"):
    size = magnitude(low, high)
    ends = [low, high] if out_type == "uint8" else [one(-size), one(size)]
    return [cut(x * WHOLE[out_type] / size, out_type), *ends]


def quantize_v2(x, out_type="int8", min_calib_range=None, max_calib_range=None):
    low = x.min() if min_calib_range is None else min_calib_range
    high = x.max() if max_calib_range is None else max_calib_range
    if out_type == "auto":
        out_type = "uint8" if min_calib_range is not None and low >= 0 else "int8"
    size = max(abs(low), abs(high))
    ends = [one(low), one(high)] if out_type == "uint8" else [one(-size), one(size)]
    return [cut(x * REAL[out_type] / size, out_type), *ends]


def requantize(x, low, high, out_type="int8", min_calib_range=None, max_calib_range=None):
    real = x * (magnitude(low, high) / SUM)
    ends = real if min_calib_range is None else np.array([min_calib_range, max_calib_range])
    size = np.abs(ends).max()
    low = 0 if out_type == "uint8" else -size
    return [cut(real * WHOLE[out_type] / size, out_type), one(low), one(size)]


def dequantize(x, low, high):
    return x * (magnitude(low, high) / REAL.get(x.dtype.name, SUM))


def quantize_asym(x, min_calib_range=None, max_calib_range=None):
    low = x.min() if min_calib_range is None else min_calib_range
    high = x.max() if max_calib_range is None else max_calib_range
    scale = 255 / (high - low)
    shift = 255 - high * scale
    return [cut(x * scale + shift, "uint8"), one(scale), one(shift)]


def pass_on(x, **attrs):
    span = REAL[x.dtype.name]
    return [x, one(0 if x.dtype == np.uint8 else -span), one(span)]


SUMS = R.integers(-(2**30), 2**30, (4, 9)).astype(np.int32)
I8 = {"out_dtype": ["int8", "float32", "float32"], "grad": False}
U8 = {"out_dtype": ["uint8", "float32", "float32"], "grad": False}
LOW, HIGH = one(-2.1), one(1.3)
CALIBRATED = {"min_calib_range": -1.5, "max_calib_range": 2.25}
POSITIVE = {"min_calib_range": 0.0, "max_calib_range": 2.25}
AUTO = {"out_type": "auto"}
UNSIGNED = {"out_type": "uint8"}

CASES = [
    Case("_contrib_quantize", [X, LOW, HIGH], quantize, **U8),
    Case("_contrib_quantize", [X, LOW, HIGH], quantize, {"out_type": "int8"}, **I8),
    Case("_contrib_quantize_v2", [X], quantize_v2, **I8),
    Case("_contrib_quantize_v2", [X], quantize_v2, AUTO, **I8),
    Case("_contrib_quantize_v2", [np.abs(X)], quantize_v2, UNSIGNED, **U8),
    Case("_contrib_quantize_v2", [X], quantize_v2, CALIBRATED, **I8),
    Case("_contrib_quantize_v2", [X], quantize_v2, POSITIVE | AUTO, **U8),
    Case("_contrib_quantize_v2", [X], quantize_v2, CALIBRATED | AUTO, **I8),
    Case("_contrib_quantize_v2", [whole("int8", 2, 3)], pass_on, **I8),
    Case("_contrib_quantize_v2", [whole("uint8", 2, 3)], pass_on, UNSIGNED, **U8),
    Case(
        "_contrib_quantize_v2",
        [np.zeros((2, 3))],
        lambda x: [x.astype(np.int8), one(0), one(0)],
        oracle="1.9.1 divides by the range",
        **I8,
    ),
    Case("_contrib_quantize_asym", [X], quantize_asym, oracle="1.9.1 crashes", **U8),
    Case("_contrib_quantize_asym", [X], quantize_asym, CALIBRATED, oracle="1.9.1 crashes", **U8),
    Case("_contrib_requantize", [SUMS, LOW, HIGH], requantize, **I8),
    Case("_contrib_requantize", [SUMS, LOW, HIGH], requantize, UNSIGNED, **U8),
    Case("_contrib_requantize", [SUMS, LOW, HIGH], requantize, CALIBRATED, **I8),
    Case("_contrib_requantize", [SUMS, LOW, HIGH], requantize, POSITIVE | UNSIGNED, **U8),
    Case("_contrib_dequantize", [whole("int8", 3, 4), LOW, HIGH], dequantize, grad=False),
    Case("_contrib_dequantize", [whole("uint8", 3, 4), LOW, HIGH], dequantize, grad=False),
    Case(
        "_contrib_dequantize",
        [SUMS, LOW, HIGH],
        dequantize,
        grad=False,
        oracle="1.9.1 reads 8 bits only",
    ),
]
FAULTS = [
    Fault("_contrib_quantize_v2", [X], "out_type=int4", {"out_type": "int4"}),
    Fault(
        "_contrib_quantize_v2",
        [X],
        "_contrib_quantize_v2: min_calib_range and max_calib_range belong together",
        {"min_calib_range": 0.5},
        oracle="1.9.1 leaves it out",
    ),
    Fault(
        "_contrib_quantize_v2",
        [X],
        "_contrib_quantize_v2: min_calib_range=2 is above max_calib_range=1",
        {"min_calib_range": 2.0, "max_calib_range": 1.0},
        oracle="1.9.1 takes any",
    ),
    Fault("_contrib_quantize", [X, np.ones(2), HIGH], r"_contrib_quantize: min_range=\(2,\)"),
    Fault("_contrib_dequantize", [X, LOW, HIGH], "data has dtype float32", kind=TypeError),
    Fault("_contrib_requantize", [X, LOW, HIGH], "data has dtype float32", kind=TypeError),
]
TestQuantize = operator_tests(CASES, FAULTS)
