"""A function fused into a layer lost NaN, and its limits went through localized text."""

import itertools
import locale
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

import mxnet as mx

FUNCTIONS = {
    "relu": lambda x: mx.sym.Activation(x, act_type="relu"),
    "relu operator": lambda x: mx.sym.relu(x),
    "clip": lambda x: mx.sym.clip(x, -0.5, 0.5),
    "clip from 0": lambda x: mx.sym.clip(x, 0, 6),
    "clip above 0": lambda x: mx.sym.clip(x, 1e-8, 1),
    "leaky": lambda x: mx.sym.LeakyReLU(x, act_type="leaky", slope=1e-8),
    "elu": lambda x: mx.sym.LeakyReLU(x, act_type="elu", slope=0.3),
    "gelu": lambda x: mx.sym.LeakyReLU(x, act_type="gelu"),
    "sigmoid": lambda x: mx.sym.Activation(x, act_type="sigmoid"),
    "tanh": lambda x: mx.sym.Activation(x, act_type="tanh"),
    "softrelu": lambda x: mx.sym.Activation(x, act_type="softrelu"),
}
LAYERS = {
    "dense": lambda x: mx.sym.FullyConnected(x, num_hidden=16, flatten=False, name="layer"),
    "point": lambda x: mx.sym.Convolution(x, kernel=(1, 1), num_filter=16, name="layer"),
    "window": lambda x: mx.sym.Convolution(
        x, kernel=(3, 3), pad=(1, 1), num_filter=16, name="layer"
    ),
    "odd": lambda x: mx.sym.Convolution(x, kernel=(1, 1), num_filter=5, name="layer"),
}


def predict(symbol, data, fuse, monkeypatch):
    monkeypatch.setenv("MXNET_SUBGRAPH_BACKEND", "MKLDNN" if fuse else "NONE")
    executor = symbol.simple_bind(mx.cpu(), grad_req="null", data=data.shape)
    rng = np.random.default_rng(0)
    for name, array in executor.arg_dict.items():
        array[:] = data if name == "data" else rng.normal(size=array.shape)
    return executor.forward(is_train=False)[0].asnumpy()


@pytest.mark.parametrize("layer, function", itertools.product(LAYERS, FUNCTIONS))
def test_nan_stays(layer, function, monkeypatch):
    symbol = FUNCTIONS[function](LAYERS[layer](mx.sym.Variable("data")))
    data = np.random.default_rng(1).normal(size=(2, 16, 8, 8)).astype("float32")
    data[0, 3, 2, 2] = np.nan
    plain = predict(symbol, data, False, monkeypatch)
    fused = predict(symbol, data, True, monkeypatch)
    assert np.isnan(plain).any()
    np.testing.assert_array_equal(np.isnan(fused), np.isnan(plain))
    np.testing.assert_allclose(fused, plain, rtol=1e-4, atol=1e-5)


def environment_with_german(folder):
    """Where the locale de_DE.UTF-8 is found: with the system, or made in that folder."""
    before = locale.setlocale(locale.LC_ALL)
    made = ["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")]
    try:
        locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
        return dict(os.environ)
    except locale.Error:
        if not shutil.which("localedef") or subprocess.run(made, check=False).returncode:
            return None
        return {**os.environ, "LOCPATH": str(folder)}
    finally:
        locale.setlocale(locale.LC_ALL, before)


PROGRAM = """
import locale, sys
locale.setlocale(locale.LC_ALL, sys.argv[1])
import numpy as np, mxnet as mx
assert locale.localeconv()["decimal_point"] == sys.argv[2]
x = mx.sym.Variable("data")
y = mx.sym.FullyConnected(x, num_hidden=4, no_bias=True, name="layer")
for z in (mx.sym.clip(y, 0.25, 0.5), mx.sym.LeakyReLU(y, act_type="leaky", slope=0.125),
          y + 0.5, mx.sym.Dropout(y, p=0.5)):
    z = mx.sym.load_json(z.tojson())
    e = z.simple_bind(mx.cpu(), grad_req="null", data=(1, 4))
    e.arg_dict["data"][:] = [[-1, 0.375, 1, 1234.5]]
    e.arg_dict["layer_weight"][:] = np.eye(4)
    print(e.forward()[0].asnumpy().tolist(), z.attr_dict())
print(mx.nd.array([1.5]) * 0.5, mx.nd.clip(mx.nd.array([9]), a_min="0.5", a_max="1.5"))
print(mx.nd.zeros((1234, 1)).shape)
"""


def test_decimal_commas(tmp_path):
    environment = environment_with_german(tmp_path)
    if environment is None:
        pytest.skip("no locale with decimal commas, and none can be made")

    def run(*arguments):
        command = [sys.executable, "-c", PROGRAM, *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=120, check=True, env=environment
        )

    assert run("de_DE.UTF-8", ",").stdout == run("C", ".").stdout
