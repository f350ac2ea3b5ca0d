"""Memory of a process that loads a checkpoint and predicts, and arrays that lie in a file."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import mxnet as mx

MEGABYTE = 2**20

CHILD = """
import json, sys
import numpy as np
import mxnet as mx

def peak():
    with open("/proc/self/status") as stream:
        return int(next(line for line in stream if line.startswith("VmHWM")).split()[1]) * 1024

mx.mod, mx.io, mx.nd.array(np.ones(3)).asnumpy()
before = peak()
symbol, args, auxs = mx.model.load_checkpoint(sys.argv[1], 0)
module = mx.mod.Module(symbol, label_names=None)
module.bind([("data", (1, 512, 8, 8))], for_training=False)
module.set_params(args, auxs)
module.forward(mx.io.DataBatch([mx.nd.ones((1, 512, 8, 8))]), is_train=False)
total = float(module.get_outputs()[0].asnumpy().sum())
print(json.dumps({"taken": peak() - before, "total": total}))
"""


def wide_net():
    """Six convolutions with batch norm, 9 MB of weights each."""
    x = mx.sym.Variable("data")
    for i in range(6):
        x = mx.sym.Convolution(
            x, kernel=(3, 3), num_filter=512, pad=(1, 1), no_bias=True, name=f"conv{i}"
        )
        x = mx.sym.BatchNorm(x, fix_gamma=False, name=f"norm{i}")
        x = mx.sym.Activation(x, act_type="relu", name=f"relu{i}")
    return mx.sym.Pooling(x, global_pool=True, kernel=(1, 1), pool_type="avg", name="pool")


def parameters(symbol, **shapes):
    """Seeded arguments and auxiliary states by name."""
    state = np.random.RandomState(0)
    arg_shapes, _, aux_shapes = symbol.infer_shape(**shapes)

    def values(names, found):
        return {
            name: mx.nd.array(np.abs(state.standard_normal(shape).astype("float32")) / 100)
            for name, shape in zip(names, found)
            if name not in shapes
        }

    return (
        values(symbol.list_arguments(), arg_shapes),
        values(symbol.list_auxiliary_states(), aux_shapes),
    )


def test_a_cold_start_takes_little_more_than_the_packed_weights(tmp_path):
    symbol = wide_net()
    args, auxs = parameters(symbol, data=(1, 512, 8, 8))
    prefix = str(tmp_path / "wide")
    mx.model.save_checkpoint(prefix, 0, symbol, args, auxs)
    file_size = os.path.getsize(f"{prefix}-0000.params")
    child = subprocess.run(
        [sys.executable, "-c", CHILD, prefix],
        env=dict(
            os.environ,
            PYTHONPATH=os.pathsep.join(sys.path),
            OMP_NUM_THREADS="1",
            REMX_MAP_FILES="1",
        ),
        stdout=subprocess.PIPE,
        check=True,
    )
    found = json.loads(child.stdout)
    # The packed weights, one layer of the file and one that is being folded, and libraries.
    assert found["taken"] < 1.25 * file_size + 2 * 10 * MEGABYTE + 16 * MEGABYTE
    executor = symbol.bind(
        mx.cpu(), dict(args, data=mx.nd.ones((1, 512, 8, 8))), aux_states=auxs, grad_req="null"
    )
    expected = float(executor.forward()[0].asnumpy().sum())
    assert found["total"] == pytest.approx(expected, rel=1e-4)


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """A file with two arrays of many pages, its path and the values."""
    monkeypatch.setenv("REMX_MAP_FILES", "1")
    values = {
        name: np.random.RandomState(i).uniform(-1, 1, (300, 301)).astype("float32")
        for i, name in enumerate("ab")
    }
    path = str(tmp_path / "two.params")
    mx.nd.save(path, {name: mx.nd.array(value) for name, value in values.items()})
    return path, values, mx.nd.load(path)


def _set(array):
    array[:] = 2


def _set_a_row(array):
    array[3] = 2


def _add(array):
    array += 1


def _update(array):
    mx.nd.sgd_update(array, mx.nd.ones(array.shape), lr=0.5, out=array)


@pytest.mark.parametrize("write", [_set, _set_a_row, _add, _update])
def test_arrays_that_lie_in_a_file_can_be_written(loaded, write):
    path, values, arrays = loaded
    expected = mx.nd.array(values["a"])
    write(expected)
    for _ in range(2):  # in a page of the file, then in memory
        write(arrays["a"])
    write(expected)
    np.testing.assert_array_equal(arrays["a"].asnumpy(), expected.asnumpy())
    np.testing.assert_array_equal(arrays["b"].asnumpy(), values["b"])
    for name, array in mx.nd.load(path).items():
        np.testing.assert_array_equal(array.asnumpy(), values[name])


def test_the_last_holder_of_pages_of_a_file_can_write_them(loaded):
    _, values, arrays = loaded
    copy = mx.nd.zeros((300, 301))
    arrays["a"].copyto(copy)
    del arrays["a"]
    copy += 1
    np.testing.assert_array_equal(copy.asnumpy(), values["a"] + 1)


def test_weights_in_a_file_stay_readable_after_they_were_packed(tmp_path):
    x = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=600, name="fc1")
    symbol = mx.sym.FullyConnected(mx.sym.BatchNorm(x, name="norm"), num_hidden=500, name="fc2")
    args, auxs = parameters(symbol, data=(2, 700))
    prefix = str(tmp_path / "dense")
    mx.model.save_checkpoint(prefix, 0, symbol, args, auxs)
    _, loaded_args, loaded_auxs = mx.model.load_checkpoint(prefix, 0)
    module = mx.mod.Module(symbol, label_names=None)
    module.bind([("data", (2, 700))], for_training=False)
    module.set_params(loaded_args, loaded_auxs)
    module.forward(mx.io.DataBatch([mx.nd.ones((2, 700))]), is_train=False)
    before = module.get_outputs()[0].asnumpy()
    for found in (loaded_args, module.get_params()[0]):
        for name, value in args.items():
            np.testing.assert_array_equal(found[name].asnumpy(), value.asnumpy())
    loaded_args["fc2_weight"] *= 2
    module.set_params(loaded_args, loaded_auxs)
    module.forward(mx.io.DataBatch([mx.nd.ones((2, 700))]), is_train=False)
    bias = args["fc2_bias"].asnumpy()
    np.testing.assert_allclose(
        module.get_outputs()[0].asnumpy() - bias, 2 * (before - bias), rtol=1e-4, atol=1e-5
    )
