"""Random numbers of mx.np and npx: distributions, gradients of parameters, devices, symbols."""

import numpy as onp
import pytest

import mxnet as mx
from mxnet import autograd, npx
from mxnet import np as mnp

COUNT = 40000


@pytest.fixture(autouse=True)
def numpy_mode():
    with mx.util.np_shape(), mx.util.np_array():
        mx.random.seed(11)
        yield


# Arguments, mean and variance.
DISTRIBUTIONS = {
    "uniform": ((1.0, 3.0), 2, 1 / 3),
    "normal": ((1.0, 2.0), 1, 4),
    "lognormal": ((0.2, 0.3), onp.exp(0.245), (onp.exp(0.09) - 1) * onp.exp(0.49)),
    "logistic": ((1.0, 0.5), 1, onp.pi**2 / 12),
    "gumbel": ((1.0, 2.0), 1 + 2 * onp.euler_gamma, 4 * onp.pi**2 / 6),
    "gamma": ((2.0, 1.5), 3, 4.5),
    "exponential": ((2.0,), 2, 4),
    "rayleigh": ((2.0,), 2 * onp.sqrt(onp.pi / 2), 4 * (2 - onp.pi / 2)),
    "pareto": ((5.0,), 0.25, 5 / 48),
    "power": ((3.0,), 0.75, 3 / 80),
    "weibull": ((2.0,), onp.sqrt(onp.pi) / 2, 1 - onp.pi / 4),
    "chisquare": ((4.0,), 4, 8),
    "beta": ((2.0, 3.0), 0.4, 0.04),
}


def check_moments(values, mean, variance):
    deviation = onp.sqrt(variance / values.size)
    assert abs(values.mean() - mean) < 5 * deviation
    assert abs(values.var() - variance) < 0.1 * variance


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_mean_and_variance(name):
    arguments, mean, variance = DISTRIBUTIONS[name]
    function = getattr(mnp.random, name)
    check_moments(function(*arguments, size=(COUNT,)).asnumpy().astype("float64"), mean, variance)
    arrays = [mnp.array([each, each]) for each in arguments]
    found = function(*arrays, size=(COUNT, 2))
    assert found.shape == (COUNT, 2)
    check_moments(found.asnumpy().astype("float64"), mean, variance)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_seed_repeats_and_shape_follows_the_parameters(name):
    arguments = DISTRIBUTIONS[name][0]
    function = getattr(mnp.random, name)
    assert function(*arguments).shape == ()
    arrays = [mnp.full((2, 3), each) for each in arguments]
    npx.random.seed(5)
    first = function(*arrays).asnumpy()
    npx.random.seed(5)
    again = function(*arrays).asnumpy()
    assert first.shape == (2, 3)
    onp.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("name", ["normal", "gumbel", "logistic"])
def test_gradients_of_location_and_scale(name):
    loc, scale = mnp.array([1.0, 2.0]), mnp.array([0.5, 3.0])
    loc.attach_grad()
    scale.attach_grad()
    with autograd.record():
        drawn = getattr(mnp.random, name)(loc, scale, size=(3, 2))
    drawn.backward()
    onp.testing.assert_allclose(loc.grad.asnumpy(), [3, 3])
    noise = (drawn.asnumpy() - loc.asnumpy()) / scale.asnumpy()
    onp.testing.assert_allclose(scale.grad.asnumpy(), noise.sum(0), rtol=1e-4, atol=1e-5)


def test_numbers_are_made_on_the_current_device():
    with mx.cpu(1):
        assert mnp.random.uniform(size=2).ctx == mx.cpu(1)
        assert mnp.random.rand(2).ctx == mx.cpu(1)
        assert mnp.random.choice(3, 2).ctx == mx.cpu(1)
        assert npx.random.bernoulli(0.5, size=2).ctx == mx.cpu(1)


