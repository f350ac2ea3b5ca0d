"""Networks of mx.np's operators that 1.9.1 exported, against its outputs and gradients.

tools/oracle/write_numpy_shapes.py made them.
"""

import pathlib

import numpy as np
import pytest

import mxnet as mx

FOLDER = pathlib.Path(__file__).parents[1] / "data" / "numpy_shapes"
INPUTS = {"attention": ["data0", "data1"], "pictures": ["data"]}


@pytest.fixture(params=INPUTS)
def network(request):
    with np.load(FOLDER / f"{request.param}.npz") as stored:
        return request.param, dict(stored)


def listed(stored, kind):
    return [stored[name] for name in sorted(stored) if name.startswith(kind)]


def check(outputs, stored):
    expected = listed(stored, "output")
    assert len(outputs) == len(expected)
    for mine, theirs in zip(outputs, expected):
        assert mine.shape == theirs.shape
        np.testing.assert_allclose(mine.asnumpy(), theirs, rtol=1e-5, atol=1e-5)


def test_module(network):
    name, stored = network
    symbol, arg_params, aux_params = mx.model.load_checkpoint(str(FOLDER / name), 0)
    arrays = [mx.nd.array(x) for x in listed(stored, "input")]
    module = mx.mod.Module(symbol, data_names=INPUTS[name], label_names=None)
    shapes = [(n, x.shape) for n, x in zip(INPUTS[name], arrays)]
    module.bind(shapes, for_training=False)
    module.set_params(arg_params, aux_params)
    module.forward(mx.io.DataBatch(arrays), is_train=False)
    check(module.get_outputs(), stored)


@pytest.mark.parametrize("hybridize", [False, True])
def test_symbol_block(network, hybridize):
    name, stored = network
    files = [str(FOLDER / f"{name}{end}") for end in ("-symbol.json", "-0000.params")]
    net = mx.gluon.SymbolBlock.imports(files[0], INPUTS[name], files[1])
    if hybridize:
        net.hybridize()
    arrays = [mx.nd.array(x) for x in listed(stored, "input")]
    arrays[0].attach_grad()
    with mx.autograd.record():
        outputs = net(*arrays)
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        heads = [np.arange(y.size).reshape(y.shape) / y.size for y in outputs]
        total = sum((y * mx.nd.array(h)).sum() for y, h in zip(outputs, heads))
    check(outputs, stored)
    total.backward()
    gradient = stored["gradient"]
    np.testing.assert_allclose(arrays[0].grad.asnumpy(), gradient, rtol=1e-4, atol=1e-5)


def test_written_again(network, tmp_path):
    name, stored = network
    symbol, arg_params, aux_params = mx.model.load_checkpoint(str(FOLDER / name), 0)
    mx.model.save_checkpoint(str(tmp_path / name), 0, symbol, arg_params, aux_params)
    again, arg_params, _ = mx.model.load_checkpoint(str(tmp_path / name), 0)
    arrays = dict(zip(INPUTS[name], map(mx.nd.array, listed(stored, "input"))))
    check(again.bind(mx.cpu(), {**arg_params, **arrays}).forward(), stored)
