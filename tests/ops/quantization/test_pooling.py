import numpy as np
from harness import Case, Fault, operator_tests
from harness.quantized import cut, one, whole

LOW, HIGH = one(-2), one(3)


def pooling(x, low, high, kernel=(), stride=(1, 1), pad=(0, 0), pool_type="max", **attrs):
    if attrs.get("global_pool"):
        kernel = x.shape[2:]
    fill = np.iinfo(x.dtype).min if pool_type == "max" else 0
    width = [(0, 0), (0, 0), *((p, p) for p in pad)]
    wide = np.pad(x.astype(np.int64), width, constant_values=fill)
    ones = np.pad(np.ones_like(x, np.int64), width)
    size = [(wide.shape[2 + i] - kernel[i]) // stride[i] + 1 for i in (0, 1)]
    out = np.zeros((*x.shape[:2], *size), x.dtype)
    for i in range(size[0]):
        for j in range(size[1]):
            rows = slice(i * stride[0], i * stride[0] + kernel[0])
            columns = slice(j * stride[1], j * stride[1] + kernel[1])
            part = wide[:, :, rows, columns]
            if pool_type == "max":
                out[:, :, i, j] = part.max((2, 3))
                continue
            count = ones[:, :, rows, columns].sum((2, 3))
            if attrs.get("count_include_pad", True):
                count = kernel[0] * kernel[1]
            out[:, :, i, j] = cut(part.sum((2, 3)) / count, x.dtype.name)
    return [out, low, high]


def case(dtype, **attrs):
    return Case(
        "_contrib_quantized_pooling",
        [whole(dtype, 2, 20, 6, 5), LOW, HIGH],
        pooling,
        attrs,
        out_dtype=[dtype, "float32", "float32"],
        grad=False,
    )


CASES = [
    case("int8", kernel=(2, 2)),
    case("uint8", kernel=(2, 3), stride=(2, 1), pad=(1, 1)),
    case("int8", kernel=(3, 3), stride=(2, 2), pad=(1, 1), pool_type="avg"),
    case("uint8", kernel=(3, 3), pad=(1, 1), pool_type="avg", count_include_pad=False),
    case("int8", kernel=(2, 2), global_pool=True, pool_type="avg"),
    case("uint8", kernel=(2, 2), global_pool=True),
]
FAULTS = [
    Fault(
        "_contrib_quantized_pooling",
        [whole("int8", 1, 2, 4, 4), LOW, HIGH],
        "_contrib_quantized_pooling: pool_type=sum is not known",
        {"kernel": (2, 2), "pool_type": "sum"},
    ),
    Fault(
        "_contrib_quantized_pooling",
        [np.ones((1, 2, 4, 4)), LOW, HIGH],
        "has dtype float32",
        {"kernel": (2, 2)},
        TypeError,
    ),
]
TestQuantizedPooling = operator_tests(CASES, FAULTS)
