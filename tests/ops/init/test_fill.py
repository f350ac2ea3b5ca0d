import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

import mxnet as mx


def constant(value):
    def reference(shape=None, dtype="float32", **_):
        return np.full(shape, value).astype(dtype)

    return reference


def full(shape, value, dtype="float32"):
    return np.full(shape, value).astype("int64" if "int" in dtype else dtype).astype(dtype)


def case(op, reference, dtype, **attrs):
    attrs = {"shape": (2, 3), "dtype": dtype, **attrs}
    return Case(op, [], reference, attrs=attrs, out_dtype=dtype)


def full_like(a, fill_value, dtype=None):
    return np.full(a.shape, fill_value).astype(dtype or a.dtype)


X = np.arange(6.0).reshape(2, 3)
CASES = [
    *(
        case(op, constant(value), d)
        for op, value in (("_npi_zeros", 0), ("_npi_ones", 1))
        for d in ("float32", "int32", "bool")
    ),
    Case("_npi_full_like", [X], full_like, attrs={"fill_value": 2.5}, dtypes=FLOATS, grad=False),
    Case(
        "_npi_full_like",
        [X.astype("int32")],
        full_like,
        attrs={"fill_value": -2.7},
        out_dtype="int32",
    ),
    Case(
        "_npi_full_like",
        [X],
        full_like,
        attrs={"fill_value": 2, "dtype": "int64"},
        out_dtype="int64",
        grad=False,
    ),
    Case("_npi_full_like", [X * np.nan], full_like, attrs={"fill_value": np.inf}, grad=False),
    Case(
        "_npi_full_like",
        [np.float64(3)],
        full_like,
        attrs={"fill_value": 2},
        grad=False,
        name="number",
    ),
    *(
        case(op, constant(value), dtype)
        for op, value in (("_zeros", 0), ("_ones", 1))
        for dtype in ("float32", "float64", "float16", "int8", "uint8", "int32", "int64", "bool")
    ),
    *(case("_full", full, d, value=-2.7) for d in ("float32", "float16", "int8", "int32", "bool")),
    case("_full", full, "uint8", value=300),
    Case("_zeros", [], constant(0), attrs={"shape": (5,), "ctx": "cpu(0)"}),
    Case(
        "_zeros_without_dtype",
        [],
        constant(0),
        attrs={"shape": (2, 2)},
        symbol=False,
        oracle="1.9.1 needs a type from elsewhere",
    ),
]
FAULTS = [
    Fault("_npi_full_like", [X], "_npi_full_like: fill_value is missing"),
    Fault("_npi_zeros", [], "_npi_zeros: the shape of output 0 cannot be told"),
    Fault("_zeros", [], "_zeros: the shape of output 0 cannot be told", {"shape": (0, 2)}),
    Fault("_zeros", [], "_zeros: the shape of output 0 cannot be told"),
    Fault("_ones", [], "_ones: shape=.* has a negative size", {"shape": (2, -3)}),
    Fault("_full", [], "_full: value is missing", {"shape": (2, 3)}),
]
TestFill = operator_tests(CASES, FAULTS)


def test_users_tell_unknown_sizes():
    begin = mx.sym._internal._zeros(shape=(0, 5))
    shapes = (begin + mx.sym.Variable("a")).infer_shape(a=(4, 5))
    assert shapes[1] == [(4, 5)]


def test_set_value_writes_its_output():
    array = mx.nd.zeros((2, 2))
    mx.nd._internal._set_value(src=3.5, out=array)
    assert (array.asnumpy() == 3.5).all()


def test_numpy_shapes():
    for name in ("_npi_zeros", "_npi_ones"):
        with mx.util.np_shape():
            make = getattr(mx.nd._internal, name)
            assert make(shape=()).shape == () and make(shape=(0, 3)).shape == (0, 3)
