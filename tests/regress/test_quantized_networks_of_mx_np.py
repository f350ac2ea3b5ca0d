"""Making the block of a quantized network drew numbers of int8 for mx.np, which has none."""

import numpy as onp

import mxnet as mx
from mxnet import gluon, np
from mxnet.contrib import quantization
from mxnet.gluon import nn


@mx.use_np
def test_quantized_network_agrees():
    random = onp.random.RandomState(0)
    net = nn.HybridSequential()
    net.add(nn.Conv2D(8, 3, activation="relu"), nn.Flatten(), nn.Dense(4))
    net.initialize(mx.init.Xavier())
    x = np.array(random.rand(4, 3, 8, 8).astype("float32"))
    expected = net(x)
    net.hybridize()
    net(x)
    data = gluon.data.DataLoader(gluon.data.ArrayDataset(x), 2)
    quantized = quantization.quantize_net(
        net, quantized_dtype="int8", calib_mode="naive", calib_data=data, ctx=mx.cpu()
    )
    found = quantized(x)
    assert type(found) is np.ndarray
    onp.testing.assert_allclose(found.asnumpy(), expected.asnumpy(), atol=0.05)
