"""`gluon.contrib.rnn.rnn_cell.dynamic_unroll` and `mx.libinfo.find_lib_path` were missing."""

import os

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon, nd
from mxnet.gluon import rnn
from mxnet.gluon.contrib.rnn.rnn_cell import dynamic_unroll

STEPS, BATCH, INPUTS, UNITS = 3, 2, 5, 4


def made_cell():
    mx.random.seed(1)
    cell = rnn.LSTMCell(UNITS, input_size=INPUTS)
    cell.initialize(mx.init.Xavier())
    return cell


def run(unroll, sequence):
    """Outputs, states and the gradient of the sequence."""
    sequence = sequence.copy()
    sequence.attach_grad()
    with autograd.record():
        outputs, states = unroll(sequence)
        total = outputs.square().sum() + sum(state.square().sum() for state in states)
    total.backward()
    return [array.asnumpy() for array in (outputs, *states, sequence.grad)]


@pytest.mark.parametrize("layout", ["TNC", "NTC"])
@pytest.mark.parametrize("lengths", [None, [1, 3]])
def test_it_gives_what_unroll_gives(layout, lengths):
    cell = made_cell()
    shape = (STEPS, BATCH, INPUTS) if layout == "TNC" else (BATCH, STEPS, INPUTS)
    sequence = nd.random.uniform(shape=shape)
    options = {"layout": layout, "valid_length": lengths and nd.array(lengths)}
    begin = cell.begin_state(BATCH)
    found = run(lambda x: dynamic_unroll(cell, x, begin, **options), sequence)
    expected = run(lambda x: cell.unroll(STEPS, x, begin, merge_outputs=True, **options), sequence)
    for one, other in zip(found, expected):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


class Net(gluon.HybridBlock):
    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def hybrid_forward(self, F, x, hidden, memory, length):
        outputs, states = dynamic_unroll(self.cell, x, [hidden, memory], valid_length=length)
        return [outputs, *states]


def test_it_is_compiled():
    net = Net(made_cell())
    given = [nd.random.uniform(shape=(STEPS, BATCH, INPUTS)), *net.cell.begin_state(BATCH)]
    given.append(nd.array([2, 1]))
    eager = [array.asnumpy() for array in net(*given)]
    net.hybridize()
    for one, other in zip(net(*given), eager):
        np.testing.assert_allclose(one.asnumpy(), other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("layout, steps", [("TNC", 0), ("NTC", 1)])
def test_dropout_is_the_same_in_all_steps(layout, steps):
    cell = made_cell()
    mx.random.seed(3)
    shape = (8, 8, INPUTS)
    with autograd.train_mode():
        outputs, _ = dynamic_unroll(
            cell, nd.ones(shape), cell.begin_state(8), drop_outputs=0.5, layout=layout
        )
    kept = (outputs != 0).sum(axis=steps).asnumpy()
    assert set(kept.ravel()) == {0, 8}


def test_other_layouts():
    cell = made_cell()
    with pytest.raises(ValueError, match="dynamic_unroll: layout='NCT' is unknown"):
        dynamic_unroll(cell, nd.ones((3, 2, INPUTS)), cell.begin_state(2), layout="NCT")


def test_path_of_the_library():
    [path] = mx.libinfo.find_lib_path()
    assert os.path.basename(path) == "libmxnet.so" and os.path.isfile(path)
    with pytest.raises(RuntimeError, match="there is no .*libno.so"):
        mx.libinfo.find_lib_path("libno")
