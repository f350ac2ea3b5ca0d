"""Layers in 8 bits give what their layers give on the same whole numbers, scaled and rounded."""

import numpy as np
import pytest
from harness.kernels import forced_kernel

import mxnet as mx

R = np.random.RandomState(0)
LIMITS = {"int8": (-128, 127), "uint8": (0, 255)}


def whole(dtype, *shape):
    low, high = LIMITS[dtype]
    return R.randint(low, high + 1, shape).astype(dtype)


def finish(sums, bias, residual, activation, out_type):
    value = sums + bias.reshape((1, -1) + (1,) * (sums.ndim - 2))
    if residual is not None:
        value = value + residual.astype("f") * 0.25
    if activation == "relu":
        value = np.maximum(value, 0)
    if activation == "leaky":
        value = np.where(value < 0, value * 0.5, value)
    if out_type == "float32":
        return value
    return np.clip(np.rint(value), *LIMITS[out_type]).astype(out_type)


def close(got, expected):
    assert got.dtype == expected.dtype
    # Halves may be rounded either way: sums of float32 come in another order.
    difference = np.abs(got.asnumpy().astype("f") - expected.astype("f"))
    if expected.dtype == np.float32:
        np.testing.assert_allclose(got.asnumpy(), expected, rtol=1e-4, atol=1e-3)
    else:
        assert difference.max() <= 1
        assert (difference > 0).mean() < 0.01


@pytest.mark.parametrize("kernel", ["", "decomposition"])
@pytest.mark.parametrize("groups", [1, 2, 8])
@pytest.mark.parametrize("dtype", ["int8", "uint8"])
@pytest.mark.parametrize(
    ("activation", "out_type", "residual"),
    [
        ("none", "float32", None),
        ("relu", "uint8", "uint8"),
        ("relu", "int8", None),
        ("leaky", "int8", "int8"),
        ("none", "uint8", "int8"),
    ],
)
def test_convolution(kernel, groups, dtype, activation, out_type, residual):
    attrs = {"kernel": (3, 3), "pad": (1, 1), "num_filter": 16, "num_group": groups}
    data, weight = whole(dtype, 2, 8, 7, 6), whole("int8", 16, 8 // groups, 3, 3)
    scale, bias = R.uniform(1e-3, 2e-3, 16).astype("f"), R.randn(16).astype("f")
    added = whole(residual, 2, 16, 7, 6) if residual else None
    inputs = [data, weight, scale, bias] + ([added] if residual else [])
    with forced_kernel("_int8_convolution", kernel):
        got = mx.nd._internal._int8_convolution(
            *(mx.nd.array(each, dtype=each.dtype) for each in inputs),
            activation=activation,
            alpha=0.5,
            out_type=out_type,
            with_residual=residual is not None,
            residual_scale=0.25,
            **attrs,
        )
        got.wait_to_read()
    plain = [mx.nd.array(each.astype("f")) for each in (data, weight)]
    sums = mx.nd.Convolution(*plain, no_bias=True, **attrs).asnumpy() * scale[:, None, None]
    close(got, finish(sums, bias, added, activation, out_type))


@pytest.mark.parametrize("kernel", ["", "decomposition"])
@pytest.mark.parametrize("dtype", ["int8", "uint8"])
@pytest.mark.parametrize(("activation", "out_type"), [("none", "float32"), ("relu", "uint8")])
def test_fully_connected(kernel, dtype, activation, out_type):
    data, weight = whole(dtype, 5, 3, 8), whole("int8", 7, 24)
    scale, bias = R.uniform(1e-3, 2e-3, 7).astype("f"), R.randn(7).astype("f")
    with forced_kernel("_int8_fully_connected", kernel):
        got = mx.nd._internal._int8_fully_connected(
            *(mx.nd.array(each, dtype=each.dtype) for each in (data, weight, scale, bias)),
            num_hidden=7,
            activation=activation,
            out_type=out_type,
        )
        got.wait_to_read()
    sums = data.reshape(5, -1).astype("f") @ weight.T.astype("f") * scale
    close(got, finish(sums, bias, None, activation, out_type))


def test_filters():
    weight = R.randn(4, 3, 2, 2).astype("f")
    weight[2] = 0
    filters, step = mx.nd._internal._int8_filters(mx.nd.array(weight))
    assert filters.dtype == np.int8
    reach = np.abs(weight).max((1, 2, 3))
    np.testing.assert_allclose(step.asnumpy(), reach / 127, rtol=1e-6)
    real = filters.asnumpy() * step.asnumpy().reshape(4, 1, 1, 1)
    assert (np.abs(real - weight).max((1, 2, 3)) <= reach / 254 * 1.001).all()
