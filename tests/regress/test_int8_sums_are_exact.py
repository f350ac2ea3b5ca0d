"""On processors without VNNI oneDNN cuts the sum of two products of 8 bits to 16 bits, so that
quantized layers with large numbers were wrong by half."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import mxnet as mx
one = mx.nd.ones(1)
for dtype, value in ("uint8", 255), ("int8", -128):
    data = mx.nd.full((1, 64, 6, 6), value, dtype=dtype)
    weight = mx.nd.full((32, 64, 3, 3), 127, dtype="int8")
    attrs = {"kernel": (3, 3), "num_filter": 32, "no_bias": True}
    expected = value * 127 * 64 * 9
    sums = mx.nd.contrib.quantized_conv(data, weight, one, one, one, one, **attrs)[0].asnumpy()
    assert sums.min() == sums.max() == expected, (dtype, sums.min(), expected)
    layer = mx.nd._internal._int8_convolution(data, weight, mx.nd.ones(32), **attrs).asnumpy()
    assert layer.min() == layer.max() == expected
    weight = mx.nd.full((64, 1, 3, 3), 127, dtype="int8")
    attrs.update(num_filter=64, num_group=64)
    layer = mx.nd._internal._int8_convolution(data, weight, mx.nd.ones(64), **attrs).asnumpy()
    assert layer.min() == layer.max() == value * 127 * 9
    rows = mx.nd.full((3, 2048), value, dtype=dtype)
    weight = mx.nd.full((32, 2048), 127, dtype="int8")
    dense = mx.nd._internal._int8_fully_connected(
        rows, weight, mx.nd.ones(32), num_hidden=32, no_bias=True
    ).asnumpy()
    assert dense.min() == dense.max() == value * 127 * 2048
"""


@pytest.mark.parametrize("instructions", ["AVX2", "AVX512_CORE", "ALL"])
def test_sums(instructions):
    environment = {**os.environ, "ONEDNN_MAX_CPU_ISA": instructions}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
