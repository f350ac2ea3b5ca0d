import numpy as np
from harness import Case, Fault, operator_tests
from harness.quantized import REAL, cut, magnitude, one, whole


def concat(*inputs, num_args, dim=1):
    arrays, ranges = inputs[:num_args], inputs[num_args:]
    low, high = min(ranges[::2]), max(ranges[1::2])
    dtype = "uint8" if all(a.dtype == np.uint8 for a in arrays) else "int8"
    step = magnitude(low, high) / REAL[dtype]
    sizes = [magnitude(*ends) for ends in zip(ranges[::2], ranges[1::2])]
    steps = [size / REAL[a.dtype.name] for size, a in zip(sizes, arrays)]
    parts = [cut(a * (s / step), dtype) for a, s in zip(arrays, steps)]
    return [np.concatenate(parts, dim), low, high]


def case(dtypes, ends, dim=1):
    arrays = [whole(dtype, 2, 3, 4) for dtype in dtypes]
    ranges = [one(end) for end in ends]
    out = "uint8" if set(dtypes) == {"uint8"} else "int8"
    return Case(
        "_contrib_quantized_concat",
        arrays + ranges,
        concat,
        {"num_args": len(arrays), "dim": dim},
        out_dtype=[out, "float32", "float32"],
        grad=False,
    )


CASES = [
    case(["int8", "int8"], [-2, 3, -1, 1]),
    case(["uint8", "uint8"], [0, 3, 0, 1.5], 2),
    case(["uint8", "int8"], [0, 3, -1, 1]),
    case(["int8", "uint8", "int8"], [-1, 1, 0, 2, -5, 4], 0),
    case(["int8"], [-1, 1]),
]
FAULTS = [
    Fault(
        "_contrib_quantized_concat",
        [np.ones((2, 3)), whole("int8", 2, 3), one(0), one(1), one(0), one(1)],
        "has dtype float32",
        {"num_args": 2},
        TypeError,
    ),
]
TestQuantizedConcat = operator_tests(CASES, FAULTS)
