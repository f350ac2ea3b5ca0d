"""Inference folded a batch norm, whose parameters are float32, into a layer of float16 or bfloat16
as if all had one type, and refused the network: "broadcast_mul: rhs has dtype float32".
"""

import numpy as np
import pytest

import mxnet as mx


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("layer", ["Convolution", "FullyConnected"])
@pytest.mark.parametrize("no_bias", [False, True])
def test_it_is_folded(dtype, layer, no_bias):
    data = mx.sym.Cast(mx.sym.Variable("data"), dtype=dtype)
    options = {"kernel": (3, 3), "num_filter": 4} if layer == "Convolution" else {"num_hidden": 4}
    hidden = getattr(mx.sym, layer)(data, no_bias=no_bias, name="layer", **options)
    norm = mx.sym.BatchNorm(hidden, fix_gamma=False, name="norm")
    symbol = mx.sym.Cast(norm, dtype="float32")
    full = symbol.simple_bind(mx.cpu(), grad_req="null", data=(2, 3, 6, 6))
    state = np.random.RandomState(0)
    for array in (*full.arg_dict.values(), *full.aux_dict.values()):
        array[:] = state.uniform(0.1, 0.5, array.shape)
    found = full.forward()[0].asnumpy()
    expected = symbol.bind(
        mx.cpu(), full.arg_dict, aux_states=full.aux_dict, args_grad=None, grad_req="null"
    )
    expected.set_monitor_callback(lambda name, array: None)  # node by node, nothing is folded
    np.testing.assert_allclose(found, expected.forward()[0].asnumpy(), rtol=3e-2, atol=3e-2)
