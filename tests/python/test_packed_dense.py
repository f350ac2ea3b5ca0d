"""Dense layers of bound graphs, whose weights are packed once, beside NumPy."""

import numpy as np
import pytest

import mxnet as mx

SIZES = [(5, 17, 33), (6, 16, 64), (7, 1, 1), (50, 100, 1023), (97, 65, 2100), (300, 48, 20)]
FUNCTIONS = {
    "none": (lambda x: x, lambda x: x),
    "relu": (mx.sym.relu, lambda x: np.maximum(x, 0)),
    "tanh": (mx.sym.tanh, np.tanh),
    "clip": (lambda x: mx.sym.clip(x, -0.5, 1), lambda x: np.clip(x, -0.5, 1)),
}


def arrays_of(rows, hidden, features):
    random = np.random.RandomState(0)
    shapes = {
        "data": (rows, features),
        "fc_weight": (hidden, features),
        "fc_bias": (hidden,),
        "shortcut": (rows, hidden),
    }
    return {n: random.normal(0, features**-0.25, s).astype("float32") for n, s in shapes.items()}


def predict(symbol, arrays):
    given = {n: mx.nd.array(arrays[n]) for n in symbol.list_arguments()}
    return symbol.bind(mx.cpu(), given, grad_req="null").forward(is_train=False)[0].asnumpy()


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
@pytest.mark.parametrize("has_shortcut", [False, True])
@pytest.mark.parametrize("rows, hidden, features", SIZES)
def test_sizes(rows, hidden, features, has_shortcut, function):
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=hidden, name="fc")
    arrays = arrays_of(rows, hidden, features)
    expected = arrays["data"].astype("float64") @ arrays["fc_weight"].T + arrays["fc_bias"]
    if has_shortcut:
        symbol = symbol + mx.sym.Variable("shortcut")
        expected = expected + arrays["shortcut"]
    of_symbol, of_numpy = FUNCTIONS[function]
    result = predict(of_symbol(symbol), arrays)
    np.testing.assert_allclose(result, of_numpy(expected), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_what_is_no_number_stays(function):
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=40, name="fc", no_bias=True)
    arrays = arrays_of(20, 40, 30)
    arrays["data"][3, 4] = np.nan
    result = predict(FUNCTIONS[function][0](symbol), arrays)
    assert np.isnan(result[3]).all() and np.isfinite(np.delete(result, 3, axis=0)).all()


def test_weights_that_change_are_packed_again():
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=40, name="fc")
    arrays = {n: mx.nd.array(a) for n, a in arrays_of(20, 40, 30).items() if n != "shortcut"}
    executor = symbol.bind(mx.cpu(), arrays, grad_req="null")
    first = executor.forward(is_train=False)[0].asnumpy() - arrays["fc_bias"].asnumpy()
    arrays["fc_weight"][:] *= 2
    second = executor.forward(is_train=False)[0].asnumpy() - arrays["fc_bias"].asnumpy()
    np.testing.assert_allclose(second, 2 * first, rtol=1e-4, atol=1e-5)
