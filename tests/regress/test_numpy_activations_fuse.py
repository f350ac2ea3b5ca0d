"""Layers took over relu, sigmoid and tanh by name, but not the same operators of mx.np.

Which functions layers can take over now stands in the registration of each operator.
"""

import numpy as np
import pytest

import mxnet as mx


@pytest.mark.parametrize(
    ("name", "plain"), [("_npx_relu", "relu"), ("_npx_sigmoid", "sigmoid"), ("_npi_tanh", "tanh")]
)
def test_layers_take_over(name, plain):
    rng = np.random.default_rng(0)
    layer = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=5, name="fc")
    out = getattr(mx.sym._internal, name, None) or getattr(mx.sym, name)
    arrays = {
        "data": mx.nd.array(rng.normal(size=(3, 4))),
        "fc_weight": mx.nd.array(rng.normal(size=(5, 4))),
        "fc_bias": mx.nd.array(rng.normal(size=5)),
    }
    executor = out(layer).bind(mx.cpu(), arrays, grad_req="null")
    got = executor.forward(is_train=False)[0].asnumpy()
    assert name not in executor.debug_str()
    hidden = mx.nd.FullyConnected(
        arrays["data"], arrays["fc_weight"], arrays["fc_bias"], num_hidden=5
    )
    np.testing.assert_allclose(got, getattr(mx.nd, plain)(hidden).asnumpy(), rtol=1e-5, atol=1e-6)
