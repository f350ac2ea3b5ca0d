"""ReLU and clip behind a layer cost a pass over memory of their own, lest NaN be lost.

They are part of the layer where all that is read is finite; NaN in later inputs or parameters must
still be seen.
"""

import numpy as np
import pytest

import mxnet as mx

ACTIVATIONS = {
    "relu": lambda x: mx.sym.Activation(x, act_type="relu"),
    "clip": lambda x: mx.sym.clip(x, 0, 6),
}
LAYERS = {
    "dense": lambda x: mx.sym.FullyConnected(x, num_hidden=48, flatten=False, name="layer"),
    "point": lambda x: mx.sym.Convolution(x, kernel=(1, 1), num_filter=48, name="layer"),
    "window": lambda x: mx.sym.Convolution(
        x, kernel=(3, 3), stride=(2, 2), num_filter=48, name="layer"
    ),
    "depthwise": lambda x: mx.sym.Convolution(
        x, kernel=(3, 3), num_filter=32, num_group=32, name="layer"
    ),
}


@pytest.fixture(name="executor", params=[(a, b) for a in LAYERS for b in ACTIVATIONS])
def bound(request):
    layer, activation = request.param
    symbol = ACTIVATIONS[activation](LAYERS[layer](mx.sym.Variable("data")))
    executor = symbol.simple_bind(mx.cpu(), grad_req="null", data=(2, 32, 30, 32))
    random = np.random.RandomState(0)
    for array in executor.arg_dict.values():
        array[:] = random.uniform(-1, 1, array.shape)
    return executor


def run(executor):
    return executor.forward(is_train=False)[0].asnumpy().copy()


@pytest.mark.parametrize("place", ["data", "layer_weight", "layer_bias"])
def test_nan_comes_and_goes(executor, place):
    finite = run(executor)
    assert np.isfinite(finite).all() and finite.min() == 0 and finite.max() > 0
    array = executor.arg_dict[place]
    before = array.asnumpy()
    broken = before.copy()
    broken.flat[5] = np.nan
    array[:] = broken
    found = run(executor)
    hit = np.isnan(found)
    assert hit.any() and not hit.all()
    np.testing.assert_allclose(found[~hit], finite[~hit], rtol=1e-4, atol=1e-5)
    array[:] = before
    np.testing.assert_array_equal(run(executor), finite)


def test_a_view_of_the_data_is_looked_at(executor):
    """The finite part of an array whose rest is not."""
    data = executor.arg_dict["data"]
    finite = run(executor)
    whole = mx.nd.array(np.concatenate([np.full(data.shape, np.nan), data.asnumpy()]))
    arguments = dict(executor.arg_dict, data=whole[2:4])
    again = executor._symbol.bind(mx.cpu(), arguments, grad_req="null")
    np.testing.assert_allclose(run(again), finite, rtol=1e-4, atol=1e-5)
    arguments["data"] = whole[1:3]
    assert np.isnan(run(executor._symbol.bind(mx.cpu(), arguments, grad_req="null"))).any()
