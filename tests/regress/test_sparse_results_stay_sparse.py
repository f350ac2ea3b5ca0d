"""Operators on sparse arrays gave dense arrays where MXNet 1.9.1 gives sparse ones."""

import numpy as np
import pytest

from mxnet import autograd, nd

A = np.array([[0, 0.5, 0], [0, 0, 0], [0.25, 0, -1]], "float32")
B = np.array([[1, 2, 0], [0, 3, 0], [0, 0, 4]], "float32")
SAME = {
    "sqrt": lambda x: nd.sqrt(nd.abs(x)),
    "sin": nd.sin,
    "negative": lambda x: -x,
    "scaled": lambda x: x * 2,
    "quotient": lambda x: x / 4,
    "plus nothing": lambda x: x + 0,
    "equal": lambda x: x == 1,
    "above": lambda x: x > 0.1,
    "clip": lambda x: nd.clip(x, -0.5, 0.3),
    "relu": nd.relu,
    "zeros_like": nd.zeros_like,
    "copy": nd.identity,
    "itself": lambda x: x + x,
    "difference": lambda x: x - x * 3,
    "product": lambda x: x * x,
    "astype": lambda x: x.astype("float64"),
}
DENSE = {
    "plus one": lambda x: x + 1,
    "cos": nd.cos,
    "power": lambda x: x**2,
    "quotient": lambda x: 2 + x / x,
    "sum": lambda x: x.sum(axis=0),
    "transpose": lambda x: x.T,
    "broadcast_to": lambda x: x.broadcast_to((3, 3)),
}


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
@pytest.mark.parametrize("name", SAME)
def test_same_kind(name, stype):
    result = SAME[name](nd.array(A).tostype(stype))
    assert result.stype == stype
    np.testing.assert_array_equal(result.asnumpy(), SAME[name](nd.array(A)).asnumpy())


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
@pytest.mark.parametrize("name", DENSE)
def test_dense_results(name, stype):
    result = DENSE[name](nd.array(A).tostype(stype))
    assert result.stype == "default"
    np.testing.assert_array_equal(result.asnumpy(), DENSE[name](nd.array(A)).asnumpy())


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
@pytest.mark.parametrize("name", ["__add__", "__sub__", "__mul__"])
def test_two_arrays(name, stype):
    a, b = nd.array(A).tostype(stype), nd.array(B).tostype(stype)
    result = getattr(a, name)(b)
    assert result.stype == stype
    np.testing.assert_array_equal(result.asnumpy(), getattr(A, name)(B))
    result.check_format()


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
def test_with_a_dense_array(stype):
    sparse, dense = nd.array(A).tostype(stype), nd.array(B)
    assert (sparse + dense).stype == "default"
    np.testing.assert_array_equal((sparse + dense).asnumpy(), A + B)
    assert (sparse * dense).stype == stype
    np.testing.assert_array_equal((sparse * dense).asnumpy(), A * B)
    in_place = nd.array(B)
    in_place += sparse
    np.testing.assert_array_equal(in_place.asnumpy(), A + B)


def test_rows_of_csr():
    csr = nd.array(A).tostype("csr")
    for got, want in ((csr[1:3], A[1:3]), (csr[-1], A[2:]), (csr[2:1], A[2:1])):
        assert got.stype == "csr"
        np.testing.assert_array_equal(got.asnumpy(), want)
    taken = nd.take(csr, nd.array([2, 0]))
    assert taken.stype == "csr"
    np.testing.assert_array_equal(taken.asnumpy(), A[[2, 0]])
    both = nd.concat(csr, csr, dim=0)
    assert both.stype == "csr"
    np.testing.assert_array_equal(both.asnumpy(), np.concatenate([A, A]))


def test_slice_that_ends_at_zero():
    assert nd.array(np.eye(4)).tostype("csr").slice(begin=(0, 0), end=(2, 0)).shape == (2, 0)


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_fully_connected_of_sparse_arrays(shape):
    bias = nd.ones(shape).tostype("row_sparse")
    bias.attach_grad()
    with autograd.record():
        result = nd.sparse.FullyConnected(
            nd.ones((2, 3)).tostype("csr"),
            nd.ones((4, 3)).tostype("row_sparse"),
            bias,
            num_hidden=4,
        )
    result.backward()
    np.testing.assert_array_equal(bias.grad.asnumpy(), np.full(shape, 2))
    np.testing.assert_array_equal(result.asnumpy(), np.full((2, 4), 4))


def test_astype_without_copy():
    csr = nd.array(A).tostype("csr")
    assert csr.astype("float32", copy=False) is csr
