"""np.linalg: equations that the results satisfy, and gradients against finite differences."""

import numpy as onp
import pytest

import mxnet as mx
from mxnet import autograd
from mxnet import np as mnp

RNG = onp.random.default_rng(7)
SQUARE = RNG.normal(size=(2, 3, 3)) + 3 * onp.eye(3)
POSITIVE = SQUARE @ SQUARE.transpose(0, 2, 1)
WIDE = RNG.normal(size=(2, 4))
TENSOR = RNG.normal(size=(2, 3, 4))


@pytest.fixture(autouse=True)
def numpy_mode():
    with mx.util.np_shape(), mx.util.np_array():
        yield


def array(values):
    return mnp.array(values, dtype="float64")


def check_gradient(function, values):
    """The gradient of a weighted sum of the results against central differences."""
    weights = RNG.normal(size=function(array(values)).shape)
    x = array(values)
    x.attach_grad()
    with autograd.record():
        total = function(x) * array(weights)
    total.backward()
    step, expected = 1e-6, onp.zeros_like(values)
    for place in onp.ndindex(values.shape):
        moved = onp.array(values)
        moved[place] += step
        above = (function(array(moved)).asnumpy() * weights).sum()
        moved[place] -= 2 * step
        expected[place] = (above - (function(array(moved)).asnumpy() * weights).sum()) / (2 * step)
    onp.testing.assert_allclose(x.grad.asnumpy(), expected, rtol=2e-5, atol=1e-6)


NORMS = [
    *((order, None) for order in (None, "fro", "nuc", 1, -1, 2, onp.inf, -onp.inf)),
    *((order, 0) for order in (None, 1, 2, 3, 0.5, -1, onp.inf, -onp.inf)),
]


@pytest.mark.parametrize("order, axis", NORMS)
@pytest.mark.parametrize("keepdims", [False, True])
def test_norm_is_that_of_numpy(order, axis, keepdims):
    found = mnp.linalg.norm(array(WIDE), order, axis, keepdims)
    expected = onp.linalg.norm(WIDE, order, axis, keepdims)
    assert found.shape == expected.shape
    onp.testing.assert_allclose(found.asnumpy(), expected, rtol=1e-10)


@pytest.mark.parametrize("order", [None, "fro", "nuc", 1, -1, 2, -2, onp.inf, -onp.inf])
@pytest.mark.parametrize("axis", [(0, 1), (2, 0), (-1, -2)])
def test_norm_of_matrices_along_axes(order, axis):
    found = mnp.linalg.norm(array(TENSOR), order, axis)
    onp.testing.assert_allclose(found.asnumpy(), onp.linalg.norm(TENSOR, order, axis), rtol=1e-10)


@pytest.mark.parametrize("order, axis", NORMS)
def test_gradient_of_norm(order, axis):
    check_gradient(lambda a: mnp.linalg.norm(a, order, axis), WIDE)


def test_order_that_is_no_norm_of_matrices():
    for order in (3, 0, 0.5, "other"):
        with pytest.raises(ValueError, match="norm: ord="):
            mnp.linalg.norm(array(WIDE), order)


FUNCTIONS = {
    "inv": (lambda a: mnp.linalg.inv(a), SQUARE),
    "det": (lambda a: mnp.linalg.det(a), SQUARE),
    "slogdet": (lambda a: mnp.linalg.slogdet(a)[1], SQUARE),
    "svd": (lambda a: mnp.linalg.svd(a)[1], WIDE),
    "pinv": (lambda a: mnp.linalg.pinv(a), WIDE),
    "solve": (lambda a: mnp.linalg.solve(a, array(SQUARE[:, :, :2])), SQUARE),
    "solve of the right side": (lambda b: mnp.linalg.solve(array(SQUARE), b), SQUARE[:, :, :2]),
    "tensorinv": (
        lambda a: mnp.linalg.tensorinv(a, ind=1),
        (RNG.normal(size=(4, 4)) + 3 * onp.eye(4)).reshape(4, 2, 2),
    ),
    "tensorsolve": (
        lambda a: mnp.linalg.tensorsolve(a, array(onp.ones((2, 2)))),
        (RNG.normal(size=(4, 4)) + 3 * onp.eye(4)).reshape(2, 2, 4),
    ),
    "eigvals": (lambda a: mnp.linalg.eigvals(a), onp.diag([1.0, 2.0, 4.0]) + 0.1),
    "eig": (lambda a: mnp.linalg.eig(a)[0], onp.diag([1.0, 2.0, 4.0]) + 0.1),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradient(name):
    check_gradient(*FUNCTIONS[name])


@pytest.mark.parametrize("name", ["cholesky", "eigvalsh"])
def test_gradient_of_symmetric_matrices(name):
    def function(a):  # depends on the whole of `a` alike
        return getattr(mnp.linalg, name)((a + a.transpose((0, 2, 1))) / 2)

    check_gradient(function, POSITIVE)


def test_decompositions_give_back_the_matrix():
    a = array(POSITIVE)
    lower = mnp.linalg.cholesky(a).asnumpy()
    onp.testing.assert_allclose(lower @ lower.transpose(0, 2, 1), POSITIVE, rtol=1e-9)
    values, vectors = (each.asnumpy() for each in mnp.linalg.eigh(a))
    onp.testing.assert_allclose(POSITIVE @ vectors, vectors * values[:, None], rtol=1e-8)
    left, sizes, right = (each.asnumpy() for each in mnp.linalg.svd(array(WIDE)))
    onp.testing.assert_allclose((left * sizes) @ right, WIDE, rtol=1e-9)


@pytest.mark.parametrize("name", ["inv", "det", "cholesky", "pinv", "eigvalsh"])
def test_symbols_compute_the_same(name):
    function = getattr(mx.sym.np.linalg, name)
    symbol = function(mx.sym.var("a").as_np_ndarray())
    found = symbol.bind(mx.cpu(), {"a": array(POSITIVE)}).forward()[0].asnumpy()
    expected = getattr(mnp.linalg, name)(array(POSITIVE)).asnumpy()
    onp.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("order, axis", [(None, None), (2, 0), (onp.inf, (0, 1)), ("nuc", (0, 1))])
def test_norm_of_symbols(order, axis):
    symbol = mx.sym.np.linalg.norm(mx.sym.var("a").as_np_ndarray(), order, axis)
    found = symbol.bind(mx.cpu(), {"a": array(WIDE)}).forward()[0].asnumpy()
    onp.testing.assert_allclose(found, onp.linalg.norm(WIDE, order, axis), rtol=1e-10)