def test_multivariate_normal():
    mean = mnp.array([1.0, -2.0])
    covariance = onp.array([[2.0, 0.6], [0.6, 0.5]], dtype="float32")
    found = mnp.random.multivariate_normal(mean, mnp.array(covariance), size=COUNT).asnumpy()
    assert found.shape == (COUNT, 2)
    onp.testing.assert_allclose(found.mean(0), mean.asnumpy(), atol=0.05)
    onp.testing.assert_allclose(onp.cov(found.T), covariance, atol=0.1)
    several = mnp.random.multivariate_normal(mnp.zeros((3, 2)), mnp.array(covariance), size=(4, 5))
    assert several.shape == (4, 5, 3, 2)
    of_matrices = mnp.array(onp.stack([covariance] * 3))
    assert mnp.random.multivariate_normal(mean, of_matrices).shape == (3, 2)


def test_multivariate_normal_needs_positive_definite_matrices():
    with pytest.raises(mx.MXNetError):
        mnp.random.multivariate_normal(mnp.zeros((2,)), -mnp.eye(2)).asnumpy()
    with pytest.raises(NotImplementedError, match="multivariate_normal: check_valid='warn'"):
        mnp.random.multivariate_normal(mnp.zeros((2,)), mnp.eye(2), check_valid="warn")


def test_choice():
    row = mnp.array([5.0, 6.0, 7.0, 8.0])
    assert mnp.random.choice(row).shape == ()
    assert sorted(mnp.random.choice(row, 4, replace=False).asnumpy()) == [5, 6, 7, 8]
    drawn = mnp.random.choice(4, COUNT, p=mnp.array([0.1, 0.2, 0.3, 0.4])).asnumpy()
    onp.testing.assert_allclose(onp.bincount(drawn) / COUNT, [0.1, 0.2, 0.3, 0.4], atol=0.02)
    with pytest.raises(ValueError, match=r"choice: a has the shape \(2, 2\)"):
        mnp.random.choice(mnp.zeros((2, 2)))
    with pytest.raises(mx.MXNetError, match="nothing to choose from"):
        mnp.random.choice(0)


def test_multinomial_and_randint():
    found = mnp.random.multinomial(20, mnp.array([0.2, 0.3, 0.5]), size=(4,)).asnumpy()
    assert found.shape == (4, 3) and (found.sum(1) == 20).all()
    drawn = mnp.random.randint(3, 7, size=COUNT).asnumpy()
    assert set(drawn) == {3, 4, 5, 6}
    with pytest.raises(mx.MXNetError, match="randint"):
        mnp.random.randint(5, 5)


def test_shuffle_keeps_rows_together():
    x = mnp.arange(60).reshape(20, 3)
    mnp.random.shuffle(x)
    rows = x.asnumpy()
    assert not (rows == onp.arange(60).reshape(20, 3)).all()
    assert sorted(rows[:, 0]) == list(range(0, 60, 3))
    assert (rows[:, 1] == rows[:, 0] + 1).all()


def test_arrays_of_numbers():
    found = npx.random.normal_n(mnp.array([0.0, 10.0]), mnp.array([1.0, 2.0]), (COUNT,)).asnumpy()
    assert found.shape == (COUNT, 2)
    onp.testing.assert_allclose(found.mean(0), [0, 10], atol=0.06)
    assert npx.random.uniform_n(0.0, 1.0, (2, 3)).shape == (2, 3)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_symbols_draw_the_same(name):
    arguments = DISTRIBUTIONS[name][0]
    expected = getattr(mnp.random, name)(*arguments, size=(2, 3)).asnumpy()
    executor = getattr(mx.sym.np.random, name)(*arguments, size=(2, 3)).bind(mx.cpu(), {})
    mx.random.seed(11)
    onp.testing.assert_array_equal(executor.forward()[0].asnumpy(), expected)


def test_parameters_that_are_none_raise_a_type_error():
    with pytest.raises(TypeError, match="normal: scale='a' is of type str"):
        mnp.random.normal(0.0, "a")
    with pytest.raises(ValueError, match="bernoulli: prob=None and logit=None"):
        npx.random.bernoulli()
