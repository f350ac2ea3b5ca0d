import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(16).normal(size=(2, 3))
BROKEN = "1.9.1 fails where one number is put in at several places"


def insert(*arrays, val=None, start=None, stop=None, step=None, int_ind=None, axis=None):
    arr, *others = arrays
    values = others.pop(0) if val is None else val
    if others:
        places = others[0]
    else:
        places = slice(start, stop, step) if int_ind is None else int_ind
    return np.insert(arr, places, values, axis).astype(arr.dtype)


def numbers(*shape):
    return np.arange(float(np.prod(shape))).reshape(shape) + 50


def at(place, values, axis=None, **options):
    attrs = {"int_ind": place} | ({} if axis is None else {"axis": axis})
    if np.isscalar(values):
        return Case("_npi_insert_scalar", [X], insert, attrs=attrs | {"val": values}, **options)
    return Case("_npi_insert_scalar", [X, values], insert, attrs=attrs, **options)


def sliced(start, stop, step, values, axis=None, **options):
    attrs = {"start": start, "stop": stop, "step": step} | ({} if axis is None else {"axis": axis})
    attrs = {name: value for name, value in attrs.items() if value is not None}
    if np.isscalar(values):
        options = {"oracle": BROKEN} | options
        return Case("_npi_insert_slice", [X], insert, attrs=attrs | {"val": values}, **options)
    return Case("_npi_insert_slice", [X, values], insert, attrs=attrs, **options)


def before(places, values, axis=None, **options):
    attrs = {} if axis is None else {"axis": axis}
    places = np.array(places, "int64")
    if np.isscalar(values):
        attrs, options = attrs | {"val": values}, {"oracle": BROKEN} | options
        return Case("_npi_insert_tensor", [X, places], insert, attrs=attrs, **options)
    return Case("_npi_insert_tensor", [X, values, places], insert, attrs=attrs, **options)


CASES = [
    at(1, numbers(3), 0, dtypes=ALL, second=True),
    at(1, numbers(2), 1),
    at(1, numbers(2, 1), 1),
    at(1, numbers(2, 2), 1),
    at(0, numbers(2, 3), 0),
    at(-1, numbers(1), 1),
    at(3, numbers(2), -1),
    at(2, 9.5),
    at(1, 9.5, 0, oracle=BROKEN),
    at(2, numbers(2)),
    sliced(0, 2, 1, numbers(2, 3), 0, dtypes=ALL, second=True),
    sliced(0, 3, 2, numbers(2), 1),
    sliced(2, 0, -1, numbers(2), 1),
    sliced(-2, None, 1, numbers(2), 1),
    sliced(1, 2, 1, numbers(2), 1, name="one-place"),
    sliced(None, None, 1, 9.5, 1),
    sliced(1, 1, 1, 9.5, 0),
    sliced(0, 2, 1, 9.5),
    before([0, 2], numbers(2), 1, dtypes=ALL, second=True),
    before([2, 0], numbers(2), 1),
    before([1, 1], numbers(2, 2), 1),
    before([1], numbers(2), 1),
    before([1], numbers(2, 1), 1),
    before([-1, 0], 9.5),
    before([3, 0, -1], 9.5, 1),
]
FAULTS = [
    Fault("_npi_insert_scalar", [X, numbers(3)], "int_ind=5 is out", {"int_ind": 5, "axis": 0}),
    Fault("_npi_insert_scalar", [X, numbers(3)], "int_ind is missing", {"axis": 0}),
    Fault("_npi_insert_scalar", [X, numbers(3)], "axis=2", {"int_ind": 0, "axis": 2}, IndexError),
    Fault(
        "_npi_insert_scalar",
        [X, numbers(2, 2, 2)],
        "has more axes than arr",
        {"int_ind": 0, "axis": 0},
    ),
    Fault("_npi_insert_slice", [X, numbers(2)], "step=0", {"start": 0, "step": 0, "axis": 0}),
    Fault(
        "_npi_insert_tensor",
        [X, numbers(2), np.array([7, 0])],
        "7 is out",
        {"axis": 1},
        IndexError,
    ),
]
TestInsert = operator_tests(CASES, FAULTS)
