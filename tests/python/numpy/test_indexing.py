"""x[key] and x[key] = value of arrays of mx.np with keys that chance makes, against NumPy."""

import numpy as onp
import pytest

import mxnet as mx
from mxnet import autograd
from mxnet import np as mnp


@pytest.fixture(autouse=True)
def numpy_mode():
    with mx.util.np_shape(), mx.util.np_array():
        yield


def random_item(rng, size, lists):
    """What a key says about an axis of `size`; `lists` is the shape of index arrays."""
    kind = rng.integers(6)
    if kind == 0 and size:
        return int(rng.integers(-size, size))
    if kind == 1:
        bounds = [int(rng.integers(-size - 2, size + 3)) for _ in range(2)]
        bounds = [None if rng.random() < 0.3 else bound for bound in bounds]
        return slice(*bounds, int(rng.choice([-3, -2, -1, 1, 2, 3])))
    if kind == 2 and size:
        return rng.integers(-size, size, size=lists)
    if kind == 3:
        return rng.random(size) < 0.5
    return slice(None)


def random_key(rng, shape):
    """A key that NumPy understands for an array of this shape."""
    lists = [(), (2,), (3, 2), (1,)][rng.integers(4)]
    items = [random_item(rng, size, lists) for size in shape[: rng.integers(1, len(shape) + 1)]]
    masks = [item for item in items if isinstance(item, onp.ndarray) and item.dtype == bool]
    if len(masks) > 1 or (masks and len(lists)):  # lengths would have to agree by chance
        items = [slice(None) if any(item is mask for mask in masks) else item for item in items]
    for _ in range(rng.integers(3)):
        items.insert(rng.integers(len(items) + 1), None)
    if rng.random() < 0.3:
        items.append(Ellipsis)
    return tuple(items)


def as_ours(key):
    """The key with arrays of mx.np in place of NumPy's."""
    return tuple(
        mnp.array(item, dtype=item.dtype) if isinstance(item, onp.ndarray) else item for item in key
    )


KEYS = [(seed, shape) for seed in range(60) for shape in ((4,), (3, 5), (2, 3, 4), (2, 1, 3, 2))]


@pytest.mark.parametrize("seed, shape", KEYS)
def test_reading_is_numpys(seed, shape):
    rng = onp.random.default_rng(seed)
    values = rng.normal(size=shape).astype("float32")
    key = random_key(rng, shape)
    expected = values[key]
    for given in (key, as_ours(key)):
        found = mnp.array(values)[given]
        assert type(found) is mnp.ndarray
        assert found.shape == expected.shape
        assert (found.asnumpy() == expected).all()


@pytest.mark.parametrize("seed, shape", KEYS)
def test_writing_is_numpys(seed, shape):
    rng = onp.random.default_rng(seed)
    values = rng.normal(size=shape).astype("float32")
    key = random_key(rng, shape)
    target = values[key].shape
    sources = [onp.float32(7), rng.normal(size=target).astype("float32")]
    if target:
        sources.append(rng.normal(size=target[-1:]).astype("float32"))
        sources.append(rng.normal(size=(1, *target)).astype("float32"))
    for source in sources:
        expected = values.copy()
        expected[key] = source
        found = mnp.array(values)
        found[as_ours(key)] = source if source.ndim == 0 else mnp.array(source)
        assert (found.asnumpy() == expected).all()


@pytest.mark.parametrize("seed, shape", KEYS)
def test_gradient_of_reading_counts_each_element(seed, shape):
    rng = onp.random.default_rng(seed)
    key = random_key(rng, shape)
    x = mnp.array(rng.normal(size=shape).astype("float32"))
    x.attach_grad()
    with autograd.record():
        part = x[as_ours(key)]
        weights = mnp.array(rng.normal(size=part.shape).astype("float32"))
        loss = (part * weights).sum()
    loss.backward()
    expected = onp.zeros(shape, "float32")
    onp.add.at(expected, key, weights.asnumpy())
    onp.testing.assert_allclose(x.grad.asnumpy(), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "key, kind",
    [
        (lambda: 5, IndexError),
        (lambda: (0, 0, 0), IndexError),
        (lambda: mnp.array([0, 9], dtype="int32"), IndexError),
        (lambda: mnp.array([True, False, True], dtype="bool"), IndexError),
        (lambda: (..., ...), IndexError),
        (lambda: (..., [0], ...), IndexError),
        (lambda: [0.5], IndexError),
        (lambda: ([0, 1], [0, 1, 2]), IndexError),
        (lambda: "a", ValueError),
        (lambda: object(), ValueError),
    ],
)
def test_wrong_keys_are_refused(key, kind):
    x = mnp.ones((2, 3))
    with pytest.raises(kind):
        x[key()]
    with pytest.raises(kind):
        x[key()] = 1
    assert (x.asnumpy() == 1).all()


def test_contiguous_parts_share_memory_and_others_do_not():
    x = mnp.zeros((3, 4))
    x[1][2] = 5
    x[1:][0, 0] = 6
    x[:, 1][:] = 7
    assert x.asnumpy().tolist() == [[0, 0, 0, 0], [6, 0, 5, 0], [0, 0, 0, 0]]


def test_empty_arrays():
    e = mnp.zeros((0, 3))
    assert e[:, [0, 2]].shape == (0, 2)
    assert e[e > 0].shape == (0,)
    assert e[mnp.zeros((0,), dtype="bool")].shape == (0, 3)
    with pytest.raises(IndexError):
        e[0]
    e[:, [0, 2]] = 5
    e[e > 0] = 5


def test_masks_without_axes():
    x = mnp.arange(6).reshape(2, 3)
    assert x[True].shape == (1, 2, 3) and x[False].shape == (0, 2, 3)
    assert x[onp.bool_(True)].shape == (1, 2, 3)
    assert x[None, True].shape == onp.ones((2, 3))[None, True].shape
    x[mnp.array(False, dtype="bool")] = 9
    assert x.max() == 5
    x[mnp.array(True, dtype="bool")] = 9
    assert x.min() == 9


def test_0_dim_arrays_are_indices_and_bounds():
    x = mnp.arange(4)
    one = mnp.array(1, dtype="int32")
    assert x[one] == 1 and x[one:].tolist() == [1, 2, 3]
    assert [5, 6][one] == 6 and list(range(one)) == [0]
    with pytest.raises(TypeError):
        [5, 6][mnp.array(1.0)]


def test_writes_to_recorded_results_are_refused():
    x = mnp.ones((2, 2))
    x.attach_grad()
    with autograd.record():
        w = x * 2
        for key in (0, [0], mnp.array([True, False], dtype="bool"), w.detach() > 1):
            with pytest.raises(mx.MXNetError):
                w[key] = 1
