import numpy as np
import pytest
from harness import ALL, Case, Fault, operator_tests

X = np.arange(120.0).reshape(2, 3, 4, 5)
SMALL = np.random.default_rng(2).normal(size=(2, 3, 4))


def to(shape):
    return lambda x, *_, **__: x.reshape(shape)


def reshape(shape, expected, data=SMALL, reverse=False, **options):
    attrs = {"shape": shape, "reverse": reverse} if reverse else {"shape": shape}
    return Case("Reshape", [data], to(expected), attrs=attrs, **options)


CODES = [
    ((0, -1), (2, 12)),
    ((-1,), (24,)),
    ((0, 0, -1), (2, 3, 4)),
    ((-2,), (2, 3, 4)),
    ((0, -2), (2, 3, 4)),
    ((-3, -2), (6, 4)),
    ((0, -3), (2, 12)),
    ((-2, 1, 1), (2, 3, 4, 1, 1)),
    ((-4, 1, 2, -2), (1, 2, 3, 4)),
    ((-4, -1, 2, -2), (1, 2, 3, 4)),
    ((0, -4, 3, -1, -2), (2, 3, 1, 4)),
    ((-1, 0), (8, 3)),
    ((24,), (24,)),
    ((1, 24, -1), (1, 24, 1)),
]
REVERSED = [((-1, 0), (6, 4)), ((0, -1), (3, 8)), ((-3, 0), (6, 4)), ((-2,), (2, 3, 4))]
LEGACY = [
    ({"target_shape": (2, 0)}, (2, 12)),
    ({"target_shape": (0, 12)}, (2, 12)),
    ({"target_shape": (0, 0), "keep_highest": True}, (2, 12)),
    ({"target_shape": (5, 0), "keep_highest": True}, (2, 12)),
    ({"target_shape": (2, 0), "shape": (3, -1)}, (3, 8)),
]


def numbers(*shape):
    return np.arange(float(np.prod(shape))).reshape(shape)


