import numpy as np
from harness import Case, Fault, operator_tests
from harness.quantized import REAL, SUM, WHOLE, magnitude, one, whole

LOW, HIGH, W_LOW, W_HIGH, B_LOW, B_HIGH = map(one, (-2, 3, -1, 0.8, -0.3, 0.4))
WEIGHT, BIAS = whole("int8", 9, 12), whole("int8", 9)
OUT = {"out_dtype": ["int32", "float32", "float32"], "grad": False}


def fully_connected(x, w, *rest, num_hidden, no_bias=False, flatten=True):
    b, ranges = (None, rest) if no_bias else (rest[0], rest[1:])
    rows = x.reshape(len(x), -1) if flatten else x
    out = (rows.astype(np.int64) @ w.T.astype(np.int64)).astype(np.int32)
    data, weight = magnitude(*ranges[:2]), magnitude(*ranges[2:4])
    dtype = x.dtype.name
    if b is not None:
        unit = data / REAL[dtype] * weight / 127.5
        out += np.trunc(b * (magnitude(*ranges[4:6]) / 127.5 / unit)).astype(np.int32)
    high = SUM * data / WHOLE[dtype] * weight / 127
    return [out, one(-high), one(high)]


def case(shape, dtype, bias=True, **attrs):
    tensors = [whole(dtype, *shape), WEIGHT, *([BIAS] if bias else [])]
    ranges = [LOW, HIGH, W_LOW, W_HIGH, *([B_LOW, B_HIGH] if bias else [])]
    attrs = {"num_hidden": 9, "no_bias": not bias, **attrs}
    return Case(
        "_contrib_quantized_fully_connected", tensors + ranges, fully_connected, attrs, **OUT
    )


CASES = [
    case((5, 12), "int8"),
    case((5, 12), "uint8"),
    case((5, 12), "int8", bias=False),
    case((5, 3, 4), "uint8", bias=False),
    case((2, 3, 12), "int8", flatten=False),
]
FAULTS = [
    Fault(
        "_contrib_quantized_fully_connected",
        [whole("int8", 5, 12), WEIGHT[:, :7], LOW, HIGH, W_LOW, W_HIGH],
        "has the wrong shape",
        {"num_hidden": 9, "no_bias": True},
    ),
]
TestQuantizedFullyConnected = operator_tests(CASES, FAULTS)
