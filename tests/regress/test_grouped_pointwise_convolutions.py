"""Bound 1x1 convolutions in groups of 8 filters gave wrong numbers: oneDNN's format of the grouped
weights was taken for one of our layouts, which means other axes.
"""

import numpy as np
import pytest

import mxnet as mx


@pytest.mark.parametrize("window", [1, 3])
@pytest.mark.parametrize(
    ("channels", "filters", "groups"),
    [(128, 32, 4), (96, 24, 3), (64, 64, 4), (64, 16, 4), (32, 64, 2), (16, 8, 2), (24, 24, 24)],
)
def test_same_as_in_parts(channels, filters, groups, window):
    random = np.random.default_rng(0)
    data = random.normal(size=(2, channels, 6, 6)).astype("float32")
    weight = random.normal(size=(filters, channels // groups, window, window)).astype("float32")
    options = {"kernel": (window, window), "pad": (window // 2,) * 2, "no_bias": True}
    symbol = mx.sym.Convolution(
        mx.sym.var("data"), mx.sym.var("weight"), num_filter=filters, num_group=groups, **options
    )
    arrays = {"data": mx.nd.array(data), "weight": mx.nd.array(weight)}
    executor = symbol.bind(mx.cpu(), arrays, grad_req="null")
    found = executor.forward(is_train=False)[0].asnumpy()
    parts = [
        mx.nd.Convolution(
            mx.nd.array(part), mx.nd.array(filter_part), num_filter=filters // groups, **options
        ).asnumpy()
        for part, filter_part in zip(np.split(data, groups, 1), np.split(weight, groups, 0))
    ]
    np.testing.assert_allclose(found, np.concatenate(parts, 1), rtol=1e-4, atol=1e-4)
