"""A network of mx.np's reductions, products and linear algebra, exported by MXNet 1.9.1.

tools/oracle/write_numpy_math.py wrote its files and results.
"""

import json
import pathlib

import numpy as np
import pytest

import mxnet as mx

DATA = pathlib.Path(__file__).parents[1] / "data" / "numpy"
PREFIX = str(DATA / "math")


@pytest.fixture(scope="module")
def results():
    """The input, and the outputs of 1.9.1 in their order."""
    with np.load(DATA / "math.npz") as stored:
        count = len(stored.files) - 1
        return stored["data"], [stored[f"output{i}"] for i in range(count)]


def check(outputs, expected):
    assert len(outputs) == len(expected)
    for i, (got, want) in enumerate(zip(outputs, expected)):
        assert (got.shape, got.dtype) == (want.shape, want.dtype), f"output {i}"
        np.testing.assert_allclose(got.asnumpy(), want, 1e-4, 1e-5, err_msg=f"output {i}")


def test_executor(results):
    data, expected = results
    symbol, arguments, states = mx.model.load_checkpoint(PREFIX, 0)
    arguments["data"] = mx.nd.array(data)
    check(symbol.bind(mx.cpu(), arguments, aux_states=states).forward(), expected)


@mx.util.use_np_shape
def test_module(results):
    """Without np_shape, () as the shape of an output would mean that it is not known."""
    data, expected = results
    module = mx.mod.Module.load(PREFIX, 0, label_names=None)
    module.bind([("data", data.shape)], for_training=False)
    module.forward(mx.io.DataBatch([mx.nd.array(data)]), is_train=False)
    check(module.get_outputs(), expected)


@pytest.mark.parametrize("hybrid", [False, True])
def test_symbol_block(results, hybrid):
    data, expected = results
    block = mx.gluon.SymbolBlock.imports(f"{PREFIX}-symbol.json", ["data"], f"{PREFIX}-0000.params")
    if hybrid:
        block.hybridize()
    check(block(mx.nd.array(data)), expected)


def test_shapes_are_inferred(results):
    data, expected = results
    symbol = mx.sym.load(f"{PREFIX}-symbol.json")
    with mx.util.np_shape():
        _, shapes, _ = symbol.infer_shape(data=data.shape)
    assert shapes == [output.shape for output in expected]


def test_file_is_written_as_it_was_read():
    text = pathlib.Path(f"{PREFIX}-symbol.json").read_text(encoding="utf-8")
    with mx.util.np_shape():
        written, read = json.loads(mx.sym.load_json(text).tojson()), json.loads(text)
    # Operators of 1.9.1 have outputs that nobody sees, for instance the mean beside a variance.
    assert written.pop("node_row_ptr") != read.pop("node_row_ptr")
    assert written == read
