import numpy as np
from harness import Case, Fault, operator_tests

import mxnet as mx

DATA = np.zeros((2, 3))


def numbers(count, start, step, repeat, dtype):
    kind = dtype if dtype != "float16" else "float32"
    first, distance = np.array([start, step], "int64" if "int" in kind else kind).astype(kind)
    return (first + (np.arange(count) // repeat).astype(kind) * distance).astype(dtype)


def arange(start, stop=None, step=1, repeat=1, dtype="float32"):
    first, last = (start, stop) if stop is not None else (0, start)
    count = int(np.ceil((last - first) / step)) * repeat
    return numbers(count, first, step, repeat, dtype)


def linspace(start, stop, num, endpoint=True, dtype="float32"):
    return np.linspace(start, stop, num, endpoint).astype(dtype)


def arange_like(data, start=0, step=1, repeat=1, axis=None):
    count = data.size if axis is None else data.shape[axis]
    result = numbers(count, start, step, repeat, "float32")
    return result.reshape(data.shape) if axis is None else result


HALF = "1.9.1 cuts the fractions of float16 steps off"
KINDS = ("float32", "float64", "int8", "uint8", "int32", "int64")


def logspace(start, stop, num, endpoint=True, base=10, dtype="float32"):
    return np.logspace(start, stop, num, endpoint, base, dtype=dtype)


CASES = [
    *(
        Case("_npi_arange", [], arange, attrs={**attrs, "dtype": d}, out_dtype=d)
        for d in KINDS
        for attrs in (
            {"start": 5},
            {"start": 1, "stop": 6, "step": 2},
            {"start": 0, "stop": 6},
            {"start": 5, "stop": 1, "step": -2},
        )
    ),
    Case("_npi_arange", [], lambda **_: np.zeros(0), attrs={"start": 3, "stop": 1}, name="empty"),
    Case("_npi_arange", [], lambda **_: np.zeros(0), attrs={"start": 0}, name="none"),
    *(
        Case("_npi_logspace", [], logspace, attrs={**attrs, "dtype": d}, out_dtype=d)
        for d in ("float32", "float64", "int32")
        for attrs in (
            {"start": 0, "stop": 2, "num": 5},
            {"start": 0, "stop": 5, "num": 5, "endpoint": False, "base": 2},
            {"start": 1, "stop": 2, "num": 1},
        )
    ),
    Case("_npi_logspace", [], logspace, attrs={"start": 0, "stop": 1, "num": 0}, name="no-power"),
    *(
        Case("_arange", [], arange, attrs={**attrs, "dtype": d}, out_dtype=d, rtol=1e-7, atol=0)
        for d in KINDS
        for attrs in (
            {"start": 5},
            {"start": 0.25, "stop": 3, "step": 0.3},
            {"start": 0.1, "stop": 200, "step": 0.1},
            {"start": 5, "stop": -3, "step": -2, "repeat": 3},
        )
    ),
    Case(
        "_arange",
        [],
        arange,
        attrs={"start": 0.5, "stop": 3, "step": 0.5, "dtype": "float16"},
        out_dtype="float16",
        oracle=HALF,
    ),
    *(
        Case("_linspace", [], linspace, attrs={**attrs, "dtype": d}, out_dtype=d)
        for d in ("float32", "float64", "int32")
        for attrs in (
            {"start": 1.5, "stop": -5, "num": 7},
            {"start": 1.5, "stop": -5, "num": 7, "endpoint": False},
            {"start": 2, "stop": 9, "num": 1},
        )
    ),
    Case("_contrib_arange_like", [DATA], arange_like, grad=False),
    Case("_contrib_arange_like", [DATA], arange_like, attrs={"start": 2, "step": 0.5}, grad=False),
    Case("_contrib_arange_like", [DATA], arange_like, attrs={"axis": -1}, grad=False),
    Case("_contrib_arange_like", [DATA], arange_like, attrs={"repeat": 2}, grad=False),
]
FAULTS = [
    Fault("_npi_arange", [], "_npi_arange: step=0 never", {"start": 0, "stop": 5, "step": 0}),
    Fault("_npi_arange", [], "repeat=2 is not supported", {"start": 3, "repeat": 2}),
    Fault("_npi_arange", [], "infer_range=1 leaves", {"start": 3, "infer_range": True}),
    Fault("_npi_logspace", [], "num=-1 is out of range", {"start": 0, "stop": 1, "num": -1}),
    Fault("_arange", [], "_arange: stop=5 is not reached", {"start": 5, "stop": 5}),
    Fault("_arange", [], "stop=5 is not reached", {"start": 0, "stop": 5, "step": -1}),
    Fault("_arange", [], "_arange: step=0", {"start": 0, "stop": 5, "step": 0}),
    Fault("_arange", [], "_arange: repeat=0", {"start": 0, "stop": 5, "repeat": 0}),
    Fault("_linspace", [], "_linspace: num=-1", {"start": 0, "stop": 5, "num": -1}),
    Fault("_contrib_arange_like", [DATA], "axis=4", {"axis": 4}, IndexError),
]
TestArange = operator_tests(CASES, FAULTS)


def test_users_tell_the_range():
    numbers_of = mx.sym._internal._arange(start=0, stop=None, step=2, infer_range=True)
    assert (numbers_of + mx.sym.Variable("a")).infer_shape(a=(4,))[1] == [(4,)]
