import numpy as np
from harness import Case, Fault, operator_tests
from harness.quantized import REAL, SUM, WHOLE, cut, magnitude, one, whole

A_LOW, A_HIGH, B_LOW, B_HIGH = map(one, (-2, 3, -1, 1))
RANGES = [A_LOW, A_HIGH, B_LOW, B_HIGH]
CALIBRATED = {"min_calib_range": -2.5, "max_calib_range": 3.5}


def float_sum(a, b, ranges, scale):
    """In float32, which rounds sums of 31 bits."""
    steps = [magnitude(*ranges[i : i + 2]) / REAL[x.dtype.name] for i, x in ((0, a), (2, b))]
    x, y = (np.float32(np.float32(s) * np.float32(scale)) for s in steps)
    return a.astype("f") * x + b.astype("f") * y


def sides(a, b, ranges):
    x = a * (magnitude(*ranges[:2]) / REAL[a.dtype.name])
    return x, b * (magnitude(*ranges[2:]) / REAL[b.dtype.name])


def add(a, b, *ranges, min_calib_range=None, max_calib_range=None):
    if min_calib_range is None:
        high = magnitude(*ranges[:2]) + magnitude(*ranges[2:])
        out = np.rint(float_sum(a, b, ranges, SUM / high).astype(float))
        return [np.clip(out, -(2.0**31), 2.0**31 - 1).astype(np.int32), one(-high), one(high)]
    dtype = "uint8" if a.dtype == b.dtype == np.uint8 else "int8"
    x, y = sides(a, b, ranges)
    scale = REAL[dtype] / max(abs(min_calib_range), abs(max_calib_range))
    x, y = x * scale, y * scale
    if a.dtype != b.dtype:
        x, y = (cut(side, dtype).astype(int) for side in (x, y))
    out = cut(x + y, dtype)
    return [out, one(min_calib_range), one(max_calib_range)]


def multiply(a, b, *ranges, min_calib_range=None, max_calib_range=None, enable_float_output=False):
    x, y = sides(a, b, ranges)
    if enable_float_output:
        return x * y
    if min_calib_range is None:
        high = SUM * magnitude(*ranges[:2]) / WHOLE[a.dtype.name]
        high *= magnitude(*ranges[2:]) / WHOLE[b.dtype.name]
        return [a.astype(np.int32) * b, one(-high), one(high)]
    size = max(abs(min_calib_range), abs(max_calib_range))
    return [cut(x * y * 127.5 / size, "int8"), one(min_calib_range), one(max_calib_range)]


def case(op, reference, a, b, out, attrs=(), **named):
    inputs = [whole(a, 3, 50), whole(b, 3, 50), *RANGES]
    dtypes = out if out == "float32" else [out, "float32", "float32"]
    return Case(op, inputs, reference, dict(attrs), out_dtype=dtypes, grad=False, **named)


ADD, MUL = "_contrib_quantized_elemwise_add", "_contrib_quantized_elemwise_mul"
MIXED = {"oracle": "1.9.1 forgets the scale of uint8"}
BROKEN = {"oracle": "1.9.1 cannot run it imperatively; in symbols results wrap around"}
CASES = [
    case(ADD, add, "int8", "int8", "int32"),
    case(ADD, add, "uint8", "int8", "int32", **MIXED),
    case(ADD, add, "int8", "int8", "int8", CALIBRATED),
    case(ADD, add, "uint8", "uint8", "uint8", CALIBRATED),
    case(ADD, add, "uint8", "int8", "int8", CALIBRATED),
    case(MUL, multiply, "int8", "int8", "int32", **BROKEN),
    case(MUL, multiply, "uint8", "int8", "int32", **BROKEN),
    case(MUL, multiply, "int8", "int8", "int8", CALIBRATED, **BROKEN),
    case(MUL, multiply, "int8", "int8", "float32", {"enable_float_output": True}, **BROKEN),
]
FAULTS = [
    Fault(ADD, [whole("int8", 3), whole("int8", 4), *RANGES], "has the wrong shape"),
    Fault(MUL, [np.ones(3), whole("int8", 3), *RANGES], "has dtype float32", kind=TypeError),
]
TestQuantizedElemwise = operator_tests(CASES, FAULTS)
