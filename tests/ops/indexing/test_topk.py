import numpy as np
import pytest
from harness import Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(17)
X = R.permutation(24).astype(float).reshape(2, 3, 4)


def order(x, axis, is_ascend):
    return np.argsort(x if is_ascend else -x, axis, kind="stable")


def sort(x, axis=-1, is_ascend=True):
    x, axis = (x.ravel(), -1) if axis is None else (x, axis)
    return np.take_along_axis(x, order(x, axis, is_ascend), axis)


def argsort(x, axis=-1, is_ascend=True, dtype="float32"):
    x = x.ravel() if axis is None else x
    return order(x, -1 if axis is None else axis, is_ascend)


def topk(x, axis=-1, k=1, ret_typ="indices", is_ascend=False, dtype="float32"):
    flat = x.ravel() if axis is None else x
    along = -1 if axis is None else axis
    count = k if k > 0 else flat.shape[along]
    first = np.take(order(flat, along, is_ascend), np.arange(count), along)
    if ret_typ == "mask":
        mask = np.zeros(flat.shape)
        np.put_along_axis(mask, first, 1, along)
        return mask.reshape(x.shape)
    values = np.take_along_axis(flat, first, along)
    return {"indices": first, "value": values, "both": [values, first]}[ret_typ]


def take_along(data, indices, axis, shape):
    if axis is None:
        return data.ravel()[indices.astype(int)].reshape(shape)
    return np.take_along_axis(data, indices.astype(int), axis)


def put_along(data, indices, axis, shape):
    result = np.zeros(shape)
    if axis is None:
        result.ravel()[indices.astype(int).ravel()] = data.ravel()
    else:
        np.put_along_axis(result, indices.astype(int), data, axis)
    return result


def places(axis, count):
    """The first of the ordered elements along an axis: each once in a row."""
    flat, along = (X.ravel(), 0) if axis is None else (X, axis)
    return np.take(order(flat, along, True), np.arange(count), along).astype("int64")


def along_axis(axis, count=2):
    """Cases of the operators that gradients of sort and topk are made of."""
    where = places(axis, count)
    options = {"second": True, "oracle": "1.9.1 has no such operator"}
    taken = {"axis": axis, "shape": where.shape}
    put = {"axis": axis, "shape": X.shape}
    yield Case("_take_along_axis", [X, where], take_along, taken, **options)
    yield Case("_put_along_axis", [R.normal(size=where.shape), where], put_along, put, **options)


AXES = (-1, 0, 1, None)
CASES = [
    *(
        Case(
            "sort",
            [X],
            sort,
            attrs={"axis": a},
            second=a == 0,
            oracle=True if a is not None else "1.9.1 has no gradient then",
        )
        for a in AXES
    ),
    Case("sort", [X], sort, attrs={"is_ascend": False}),
    Case("sort", [X.astype("uint8")], sort, out_dtype="uint8"),
    *(Case("argsort", [X], argsort, attrs={"axis": a}, grad=False) for a in AXES),
    Case("argsort", [X], argsort, attrs={"dtype": "int64"}, grad=False, out_dtype="int64"),
    *(
        Case(
            "topk",
            [X],
            topk,
            attrs={"axis": a, "k": 2, "ret_typ": r},
            second=r == "value",
            grad=r == "value",
        )
        for a in AXES
        for r in ("indices", "value", "mask")
    ),
    Case("topk", [X], topk, attrs={"k": 3, "is_ascend": True}, grad=False),
    Case("topk", [X], topk, attrs={"k": 0, "dtype": "int32"}, grad=False, out_dtype="int32"),
    Case(
        "topk",
        [X],
        topk,
        attrs={"k": 2, "ret_typ": "both", "dtype": "int64"},
        grad=False,
        out_dtype=("float32", "int64"),
    ),
    *(case for a in AXES for case in along_axis(a)),
]
FAULTS = [
    Fault(
        "_take_along_axis",
        [X, places(1, 2)],
        "indices=.* does not lie along axis=0 of",
        {"axis": 0, "shape": (2, 2, 4)},
        oracle="1.9.1 has no such operator",
    ),
    Fault(
        "_put_along_axis",
        [X, places(1, 2)],
        "_put_along_axis: data=.* has the wrong shape",
        {"axis": 1, "shape": X.shape},
        oracle="1.9.1 has no such operator",
    ),
    Fault("topk", [X], "topk: k=9 is larger than the 4", {"k": 9}),
    Fault("sort", [X], "axis=3", {"axis": 3}, IndexError),
    Fault("topk", [X], "ret_typ=all is not valid", {"ret_typ": "all"}),
]
TestTopk = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("axis", [0, 1])
def test_large_along_an_axis(axis):
    data = R.normal(size=(500, 400)).astype("float32")
    where = np.take(order(data, axis, True), np.arange(350), axis)
    indices = mx.nd.array(where, dtype="int64")
    attrs = {"axis": axis, "shape": where.shape}
    taken = mx.nd._internal._take_along_axis(mx.nd.array(data), indices, **attrs)
    np.testing.assert_array_equal(taken.asnumpy(), np.take_along_axis(data, where, axis))
    put = mx.nd._internal._put_along_axis(taken, indices, axis=axis, shape=data.shape)
    expected = np.zeros_like(data)
    np.put_along_axis(expected, where, taken.asnumpy(), axis)
    np.testing.assert_array_equal(put.asnumpy(), expected)


@pytest.mark.parametrize("is_ascend", [True, False])
def test_equal_elements_are_all_there(is_ascend):
    data = R.integers(0, 5, size=1000).astype("float32")
    for k in (1, 3, 100, 500, 1000):
        found = mx.nd.topk(mx.nd.array(data), k=k, is_ascend=is_ascend).asnumpy().astype(int)
        assert len(set(found)) == k
        expected = np.sort(data)[:k] if is_ascend else -np.sort(-data)[:k]
        np.testing.assert_array_equal(data[found], expected)


def test_nan_does_no_harm():
    data = np.full((3, 100), np.nan, "float32")
    data[:, ::3] = 1
    found = mx.nd.argsort(mx.nd.array(data)).asnumpy().astype(int)
    assert (np.sort(found, axis=1) == np.arange(100)).all()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int32", "uint8"])
@pytest.mark.parametrize("values", [5, 1 << 40])
def test_long_rows_are_sorted_in_parts(dtype, values):
    """Rows that several threads sort and merge, with many equal elements and with few."""
    data = R.integers(0, values, size=150001)
    data = (data % 251 if dtype == "uint8" else data / 977 % 60000 - 200).astype(dtype)
    data[-4000:] = data.max()  # one part ends long before the other
    array = mx.nd.array(data, dtype=dtype)
    np.testing.assert_array_equal(mx.nd.sort(array).asnumpy(), np.sort(data))
    falling = mx.nd.sort(array, is_ascend=False).asnumpy()
    np.testing.assert_array_equal(falling, np.sort(data)[::-1])
    order = mx.nd.argsort(array, dtype="int64").asnumpy()
    np.testing.assert_array_equal(data[order], np.sort(data))
    assert len(set(order.tolist())) == len(data)
