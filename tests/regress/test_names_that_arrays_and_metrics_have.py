"""Attributes that programs of MXNet 1.9.1 touch were not there; the values are those of 1.9.1."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd


def test_handles_make_objects_for_the_same():
    x = nd.ones(2)
    again = nd.NDArray(x.handle)
    again[:] = 3
    assert x.asnumpy().tolist() == [3, 3] and x.writable
    y = mx.sym.Variable("a") * 2
    assert mx.sym.Symbol(y.handle).tojson() == y.tojson()


@pytest.mark.parametrize("value", [nd.ones(2), mx.sym.Variable("a")])
def test_numpy_interface_is_another_object(value):
    other = value.as_np_ndarray()
    assert type(other) in (mx.np.ndarray, mx.sym.np._Symbol) and other.as_np_ndarray() is other
    assert type(other.as_nd_ndarray()) is type(value) and value.as_nd_ndarray() is value


def test_parts_of_sparse_arrays_by_number():
    csr = nd.sparse.csr_matrix(np.array([[1, 0], [2, 3]], "float32"))
    rows = nd.sparse.row_sparse_array(np.array([[0, 0], [2, 3]], "float32"))
    assert csr._num_aux == 2 and csr._aux_types == [np.int64] * 2 and csr._aux_type(1) is np.int64
    assert csr._aux_data(0).asnumpy().tolist() == [0, 1, 3]
    assert csr._aux_data(1).asnumpy().tolist() == [0, 0, 1]
    assert csr._data().asnumpy().tolist() == [1, 2, 3]
    assert rows._num_aux == 1 and rows._aux_type(0) is np.int64
    assert rows._aux_data(0).asnumpy().tolist() == [1]
    with pytest.raises(mx.base.NotSupportedForSparseNDArray):
        csr._slice(0, 1)
    assert nd.arange(4)._slice(1, 3).asnumpy().tolist() == [1, 2] and nd.arange(4)._at(2) == 2


LABELS, SCORES = nd.array([0, 1, 1]), nd.array([[0.2, 0.8], [0.3, 0.7], [0.9, 0.1]])


def test_counts_of_binary_metrics():
    counts = mx.metric._BinaryClassificationMetrics()
    assert (counts.precision, counts.recall, counts.fscore, counts.matthewscc()) == (0, 0, 0, 0)
    counts.update_binary_stats(LABELS, SCORES)
    found = [counts.true_positives, counts.false_positives, counts.true_negatives]
    assert found + [counts.false_negatives, counts.total_examples] == [1, 1, 0, 1, 3]
    assert (counts.precision, counts.recall, counts.fscore) == (0.5, 0.5, 0.5)
    assert counts.matthewscc() == -0.5
    counts.local_reset_stats()
    assert counts.fscore == 0 and counts.global_fscore == 0.5 and counts.total_examples == 0
    assert counts.matthewscc(use_global=True) == -0.5 and counts.global_total_examples == 3
    counts.reset_stats()
    assert counts.global_fscore == 0 and counts.global_total_examples == 0


@pytest.mark.parametrize("average, examples", [("micro", 3), ("macro", 0)])
def test_counts_of_f1(average, examples):
    metric = mx.metric.F1(average=average)
    metric.update([LABELS], [SCORES])
    # With macro each update stands for itself.
    assert metric.metrics.total_examples == examples
    assert metric.get() == ("f1", 0.5) and metric.get_global() == ("f1", 0.5)
    metric.reset_local()
    assert np.isnan(metric.get()[1]) and metric.get_global() == ("f1", 0.5)


def test_arrays_of_data_of_executor_groups():
    data = mx.sym.Variable("data")
    network = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(data, num_hidden=2), name="softmax")
    module = mx.mod.Module(network, context=[mx.cpu(0), mx.cpu(1)])
    module.bind([("data", (4, 2))], [("softmax_label", (4,))])
    group = module._exec_group
    found = group.shared_data_arrays
    assert [{name: x.shape for name, x in each.items()} for each in found] == [
        {"data": (2, 2), "softmax_label": (2,)}
    ] * 2
    assert found[0]["data"] is group.execs[0].arg_dict["data"]
    group.reshape([("data", (6, 2))], [("softmax_label", (6,))])
    assert group.batch_size == 6 and group.shared_data_arrays[1]["data"].shape == (3, 2)


def test_servers_are_named_as_absent():
    with pytest.raises(AttributeError, match="KVStoreServer is not in this version of Remx; "):
        mx.kvstore.KVStoreServer  # noqa: B018
