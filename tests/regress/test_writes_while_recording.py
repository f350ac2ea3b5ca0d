"""Writes to recorded arrays (advanced indexing, copyto, out=, +=) were done while the tape kept the
old computation: gradients came out wrong without an error. An array given as out= was not recorded.
"""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, nd


def slice_assign(z, y):
    z.slice_assign_scalar(3, (0,), (1,), (1,))


def add_in_place(z, y):
    z += y


def multiply_in_place(z, y):
    z *= 2


WRITES = {
    "slice": lambda z, y: z.__setitem__(slice(0, 1), 7),
    "all": lambda z, y: z.__setitem__(slice(None), y),
    "step": lambda z, y: z.__setitem__(slice(None, None, 2), 7),
    "list": lambda z, y: z.__setitem__([0, 2], 5),
    "mask": lambda z, y: z.__setitem__(np.array([True, False, True]), 5),
    "numpy": lambda z, y: z.__setitem__(slice(None), np.zeros(3)),
    "values": lambda z, y: z.__setitem__(slice(None), [1, 2, 3]),
    "copyto": lambda z, y: y.copyto(z),
    "out": lambda z, y: nd.square(y, out=z),
    "random": lambda z, y: nd.random.uniform(out=z),
    "add": add_in_place,
    "multiply": multiply_in_place,
    "slice_assign": slice_assign,
    "update": lambda z, y: nd.sgd_update(z, y, lr=0.1, out=z),
    "view": lambda z, y: z[0:2].__setitem__(slice(None), 0),
    "alias": lambda z, y: z.detach().__setitem__(slice(None), 0),
}


def known_arrays():
    x, y = nd.array([1, 2, 3]), nd.array([4, 5, 6])
    x.attach_grad()
    with autograd.record():
        z = x * 2
        loss = (z * y).sum()
    return {"result": z, "constant": y}, loss, x


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("target", ["result", "constant"])
def test_what_the_tape_relies_on_is_not_written(write, target):
    arrays, loss, x = known_arrays()
    before = arrays[target].asnumpy()
    with autograd.record(), pytest.raises(mx.MXNetError, match="recorded"):
        WRITES[write](arrays[target], nd.ones((3,)))
    np.testing.assert_array_equal(arrays[target].asnumpy(), before)
    loss.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [8, 10, 12])


@pytest.mark.parametrize("write", [w for w in WRITES if w not in ("view", "alias")])
def test_a_variable_is_not_written(write):
    x = nd.array([1, 2, 3])
    x.attach_grad()
    with autograd.record(), pytest.raises(mx.MXNetError, match="recorded"):
        WRITES[write](x, nd.ones((3,)))
    np.testing.assert_array_equal(x.asnumpy(), [1, 2, 3])


@pytest.mark.parametrize("write", WRITES)
def test_writes_are_free_under_pause_and_after_the_tape_is_freed(write):
    arrays, loss, _ = known_arrays()
    with autograd.record(), autograd.pause():
        WRITES[write](arrays["result"], nd.ones((3,)))
    arrays, loss, _ = known_arrays()
    loss.backward()
    with autograd.record():
        WRITES[write](arrays["result"], nd.ones((3,)))
        WRITES[write](arrays["constant"], nd.ones((3,)))


@pytest.mark.parametrize(
    "write",
    [
        lambda z, y: z.__setitem__(slice(None), y),
        lambda z, y: z.__setitem__(Ellipsis, y),
        lambda z, y: y.copyto(z),
        lambda z, y: nd.identity(y, out=z),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_whole_array_becomes_the_recorded_result(write, dtype):
    x, z = nd.array([1, 2]), nd.zeros((2,), dtype=dtype)
    x.attach_grad()
    with autograd.record():
        y = (x * 3).astype(dtype) if write.__code__.co_names == ("nd", "identity") else x * 3
        write(z, y)
        loss = (z * z).sum()
    loss.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [18, 36])


@pytest.mark.parametrize(
    "write",
    [
        lambda z, y: z.__setitem__(slice(0, 1), y[0:1]),
        lambda z, y: z.__setitem__([0, 2], y[0:2]),
        lambda z, y: z.__setitem__(slice(None, None, 2), y[0:2]),
        add_in_place,
    ],
)
def test_recorded_values_do_not_get_lost_in_a_part(write):
    x, z = nd.array([1, 2, 3]), nd.zeros((3,))
    x.attach_grad()
    with autograd.record():
        y = x * 3
        with pytest.raises(mx.MXNetError):
            write(z, y)
    np.testing.assert_array_equal(z.asnumpy(), [0, 0, 0])


def test_parts_beside_those_that_the_tape_relies_on_are_written():
    x, rows = nd.array([1, 2, 3]), nd.zeros((2, 3))
    x.attach_grad()
    with autograd.record():
        rows[0] = 5
        first = (x * rows[0]).sum()
        rows[1] = 7
        loss = first + (x * rows[1]).sum()
        with pytest.raises(mx.MXNetError):
            rows[0] = 9
    loss.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [12, 12, 12])


def test_a_list_of_recorded_arrays_is_refused():
    x, z = nd.array([1, 2, 3]), nd.zeros((2, 3))
    x.attach_grad()
    with autograd.record(), pytest.raises(TypeError, match="stack"):
        z[:] = [x * 2, x * 3]
