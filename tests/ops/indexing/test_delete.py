"""_npi_delete: places that an array names leave as many as the data says."""

import numpy as np
import pytest
from harness import ALL, Case, Fault, operator_tests

import mxnet as mx

X = np.random.default_rng(17).normal(size=(2, 6))


def delete(arr, start=None, stop=None, step=None, int_ind=None, axis=None):
    places = slice(start, stop, step) if int_ind is None else int_ind
    return np.delete(arr, places, axis)


def without(axis=None, **options):
    attrs = {n: options.pop(n) for n in ("start", "stop", "step", "int_ind") if n in options}
    attrs |= {} if axis is None else {"axis": axis}
    return Case("_npi_delete", [X], delete, attrs=attrs, symbol=False, **options)


CASES = [
    without(0, int_ind=1, dtypes=ALL, second=True),
    without(1, int_ind=-1),
    without(None, int_ind=2),
    without(1, start=0, stop=2, step=1, dtypes=ALL, second=True),
    without(1, start=1, step=2),
    without(-1, start=4, stop=0, step=-2),
    without(1, step=-1, name="all"),
    without(1, start=1, stop=1, step=1, name="nothing"),
    without(1, start=0, stop=99, step=1, name="too-far"),
    without(None, start=-3, step=1),
]
FAULTS = [
    Fault("_npi_delete", [X], "int_ind=5 is out of range", {"int_ind": 5, "axis": 0}),
    Fault("_npi_delete", [X], "axis=2 is out of range", {"int_ind": 0, "axis": 2}, IndexError),
    Fault("_npi_delete", [X], "step=0", {"step": 0, "axis": 1}),
]
TestDelete = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("places", [[0, 2], [0, 0, -1], [], [5, 1, 3, 0]])
@pytest.mark.parametrize("axis", [1, None])
def test_places_of_an_array(places, axis):
    places = np.array(places, "int64")
    attrs = {} if axis is None else {"axis": axis}
    x, obj = mx.nd.array(X), mx.nd.array(places, dtype="int64")
    if not places.size:
        obj = mx.nd.array([0], dtype="int64")[0:0]
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd._internal._npi_delete(x, obj, **attrs)
    expected = np.delete(X, places, axis)
    np.testing.assert_allclose(y.asnumpy(), expected, rtol=1e-6)
    y.backward()
    kept = np.delete(np.arange(X.size).reshape(X.shape), places, axis)
    d_x = np.isin(np.arange(X.size).reshape(X.shape), kept)
    np.testing.assert_array_equal(x.grad.asnumpy(), d_x)


def test_places_out_of_range():
    """1.9.1 leaves them out silently."""
    with pytest.raises(IndexError):
        obj = mx.nd.array([6], dtype="int64")
        mx.nd._internal._npi_delete(mx.nd.array(X), obj, axis=1).asnumpy()
