"""What arrays of mx.np are to Python, NumPy and other libraries."""

import copy
import pickle

import numpy as onp
import pytest

import mxnet as mx
from mxnet import autograd
from mxnet import np as mnp


@pytest.fixture(autouse=True)
def numpy_mode():
    with mx.util.np_shape(), mx.util.np_array():
        yield


def test_copies_and_pickles_are_of_the_class_and_do_not_share():
    x = mnp.array([[1.0, 2], [3, 4]])
    for other in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x)), x.copy()):
        assert type(other) is mnp.ndarray
        other[0] = 9
    assert x.tolist() == [[1, 2], [3, 4]]


def test_views_of_both_classes_share_memory():
    x = mnp.zeros((2, 2))
    legacy = x.as_nd_ndarray()
    assert type(legacy) is mx.nd.NDArray
    legacy[0] = 5
    x.reshape_view(-1)[3] = 7
    assert x.tolist() == [[5, 5], [0, 7]]
    assert mnp.shares_memory(x, x[1]) and not mnp.shares_memory(x[0], x[1])
    assert not mnp.may_share_memory(x, x.copy())


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "int64", "bool", "float16"])
@pytest.mark.parametrize("shape", [(), (3,), (0, 2), (40,), (2, 30), (2000,), (0,)])
def test_repr_differs_from_numpys_in_the_types_it_names(dtype, shape):
    size = int(onp.prod(shape))
    values = (onp.arange(size) % 7).reshape(shape).astype(dtype)
    text = repr(mnp.array(values))
    names = {"float32": "", "bool": ""}.get(dtype, f"dtype={dtype}")
    assert text.startswith("array(") and names in text and ("dtype" in text) == bool(names)
    inside = onp.array2string(values, separator=", ", prefix="array(") if size else "[]"
    assert text.startswith(f"array({inside}")
    if dtype not in ("float64", "int64"):
        assert max(map(len, text.split("\n"))) <= 76


def test_dlpack_shares_memory():
    x = mnp.zeros((2, 3))
    theirs = onp.from_dlpack(x)
    x[0] = 4
    x.wait_to_read()
    assert theirs[0].tolist() == [4, 4, 4]


def test_in_place_operators_keep_the_array():
    x = mnp.array([[1, 2], [3, 4]], dtype="int32")
    before, view = x, x[0]
    x += 1
    x *= x
    x &= 12
    x |= 1
    x ^= 2
    assert x is before and view.tolist() == [7, 11]
    m = mnp.array([[1.0, 2], [3, 4]])
    row = m[0]
    m @= m
    assert row.tolist() == [7, 10]


def test_numbers_of_one_element():
    assert int(mnp.array([2.7])) == 2 and float(mnp.array([[2.5]])) == 2.5
    assert bool(mnp.array([0.0])) is False and not mnp.zeros((0,))
    for wrong in (mnp.zeros((2,)), mnp.zeros((0,))):
        with pytest.raises(TypeError):
            float(wrong)
    with pytest.raises(ValueError):
        bool(mnp.zeros((2,)))
    with pytest.raises(TypeError):
        hash(mnp.zeros(()))
    with pytest.raises(TypeError):
        iter(mnp.zeros(()))


def test_contains_looks_at_elements():
    x = mnp.array([[1.0, 2], [3, 4]])
    assert 3 in x and 7 not in x


def test_methods_of_nd_are_refused_and_missing_ones_are_named():
    x = mnp.ones((2, 2))
    for name in ("asscalar", "exp", "slice_axis", "expand_dims", "norm"):
        with pytest.raises(AttributeError, match=name):
            getattr(x, name)()
    with pytest.raises(AttributeError):
        x.no_such_method()


def test_numpys_universal_functions_record():
    x = mnp.array([1.0, 2.0])
    x.attach_grad()
    with autograd.record():
        y = onp.exp(x) * onp.float32(2)
    y.backward()
    onp.testing.assert_allclose(x.grad.asnumpy(), 2 * onp.exp([1, 2]), rtol=1e-6)


def test_numpys_functions_give_these_arrays():
    x = mnp.array([[1.0, 2], [3, 4]])
    for result in (onp.exp(x), onp.add(1, x), onp.concatenate([x, x]), onp.mean(x), onp.cumprod(x)):
        assert type(result) is mnp.ndarray
    assert onp.cumprod(x).tolist() == [1, 2, 6, 24]
    assert onp.triu(x).tolist() == [[1, 2], [0, 4]]
    target = mnp.zeros((2, 2))
    assert onp.logaddexp(x, x, out=target) is target
    onp.testing.assert_allclose(target.asnumpy(), onp.logaddexp(x.asnumpy(), x.asnumpy()), 1e-6)


def test_numpys_functions_leave_other_classes_alone():
    class Other:
        def __array_function__(self, func, types, args, kwargs):
            return "other"

    assert onp.concatenate([mnp.ones(2), Other()]) == "other"
