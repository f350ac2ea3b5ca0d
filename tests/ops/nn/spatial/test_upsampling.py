import numpy as np
from harness import Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(22)


def nearest(*inputs, scale, multi_input_mode="concat", **_):
    height = inputs[0].shape[2] * scale
    parts = []
    for x in inputs:
        factor = height // x.shape[2]
        parts.append(x.repeat(factor, 2).repeat(factor, 3))
    return sum(parts) if multi_input_mode == "sum" else np.concatenate(parts, 1)


def bilinear(x, weight, scale, **_):
    n, channels, height, width = x.shape
    kernel, pad = weight.shape[2], scale // 2
    full = np.zeros((n, channels, (height - 1) * scale + kernel, (width - 1) * scale + kernel))
    for i in range(height):
        for j in range(width):
            block = x[:, :, i, j, None, None] * weight[:, 0]
            full[:, :, i * scale : i * scale + kernel, j * scale : j * scale + kernel] += block
    return full[:, :, pad : pad + height * scale, pad : pad + width * scale]


def case(reference, inputs, **attrs):
    attrs = {"sample_type": reference.__name__, "num_args": len(inputs), **attrs}
    inputs = [R.normal(size=s) for s in inputs]
    return Case("UpSampling", inputs, reference, attrs, rtol=1e-4, atol=1e-5)


CASES = [
    case(nearest, [(1, 2, 2, 3)], scale=2),
    case(nearest, [(1, 2, 2, 2), (1, 1, 4, 4)], scale=2),
    case(nearest, [(1, 2, 2, 2), (1, 2, 4, 4)], scale=2, multi_input_mode="sum"),
    case(bilinear, [(1, 2, 3, 3), (2, 1, 4, 4)], scale=2, num_filter=2),
    case(bilinear, [(2, 1, 2, 3), (1, 1, 5, 5)], scale=3, num_filter=1),
]
# The number of inputs with bilinear is 2, whatever is said.
CASES += [case(bilinear, [(1, 2, 3, 3), (2, 1, 4, 4)], scale=2, num_filter=2, num_args=1)]
X = np.ones((1, 2, 2, 2))
FAULTS = [
    Fault(
        "UpSampling",
        [X, np.ones((1, 1, 3, 3))],
        "cannot be repeated to 4",
        {"scale": 2, "sample_type": "nearest", "num_args": 2},
    ),
    Fault("UpSampling", [X], "scale is missing", {"sample_type": "nearest", "num_args": 1}),
    Fault(
        "UpSampling",
        [X],
        "1 inputs were given; expected 2",
        {"scale": 2, "sample_type": "bilinear", "num_args": 1, "num_filter": 2},
    ),
]
TestUpSampling = operator_tests(CASES, FAULTS)


def test_bilinear_weight_is_made():
    """The filter becomes a variable with its initializer when a symbol gives none."""
    data = mx.sym.Variable("data")
    symbol = mx.sym.UpSampling(data, scale=2, sample_type="bilinear", num_filter=2, name="up")
    assert symbol.list_arguments() == ["data", "up_weight"]
    assert symbol.infer_shape(data=(1, 2, 3, 3))[0][1] == (2, 1, 4, 4)
    assert symbol.attr_dict()["up_weight"]["__init__"] == '["bilinear", {}]'
