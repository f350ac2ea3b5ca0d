import numpy as np
from harness import Case, Fault, operator_tests
from harness.quantized import REAL, SUM, WHOLE, magnitude, one, whole

LOW, HIGH, W_LOW, W_HIGH, B_LOW, B_HIGH = map(one, (-2, 3, -1, 0.8, -1.5, 1))
WEIGHT, BIAS = whole("int8", 6, 4, 2, 2), whole("int8", 6)
OUT = {"out_dtype": ["int32", "float32", "float32"], "grad": False}


def step(dtype, low, high):
    return magnitude(low, high) / REAL[dtype]


def convolution(x, w, *rest, kernel, num_filter, no_bias=False, num_group=1, stride=(1, 1)):
    b, ranges = (None, rest) if no_bias else (rest[0], rest[1:])
    size = [(x.shape[2 + i] - kernel[i]) // stride[i] + 1 for i in (0, 1)]
    out = np.zeros((len(x), num_filter, *size), np.int32)
    filters, channels = num_filter // num_group, x.shape[1] // num_group
    for f in range(num_filter):
        group = f // filters * channels
        for i in range(size[0]):
            for j in range(size[1]):
                top, left = i * stride[0], j * stride[1]
                part = x[:, group : group + channels, top:, left:][:, :, : kernel[0], : kernel[1]]
                out[:, f, i, j] = (part.astype(np.int32) * w[f]).sum((1, 2, 3))
    data, weight = (ranges[i : i + 2] for i in (0, 2))
    if b is not None:
        unit = step(x.dtype.name, *data) * step("int8", *weight)
        out += np.trunc(b * (step("int8", *ranges[4:6]) / unit)).astype(np.int32)[:, None, None]
    high = SUM * magnitude(*data) / WHOLE[x.dtype.name] * magnitude(*weight) / 127
    return [out, one(-high), one(high)]


def case(dtype, attrs=(), weight=WEIGHT, bias=True, **named):
    tensors = [whole(dtype, 2, 4, 5, 4), weight, *([BIAS] if bias else [])]
    ranges = [LOW, HIGH, W_LOW, W_HIGH, *([B_LOW, B_HIGH] if bias else [])]
    attrs = {"kernel": (2, 2), "num_filter": 6, "no_bias": not bias, **dict(attrs)}
    return Case("_contrib_quantized_conv", tensors + ranges, convolution, attrs, **named, **OUT)


CASES = [
    case("uint8", oracle="1.9.1 adds the bias unscaled, and tells twice the range"),
    case("int8", oracle="1.9.1 takes uint8 only"),
    case("uint8", bias=False, oracle="1.9.1 tells twice the range"),
    case("int8", {"stride": (2, 1)}, bias=False, oracle="1.9.1 takes uint8 only"),
    case("uint8", {"num_group": 2}, WEIGHT[:, :2], oracle="1.9.1 takes one group only"),
]
DATA = whole("uint8", 1, 4, 3, 3)
RANGES = [LOW, HIGH, W_LOW, W_HIGH]
ATTRS = {"kernel": (2, 2), "num_filter": 6, "no_bias": True}
FAULTS = [
    Fault(
        "_contrib_quantized_conv",
        [DATA.astype("f"), WEIGHT, *RANGES],
        "has dtype float32",
        ATTRS,
        TypeError,
    ),
    Fault("_contrib_quantized_conv", [DATA, WEIGHT[:, :3], *RANGES], "has the wrong shape", ATTRS),
    Fault(
        "_contrib_quantized_conv",
        [DATA, WEIGHT, np.ones(6), *RANGES[1:]],
        r"=\(6,\) has the wrong shape",
        ATTRS,
    ),
]
TestQuantizedConvolution = operator_tests(CASES, FAULTS)
