"""Writing to a part of an array whose operation had failed cleared the error: what the memory
held was shown as the result."""

import numpy as np
import pytest

import mxnet as mx


def add_in_place(x):
    x += 1


def write_row(x):
    x[0:1] = 7


def write_row_from_numpy(x):
    x[0:1] = np.ones((1, 300), dtype="float32")


def write_through_view(x):
    x[3][:] = 1


def out_of_itself(x):
    mx.nd.negative(x, out=x)


def copy_into_row(x):
    mx.nd.ones((300,)).copyto(x[2])


def update_state(x):
    ones = mx.nd.ones((300, 300))
    mx.nd.sgd_mom_update(ones, ones, x, lr=0.1, momentum=0.9, out=ones)


def test_seeding_tells_no_errors_of_others(failed_array):
    x = failed_array
    mx.random.seed(1)
    with pytest.raises(IndexError):
        x.asnumpy()


@pytest.mark.parametrize("is_computed", [False, True])
@pytest.mark.parametrize(
    "write",
    [
        add_in_place,
        write_row,
        write_row_from_numpy,
        write_through_view,
        out_of_itself,
        copy_into_row,
        update_state,
    ],
)
def test_an_update_hands_the_error_on(failed_array, write, is_computed):
    x = failed_array
    if is_computed:
        with pytest.raises(IndexError):
            x.wait_to_read()
    with pytest.raises(IndexError, match="take: indices=1000000"):
        write(x)
        x.asnumpy()
    with pytest.raises(IndexError):
        x.asnumpy()


@pytest.mark.parametrize(
    "write",
    [
        lambda x: x.__setitem__(slice(None), 3),
        lambda x: x.__setitem__(slice(None), np.full((300, 300), 3, dtype="float32")),
        lambda x: mx.nd.full((300, 300), 3).copyto(x),
        lambda x: mx.nd.ones_like(mx.nd.ones((300, 300)) * 3, out=x),
    ],
)
def test_a_whole_write_makes_it_good(failed_array, write):
    x = failed_array
    write(x)
    assert x.asnumpy().min() in (1, 3)
