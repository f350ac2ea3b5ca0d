import numpy as np
from harness import Case, Fault, operator_tests

import mxnet as mx

X = np.random.default_rng(15).normal(size=(2, 3, 4))
LAST = np.array([[0, 1, 9], [-1, 2, 3]], "int32")
MIDDLE = np.array([[0, 1, 2, 0], [1, 1, 1, 1]], "int32")


def pick(x, index, axis=-1, keepdims=False, mode="clip"):
    size = x.shape[axis]
    index = np.clip(index, 0, size - 1) if mode == "clip" else index % size
    if index.ndim < x.ndim:
        index = np.expand_dims(index, axis)
    result = np.take_along_axis(x, index.astype(int), axis)
    return result if keepdims or x.ndim == 1 else result.squeeze(axis)


def batch_take(x, index):
    return pick(x, index)


CASES = [
    Case("pick", [X, LAST], pick, second=True, dtypes=("float32", "float16", "int32")),
    Case("pick", [X, LAST], pick, attrs={"mode": "wrap"}, second=True),
    Case("pick", [X, LAST], pick, attrs={"keepdims": True}),
    Case("pick", [X, LAST[..., None]], pick, attrs={"axis": 2}, second=True),
    Case("pick", [X, MIDDLE.astype("int8")], pick, attrs={"axis": 1}),
    Case("pick", [X[0, 0], np.array([2], "int32")], pick, second=True),
    Case(
        "batch_take",
        [X[0], np.array([0, -1, 5], "int32")],
        batch_take,
        second=True,
        oracle="1.9.1 has no gradient of it; results agree",
    ),
]
FAULTS = [
    Fault("pick", [X, LAST], "pick: axis=None is not possible", {"axis": None}),
    Fault("pick", [X, LAST[:1]], r"pick: index=\(1, 3\) has the wrong shape"),
    Fault("pick", [X, LAST], "axis=3", {"axis": 3}, IndexError),
    Fault("batch_take", [X[0], X[0, :, 0]], "indices has dtype float32", kind=TypeError),
    Fault("batch_take", [X[0], np.zeros(2, "int32")], "indices=.* has 2 elements"),
]
TestPick = operator_tests(CASES, FAULTS)


def test_fill_element_0index_writes_one_column_in_each_row():
    rows = mx.nd.fill_element_0index(mx.nd.zeros((2, 3)), mx.nd.array([7, 8]), mx.nd.array([2, 0]))
    assert rows.asnumpy().tolist() == [[0, 0, 7], [8, 0, 0]]
