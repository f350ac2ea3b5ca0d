"""row_sparse_pull copied all rows, pushes of sparse arrays failed, kinds of keys were mixed."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd


def rows(values):
    return nd.array(values).tostype("row_sparse")


@pytest.fixture
def store():
    store = mx.kv.create("local")
    store.init("e", rows([[1.0], [2], [3]]))
    return store


def test_rows_asked_for(store):
    out = [nd.zeros((3, 1), stype="row_sparse") for _ in range(2)]
    store.row_sparse_pull("e", out=out[0], row_ids=nd.array([1, 1, 2]))
    np.testing.assert_array_equal(out[0].asnumpy().ravel(), [0, 2, 3])
    np.testing.assert_array_equal(out[0].indices.asnumpy(), [1, 2])
    store.row_sparse_pull("e", out=out, row_ids=[nd.array([0]), nd.array([2])])
    assert [a.asnumpy().ravel().tolist() for a in out] == [[1, 0, 0], [0, 0, 3]]
    store.row_sparse_pull("e", out=out, row_ids=nd.array([0]))
    assert [a.asnumpy().ravel().tolist() for a in out] == [[1, 0, 0]] * 2


def test_several_keys(store):
    store.init("f", rows([[5.0], [6]]))
    out = [nd.zeros((3, 1), stype="row_sparse"), nd.zeros((2, 1), stype="row_sparse")]
    store.row_sparse_pull(["e", "f"], out=out, row_ids=[nd.array([0]), nd.array([1])])
    assert [a.asnumpy().ravel().tolist() for a in out] == [[1, 0, 0], [0, 6]]


def test_mistakes(store):
    with pytest.raises(ValueError, match="row_ids"):
        store.row_sparse_pull("e", out=nd.zeros((3, 1), stype="row_sparse"))
    with pytest.raises(ValueError, match="expected row_sparse"):
        store.row_sparse_pull("e", out=nd.zeros((3, 1)), row_ids=nd.array([0]))


def test_push_of_sparse_arrays(store):
    out = nd.zeros((3, 1))
    store.push("e", [rows([[1.0], [0], [1]])] * 2)
    store.pull("e", out=out)
    np.testing.assert_array_equal(out.asnumpy().ravel(), [2, 0, 2])
    store.init("d", nd.ones((3, 1)))
    store.push("d", [rows([[1.0], [0], [0]]), nd.ones((3, 1))])
    store.pull("d", out=out)
    np.testing.assert_array_equal(out.asnumpy().ravel(), [2, 1, 1])


def test_pull_leaves_sparse_arrays_alone(store):
    out = nd.zeros((3, 1), stype="row_sparse")
    store.pull("e", out=out)
    assert out.asnumpy().sum() == 0
    store.pull("e", out=out, ignore_sparse=False)
    np.testing.assert_array_equal(out.asnumpy().ravel(), [1, 2, 3])


def test_optimizer_updates_rows(store):
    store.set_optimizer(mx.optimizer.SGD(learning_rate=0.1, wd=1.0))
    store.push("e", rows([[1.0], [0], [0]]))
    out = nd.zeros((3, 1), stype="row_sparse")
    store.row_sparse_pull("e", out=out, row_ids=nd.array([0, 1, 2]))
    np.testing.assert_allclose(out.asnumpy().ravel(), [0.8, 2, 3], rtol=1e-6)


def test_keys_of_one_type(store):
    with pytest.raises(ValueError, match="expected str"):
        store.init(3, nd.ones((1,)))
