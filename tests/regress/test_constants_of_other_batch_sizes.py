"""Going from one batch size to another computed packed weights again where the two graphs read
different parameters for their constants: a small batch leaves a small layer's weight as it is."""

import numpy as np

import mxnet as mx
from mxnet import _core


def network():
    x = mx.sym.Variable("data")
    x = mx.sym.FullyConnected(x, num_hidden=512, name="large")
    return mx.sym.FullyConnected(x, num_hidden=10, name="small")


def predict(module, batch):
    data = np.random.RandomState(batch).uniform(-1, 1, (batch, 256)).astype("float32")
    module.forward(mx.io.DataBatch([mx.nd.array(data)]), is_train=False)
    weights = {name: value.asnumpy() for name, value in module.get_params()[0].items()}
    large = data @ weights["large_weight"].T + weights["large_bias"]
    expected = large @ weights["small_weight"].T + weights["small_bias"]
    np.testing.assert_allclose(module.get_outputs()[0].asnumpy(), expected, rtol=1e-4, atol=1e-4)


def computed():
    return _core.inference_statistics()["constants_computed"]


def bound():
    module = mx.mod.Module(network(), label_names=None)
    module.bind([("data", (1, 256))], for_training=False)
    module.init_params(mx.init.Uniform(0.1))
    return module


def test_batch_sizes_keep_their_constants():
    module = bound()
    for batch in (1, 64):
        predict(module, batch)
    before = computed()
    for batch in (1, 64, 1, 64):
        predict(module, batch)
    assert computed() == before


def test_constants_follow_new_parameters():
    module = bound()
    for batch in (1, 64):
        predict(module, batch)
    before = computed()
    arguments, _ = module.get_params()
    module.set_params({name: value * 2 for name, value in arguments.items()}, {})
    for batch in (1, 64, 1, 64):
        predict(module, batch)
    assert computed() > before
