"""Functions of mx.np: gradients against finite differences, and symbols against arrays."""

import numpy as onp
import pytest

import mxnet as mx
from mxnet import autograd
from mxnet import np as mnp

RNG = onp.random.default_rng(5)
A = RNG.normal(size=(3, 4))
B = RNG.normal(size=(4, 2))
C = RNG.normal(size=(2, 3, 4))
V = onp.array([0.3, -1.2, 2.5, 0.9])
W = onp.array([1.0, 2.0, 0.5, 3.0])


@pytest.fixture(autouse=True)
def numpy_mode():
    with mx.util.np_shape(), mx.util.np_array():
        yield


# A function of F (mx.np or NumPy), and its operands.
CASES = {
    "reshape": (lambda F, a: F.reshape(a, (2, -1)), A),
    "transpose": (lambda F, a: F.transpose(a, (2, 0, 1)), C),
    "moveaxis": (lambda F, a: F.moveaxis(a, 0, -1), C),
    "swapaxes": (lambda F, a: F.swapaxes(a, 0, 2), C),
    "squeeze": (lambda F, a: F.squeeze(F.expand_dims(a, 1), 1), A),
    "ravel": (lambda F, a: F.ravel(a), A),
    "flip": (lambda F, a: F.flip(a, (0, 1)), A),
    "roll": (lambda F, a: F.roll(a, 1, axis=1), A),
    "rot90": (lambda F, a: F.rot90(a, 1), A),
    "tile": (lambda F, a: F.tile(a, (2, 1, 2)), A),
    "repeat": (lambda F, a: F.repeat(a, 2, axis=1), A),
    "broadcast_to": (lambda F, a: F.broadcast_to(a, (2, 3, 4)), A),
    "pad": (lambda F, a: F.pad(a, ((1, 1), (0, 2)), mode="constant"), A),
    "atleast_3d": (lambda F, a: F.atleast_3d(a), A),
    "concatenate": (lambda F, a, b: F.concatenate((a, F.transpose(b)), axis=1), B, B.T),
    "stack": (lambda F, a, b: F.stack((a, b), axis=1), A, A + 1),
    "vstack": (lambda F, a, b: F.vstack((a, b)), V, W),
    "hstack": (lambda F, a, b: F.hstack((a, b)), A, A),
    "dstack": (lambda F, a, b: F.dstack((a, b)), A, A),
    "column_stack": (lambda F, a, b: F.column_stack((a, b)), V, W),
    "split": (lambda F, a: F.split(a, (1, 3), axis=1)[1], A),
    "hsplit": (lambda F, a: F.hsplit(a, 2)[0], A),
    "dsplit": (lambda F, a: F.dsplit(a, 2)[1], C),
    "insert": (lambda F, a, b: F.insert(a, 1, b, axis=0), A, V),
    "delete": (lambda F, a: F.delete(a, 1, axis=1), A),
    "sum": (lambda F, a: F.sum(a, axis=(0, 2)), C),
    "mean": (lambda F, a: F.mean(a, axis=1, keepdims=True), C),
    "prod": (lambda F, a: F.prod(a, axis=1), A),
    "max": (lambda F, a: F.max(a, axis=1), A),
    "min": (lambda F, a: F.min(a), A),
    "std": (lambda F, a: F.std(a, axis=0), A),
    "var": (lambda F, a: F.var(a, axis=1, ddof=1), A),
    "average": (lambda F, a, b: F.average(a, axis=1, weights=b), A, W),
    "cumsum": (lambda F, a: F.cumsum(a, axis=1), A),
    "diff": (lambda F, a: F.diff(a, n=2, axis=1), A),
    "ediff1d": (lambda F, a: F.ediff1d(a), A),
    "take": (lambda F, a: F.take(a, F.array([0, 2], dtype="int32"), axis=1), A),
    "diag": (lambda F, a: F.diag(a, 1), A),
    "diagonal": (lambda F, a: F.diagonal(a, 0, 1, 2), C),
    "trace": (lambda F, a: F.trace(a, 0, 0, 2), C),
    "tril": (lambda F, a: F.tril(a, -1), A),
    "sort": (lambda F, a: F.sort(a, axis=0), A),
    "dot": (lambda F, a, b: F.dot(a, b), A, B),
    "matmul": (lambda F, a, b: F.matmul(a, b), C, B),
    "inner": (lambda F, a, b: F.inner(a, b), A, A + 1),
    "outer": (lambda F, a, b: F.outer(a, b), V, W),
    "vdot": (lambda F, a, b: F.vdot(a, b), V, W),
    "tensordot": (lambda F, a, b: F.tensordot(a, b, axes=([2], [0])), C, B),
    "einsum": (lambda F, a, b: F.einsum("ij,jk->ki", a, b), A, B),
    "polyval": (lambda F, a, b: F.polyval(a, b), V, W),
}


