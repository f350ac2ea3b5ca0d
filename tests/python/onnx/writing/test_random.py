"""Random numbers in files: distributions, orders and changes of pictures, in ONNX Runtime."""

import importlib.util
import pathlib

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")
pytest.importorskip("onnxruntime")

_SPEC = importlib.util.spec_from_file_location(
    "onnx_running", pathlib.Path(__file__).with_name("running.py")
)
running = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(running)

COUNT = 50000
# Name, parameters, mean and variance.
DISTRIBUTIONS = [
    ("uniform", {"low": -1, "high": 3}, 1, 16 / 12),
    ("normal", {"loc": 2, "scale": 3}, 2, 9),
    ("exponential", {"lam": 4}, 1 / 4, 1 / 16),
    ("gamma", {"alpha": 2, "beta": 1.5}, 3, 4.5),
    ("gamma", {"alpha": 0.3, "beta": 2}, 0.6, 1.2),
    ("poisson", {"lam": 4}, 4, 4),
    ("poisson", {"lam": 0}, 0, 0),
    ("negative_binomial", {"k": 3, "p": 0.4}, 4.5, 11.25),
    ("generalized_negative_binomial", {"mu": 2, "alpha": 0.3}, 2, 3.2),
    ("generalized_negative_binomial", {"mu": 2, "alpha": 0}, 2, 2),
]


def drawn(symbol, path, **feeds):
    """What a file of a symbol draws."""
    names = [name for name in symbol.list_inputs() if name in feeds]
    shapes, types = [feeds[n].shape for n in names], [feeds[n].dtype for n in names]
    mx.onnx.export_model(symbol, {}, shapes, types, str(path))
    (found,) = running.run_file(path, feeds).values()
    return found


def check_moments(found, mean, variance):
    """Mean and variance within what numbers as many as these leave open."""
    assert abs(found.mean() - mean) <= 6 * (variance / found.size) ** 0.5
    assert abs(found.var() - variance) <= 0.1 * variance


@pytest.mark.parametrize(("name", "attrs", "mean", "variance"), DISTRIBUTIONS)
def test_distribution(name, attrs, mean, variance, tmp_path):
    symbol = getattr(mx.sym._internal, f"_random_{name}")(shape=(COUNT,), **attrs)
    check_moments(drawn(symbol, tmp_path / "a.onnx"), mean, variance)
    like = getattr(mx.sym._internal, f"_random_{name}_like")(mx.sym.var("data"), **attrs)
    found = drawn(like, tmp_path / "b.onnx", data=np.zeros((2, COUNT), np.float32))
    assert found.shape == (2, COUNT)
    check_moments(found, mean, variance)


@pytest.mark.parametrize(("name", "attrs", "mean", "variance"), DISTRIBUTIONS)
def test_parameters_in_arrays(name, attrs, mean, variance, tmp_path):
    variables = [mx.sym.var(each) for each in ("a", "b")[: len(attrs)]]
    symbol = getattr(mx.sym._internal, f"_sample_{name}")(*variables, shape=(COUNT,))
    values = (np.full(2, value, np.float32) for value in attrs.values())
    found = drawn(symbol, tmp_path / "net.onnx", **dict(zip("ab", values)))
    assert found.shape == (2, COUNT)
    check_moments(found, mean, variance)


def test_integers(tmp_path):
    symbol = mx.sym._internal._random_randint(low=-2, high=3, shape=(1000,))
    found = drawn(symbol, tmp_path / "net.onnx")
    assert found.dtype == np.int32 and set(found) == {-2, -1, 0, 1, 2}


def test_order(tmp_path):
    data = np.arange(40, dtype=np.float32).reshape(20, 2)
    found = drawn(mx.sym.shuffle(mx.sym.var("data")), tmp_path / "net.onnx", data=data)
    assert not np.array_equal(found, data)
    np.testing.assert_array_equal(np.sort(found, axis=0), data)
    np.testing.assert_array_equal(found[:, 1] - found[:, 0], 1)


PICTURES = np.random.default_rng(0).uniform(0, 255, (3, 5, 7, 3))


@pytest.mark.parametrize("dtype", ["float32", "uint8"])
@pytest.mark.parametrize("name", ["brightness", "contrast", "saturation", "hue"])
def test_colors_changed_by_a_known_factor(name, dtype, tmp_path):
    """Limits that are equal leave nothing open."""
    data = PICTURES.astype(dtype)
    change = {"min_factor": 0.3, "max_factor": 0.3}
    symbol = getattr(mx.sym.image, f"random_{name}")(mx.sym.var("data"), **change)
    found = drawn(symbol, tmp_path / "net.onnx", data=data)
    ours = getattr(mx.nd.image, f"random_{name}")(mx.nd.array(data, dtype=dtype), **change)
    # Bytes are cut off: a difference in the last place can be one.
    far = {"rtol": 0, "atol": 1} if dtype == "uint8" else {"rtol": 1e-5, "atol": 2e-3}
    np.testing.assert_allclose(found.astype("f"), ours.asnumpy().astype("f"), **far)


def test_colors_changed_in_any_order(tmp_path):
    """With one strength there is one change; with none, nothing changes."""
    data = PICTURES.astype(np.float32)
    none = dict.fromkeys(["brightness", "contrast", "saturation", "hue"], 0)
    jitter = mx.sym.image.random_color_jitter
    found = drawn(jitter(mx.sym.var("data"), **none), tmp_path / "a.onnx", data=data)
    np.testing.assert_array_equal(found, data)
    light = {**none, "brightness": 0.4}
    found = drawn(jitter(mx.sym.var("data"), **light), tmp_path / "b.onnx", data=data)
    factors = (found / data).reshape(3, -1)
    np.testing.assert_allclose(factors, factors[:, :1].repeat(105, axis=1), rtol=1e-5)
    assert (np.abs(factors - 1) <= 0.4001).all() and len(set(factors[:, 0])) == 3
    every = drawn(
        jitter(mx.sym.var("data"), brightness=0.4, contrast=0.3, saturation=0.5, hue=0.1),
        tmp_path / "c.onnx",
        data=data,
    )
    assert every.shape == data.shape and np.isfinite(every).all()


@pytest.mark.parametrize("name", ["left_right", "top_bottom"])
def test_flips(name, tmp_path):
    """Each picture is as it was or turned."""
    data = np.random.default_rng(0).normal(size=(64, 2, 3, 3)).astype(np.float32)
    flip = getattr(mx.sym.image, f"random_flip_{name}")
    found = drawn(flip(mx.sym.var("data")), tmp_path / "net.onnx", data=data)
    turned = data[:, :, ::-1] if name == "left_right" else data[:, ::-1]
    same = (found == data).all((1, 2, 3))
    np.testing.assert_array_equal(found[~same], turned[~same])
    assert 8 < same.sum() < 56


def test_light(tmp_path):
    """One color is added to all pixels of a picture."""
    symbol = mx.sym.image.random_lighting(mx.sym.var("data"), alpha_std=0.5)
    data = PICTURES.astype(np.float32)
    added = (drawn(symbol, tmp_path / "net.onnx", data=data) - data).reshape(3, -1, 3)
    assert np.ptp(added, axis=1).max() < 1e-3
    assert np.abs(added[0] - added[1]).max() > 1e-3