# Codes of mx.np on (2, 3, 4), with the results of 1.9.1.
NUMPY_CODES = [
    ((-2, -1), (2, 12)),
    ((-1, -2), (8, 3)),
    ((-4,), (2, 3, 4)),
    ((-1, -4), (2, 3, 4)),
    ((-5, -2), (6, 4)),
    ((-2, -5), (2, 12)),
    ((-6, -1, 2, -4), (1, 2, 3, 4)),
    ((-6, 2, -1, -2, -2), (2, 1, 3, 4)),
    ((24, 1), (24, 1)),
]
NUMPY_REVERSED = [
    ((-2, -1), (3, 8)),
    ((-1, -4), (1, 2, 3, 4)),
    ((-4, -1, 2, -6), (2, 3, 2, 2)),
]
ONES = numbers(1, 3, 1, 4)
CASES = [
    *(
        Case(
            "_np_reshape",
            [SMALL],
            to(s),
            attrs={"newshape": s},
            dtypes=ALL if s[0] < 0 else "float32",
        )
        for s in ((-1, 4), (6, 4), (2, 3, 2, 2))
    ),
    Case("_np_reshape", [SMALL], to((6, 4)), attrs={"newshape": (6, -1)}, second=True),
    Case("_np_reshape", [numbers(1)], to(()), attrs={"newshape": ()}, name="number"),
    Case("_np_reshape", [numbers(0, 3)], to((3, 0)), attrs={"newshape": (3, -1)}),
    Case("_np_reshape", [numbers(0, 3)], to((0, 7)), attrs={"newshape": (0, 7)}),
    *(
        Case("_npx_reshape", [SMALL], to(shape), attrs={"newshape": codes}, second=i == 0)
        for i, (codes, shape) in enumerate(NUMPY_CODES)
    ),
    *(
        Case("_npx_reshape", [SMALL], to(shape), attrs={"newshape": codes, "reverse": True})
        for codes, shape in NUMPY_REVERSED
    ),
    Case("_npx_reshape", [ONES], to((3, 4)), attrs={"newshape": (-3, -2, -3, -2)}),
    Case("_npx_reshape", [SMALL], lambda x, **_: x, attrs={"newshape": (-4,)}, dtypes=ALL),
    Case("_npx_reshape", [numbers(3, 0)], to((3, 0)), attrs={"newshape": (-2, -1)}),
    Case("_np_squeeze", [ONES], np.squeeze, dtypes=ALL, second=True),
    Case("_np_squeeze", [ONES], to((1, 3, 4)), attrs={"axis": -2}),
    Case("_np_squeeze", [ONES], to((3, 4)), attrs={"axis": (0, 2)}),
    Case("_np_squeeze", [ONES], to((1, 3, 1, 4)), attrs={"axis": ()}),
    Case("_np_squeeze", [numbers(1, 1) + 7], to(()), name="ones"),
    *(
        reshape(shape, expected, dtypes=ALL, grad=i < 4)
        for i, (shape, expected) in enumerate(CODES)
    ),
    *(reshape(shape, expected, reverse=True) for shape, expected in REVERSED),
    *(Case("Reshape", [SMALL], to(shape), attrs=attrs) for attrs, shape in LEGACY),
    reshape((-3, -3), (6, 20), X, grad=False),
    reshape((6, -1), (6, 4), second=True),
    reshape((-1, 2, 2), (0, 2, 2), np.zeros((0, 4))),
    Case("Reshape", [SMALL], lambda x, shape: x.reshape(len(x), -1), attrs={"shape": (0, -1)}),
    Case("Flatten", [SMALL], lambda x: x.reshape(len(x), -1), second=True),
    Case("Flatten", [SMALL[0, 0]], to((4, 1))),
    Case("Flatten", [SMALL > 0], to((2, 12)), dtypes=("bool",), grad=False, oracle="no bool"),
    *(
        Case("expand_dims", [SMALL], lambda x, axis: np.expand_dims(x, axis), attrs={"axis": a})
        for a in (0, 1, 3, -1, -4)
    ),
    Case("squeeze", [SMALL.reshape(2, 1, 12, 1)], np.squeeze),
    Case("squeeze", [SMALL.reshape(2, 1, 12, 1)], to((2, 12, 1)), attrs={"axis": 1}),
    Case("squeeze", [SMALL.reshape(2, 1, 12, 1)], to((2, 12)), attrs={"axis": (1, -1)}),
    Case("squeeze", [np.ones((1, 1))], to((1,))),
    Case("reshape_like", [SMALL, np.zeros((4, 6))], lambda x, y: x.reshape(y.shape)),
    Case(
        "reshape_like",
        [SMALL, np.zeros((6, 7))],
        to((6, 4)),
        attrs={"lhs_begin": 0, "lhs_end": 2, "rhs_begin": 0, "rhs_end": 1},
    ),
]
FAULTS = [
    Fault("_np_reshape", [X], r"newshape=\(-1, -1\) has more than one", {"newshape": (-1, -1)}),
    Fault("_np_reshape", [X], r"newshape=\(-2, 60\) has an entry below -1", {"newshape": (-2, 60)}),
    Fault("_np_reshape", [X], "does not divide the 120 elements of a=", {"newshape": (7, -1)}),
    Fault("_np_reshape", [X], "does not divide", {"newshape": (0, -1)}),
    Fault("_np_reshape", [X], "a=.* has 120 elements", {"newshape": (5, 5)}),
    Fault("_np_reshape", [X], "newshape is missing"),
    Fault(
        "_np_reshape",
        [X],
        "order=F is not supported",
        {"newshape": (120,), "order": "F"},
        oracle="1.9.1 takes it for C",
    ),
    Fault("_npx_reshape", [X], "an entry below -6", {"newshape": (-7,)}),
    Fault("_npx_reshape", [X], "leaves out a dimension of size 2 with -3", {"newshape": (-3, -4)}),
    Fault("_npx_reshape", [X], "refers to more dimensions than a=", {"newshape": (-2,) * 5}),
    Fault(
        "_npx_reshape", [X], "splits a dimension of size 2 with -6", {"newshape": (-6, 3, 2, -4)}
    ),
    Fault("_npx_reshape", [X], "a -6 without two numbers", {"newshape": (-6, 2)}),
    Fault("_np_squeeze", [X], "_np_squeeze: axis=1 has size 3 in a=", {"axis": 1}),
    Fault("Reshape", [X], r"Reshape: shape=\(-1, -1\) has more than one -1", {"shape": (-1, -1)}),
    Fault("Reshape", [X], r"shape=\(0, 0, 0, 0, 0\) refers to more dim", {"shape": (0,) * 5}),
    Fault("Reshape", [X], r"shape=\(-5,\) has an entry below -4", {"shape": (-5,)}),
    Fault("Reshape", [X], r"shape=\(-4, 2\) has a -4 without two", {"shape": (-4, 2)}),
    Fault("Reshape", [X], "splits a dimension of size 2", {"shape": (-4, 3, 2, -2)}),
    Fault("Reshape", [X], "two unknown sizes", {"shape": (-4, -1, -1, -2)}),
    Fault("Reshape", [X], "data=.* has 120 elements", {"shape": (7, 3)}, oracle="reads too far"),
    Fault("Reshape", [X], "does not divide", {"shape": (7, -1)}, oracle="1.9.1 drops the rest"),
    Fault("expand_dims", [X], "axis=6 is out of range", {"axis": 6}, IndexError),
    Fault("squeeze", [X], "squeeze: axis=1 has size 3", {"axis": 1}),
    Fault("squeeze", [X[:1]], "squeeze: axis=.* twice", {"axis": (0, 0)}),
    Fault("reshape_like", [X, SMALL], "reshape_like: lhs=.* has 120 elements"),
]
TestReshape = operator_tests(CASES, FAULTS)

KNOWN = [
    ("_np_reshape", {"newshape": (2, 12)}, (0, 3, 4), (2, 12), (2, 3, 4)),
    ("_npx_reshape", {"newshape": (-2, -1)}, (0, 3, 2), (4, 6), (4, 3, 2)),
    ("_np_squeeze", {"axis": 1}, (2, 1, 0), (2, 3), (2, 1, 3)),
    ("Reshape", {"shape": (0, -1)}, (0, 3, 2), (4, 6), (4, 3, 2)),
    ("Reshape", {"shape": (-4, 2, -1, -2)}, (0, 3, 2), (2, 5, 3, 2), (10, 3, 2)),
    ("Reshape", {"shape": (2, 3)}, (0, 3), (2, 3), (2, 3)),
    ("Flatten", {}, (0, 3, 2), (4, 6), (4, 3, 2)),
    ("expand_dims", {"axis": 1}, None, (2, 1, 3), (2, 3)),
    ("squeeze", {"axis": 1}, (2, 1, 0), (2, 3), (2, 1, 3)),
]


@pytest.mark.parametrize("op, attrs, data, out, expected", KNOWN)
def test_result_tells_the_input(op, attrs, data, out, expected):
    import mxnet as mx

    module = mx.sym._internal if op.startswith("_") else mx.sym
    result = getattr(module, op)(mx.sym.Variable("data"), **attrs)
    symbol = mx.sym.elemwise_add(result, mx.sym.Variable("out"))
    known = {"out": out} if data is None else {"data": data, "out": out}
    arguments, _, _ = symbol.infer_shape(**known)
    assert arguments[0] == expected
