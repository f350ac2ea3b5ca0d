"""Arguments that MXNet 1.9.1 takes, or refuses, in forms that nobody thought of here."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon, nd
from mxnet.gluon import nn


def test_contexts_compare_with_anything():
    assert not mx.cpu() == None  # noqa: E711
    assert mx.cpu() != None  # noqa: E711
    assert mx.cpu() not in [None, 1, "cpu"]
    with pytest.raises(TypeError, match="Context: device_type=1 is of type int"):
        mx.Context(1)


def test_whole_numbers_of_numpy():
    layer = nn.Conv2D(np.int64(2), np.int64(3), padding=np.int32(1))
    layer.initialize()
    assert layer(nd.ones((1, 1, 3, 3))).shape == (1, 2, 3, 3)
    assert "kernel_size=(3, 3)" in repr(layer)
    assert gluon.Parameter("w", shape=np.int64(2)).shape == (2,)
    shape = mx.sym.Variable("a", shape=(np.int64(2), 3)).attr("__shape__")
    assert shape == "(2, 3)"
    assert len(nd.arange(4).split_v2(np.int64(2))) == 2


def test_dtype_none():
    assert nd.ones(2, dtype="int32").astype(None).dtype is np.float32
    x = mx.sym.Variable("x").astype(None)
    assert x.infer_type(x="int32")[1] == [np.float32]


def test_names_that_a_symbol_does_not_have():
    network = mx.sym.FullyConnected(mx.sym.Variable("a"), num_hidden=2)
    assert network.simple_bind(mx.cpu(), a=(1, 2), b=(1, 2)).outputs[0].shape == (1, 2)
    with pytest.raises(mx.MXNetError, match="'aa': .* do not determine those of a"):
        network.simple_bind(mx.cpu(), aa=(1, 2))


def test_one_head_gradient_for_a_list_of_one():
    x = nd.array([1, 2])
    x.attach_grad()
    with autograd.record():
        y = x * 2
    autograd.backward([y], nd.array([1, 3]))
    assert x.grad.asnumpy().tolist() == [2, 6]
    autograd.mark_variables([x], nd.ones(2))
    assert x.grad.asnumpy().tolist() == [1, 1]


def test_norm_of_what_is_iterated():
    x = nd.array([3, 4])
    assert gluon.utils.clip_global_norm((each for each in [x]), 1) == 5
    assert np.allclose(x.asnumpy(), [0.6, 0.8])


def test_histogram_is_a_tuple():
    counts, edges = result = nd.histogram(nd.array([1, 2, 3]), bins=2)
    assert isinstance(result, tuple) and counts.asnumpy().tolist() == [1, 2] and len(edges) == 3


def test_known_shapes():
    known = gluon.utils.shape_is_known
    assert [known(shape) for shape in [(1, 2), (1, 0), (1, -1), (), None]] == [True] + [False] * 4


def test_shape_of_a_file_as_a_number(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("1,2\n3,4\n")
    batch = mx.io.CSVIter(data_csv=str(path), data_shape=2, batch_size=2).next()
    assert batch.data[0].asnumpy().tolist() == [[1, 2], [3, 4]]


def test_bulk_size_is_a_number():
    with pytest.raises(TypeError):
        mx.engine.set_bulk_size("a")
    before = mx.engine.set_bulk_size(3)
    assert mx.engine.set_bulk_size(before) == 3