@pytest.mark.parametrize("name", CASES)
def test_values_are_numpys(name):
    function, *values = CASES[name]
    found = function(mnp, *(mnp.array(value, dtype="float64") for value in values))
    expected = function(onp, *values)
    assert type(found) is mnp.ndarray and found.shape == expected.shape
    onp.testing.assert_allclose(found.asnumpy(), expected, rtol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_those_of_finite_differences(name):
    function, *values = CASES[name]
    arrays = [mnp.array(value, dtype="float64") for value in values]
    weights = RNG.normal(size=function(onp, *values).shape)
    for each in arrays:
        each.attach_grad()
    with autograd.record():
        loss = (function(mnp, *arrays) * mnp.array(weights, dtype="float64")).sum()
    loss.backward()
    for place, value in enumerate(values):
        expected = onp.zeros_like(value)
        for index in onp.ndindex(value.shape):
            change = 1e-5
            low, high = ([v.copy() for v in values] for _ in range(2))
            low[place][index] -= change
            high[place][index] += change
            there, back = ((function(onp, *v) * weights).sum() for v in (high, low))
            expected[index] = (there - back) / (2 * change)
        onp.testing.assert_allclose(
            arrays[place].grad.asnumpy(), expected, rtol=1e-5, atol=1e-7, err_msg=name
        )


@pytest.mark.parametrize("name", [name for name in CASES if name != "take"])
def test_symbols_compute_what_arrays_do(name):
    function, *values = CASES[name]
    arrays = [mnp.array(value, dtype="float64") for value in values]
    variables = [mx.sym.var(f"v{i}").as_np_ndarray() for i in range(len(values))]
    symbol = function(mnp, *variables)
    assert type(symbol) is type(variables[0])
    found = symbol.bind(mx.cpu(), {f"v{i}": a for i, a in enumerate(arrays)}).forward()[0]
    onp.testing.assert_allclose(found.asnumpy(), function(mnp, *arrays).asnumpy(), rtol=1e-6)


def test_what_ends_the_process_of_1_9_1():
    x, s = mnp.array([[1.0, 2], [3, 4]]), mnp.array(2.0)
    assert mnp.inner(s, x).tolist() == [[2, 4], [6, 8]] == mnp.inner(x, s).tolist()
    with pytest.raises(ValueError):
        mnp.tensordot(x, x, axes=3)
    with pytest.raises((IndexError, ValueError)):
        mnp.average(x, axis=5)


def test_text_files(tmp_path):
    path = tmp_path / "numbers.txt"
    path.write_text("1 2\n3 4\n")
    found = mnp.genfromtxt(path)
    assert type(found) is mnp.ndarray and found.dtype == onp.float32
    assert found.tolist() == [[1, 2], [3, 4]]
    assert mnp.genfromtxt(path, dtype="int32").dtype == onp.int32


def test_options_of_printing():
    before = onp.get_printoptions()
    try:
        mnp.set_printoptions(precision=2)
        assert repr(mnp.array([1 / 3])) == "array([0.33])"
    finally:
        onp.set_printoptions(**before)


def test_histogram_without_a_range():
    counts, edges = mnp.histogram(mnp.array([1, 2, 2, 5], dtype="int32"), 3)
    expected = onp.histogram([1, 2, 2, 5], 3)
    assert counts.tolist() == expected[0].tolist()
    onp.testing.assert_allclose(edges.asnumpy(), expected[1], rtol=1e-6)
    assert mnp.histogram(mnp.ones(3), 2)[1].tolist() == [0.5, 1, 1.5]


def test_joins_and_splits_refuse_what_does_not_fit():
    x = mnp.ones((2, 3))
    for call in (
        lambda: mnp.split(x, 2, axis=1),
        lambda: mnp.split(x, 0),
        lambda: mnp.concatenate([]),
        lambda: mnp.concatenate([x, mnp.ones((3, 2))]),
        lambda: mnp.stack([x, mnp.ones((3, 2))]),
        lambda: mnp.vsplit(mnp.ones(3), 3),
        lambda: mnp.broadcast_arrays(x, mnp.ones((2, 2))),
    ):
        with pytest.raises(ValueError):
            call()


def test_differences_with_edges():
    v = mnp.array([1.0, 4.0, 9.0])
    assert mnp.diff(v, prepend=0).tolist() == [1, 3, 5]
    assert mnp.diff(v, append=mnp.array([16.0, 25.0])).tolist() == [3, 5, 7, 9]
