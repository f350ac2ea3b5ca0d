"""mx.np's operators on arrays of several dtypes; results equal NumPy's in the dtype of 1.9.1."""

import itertools

import numpy as np
import pytest
from harness import ALL, FLOATS, INTS, Case, operator_tests

import mxnet as mx

R = np.random.default_rng(4)
X, Y = R.uniform(0.5, 3, size=(3, 4)), R.uniform(0.5, 3, size=(3, 4))
OPERATORS = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "true_divide": np.true_divide,
    "power": np.power,
    "mod": np.mod,
}
WIDTH = {"int8": 1, "uint8": 1, "int32": 2, "int64": 3, "float16": 4, "float32": 5, "float64": 6}

UNARY = "sin cos tan arcsin arccos arctan degrees radians sinh cosh arcsinh arctanh tanh exp expm1"
UNARY += " log log2 log10 log1p square sqrt cbrt reciprocal rint ceil floor trunc fix sign negative"
UNARY += " absolute"
SCALAR = {
    "add": np.add,
    "subtract": np.subtract,
    "rsubtract": lambda x, scalar: scalar - x,
    "multiply": np.multiply,
    "power": np.power,
    "rpower": lambda x, scalar: scalar**x,
    "mod": np.mod,
    "rmod": lambda x, scalar: np.mod(scalar, x),
}
TRUTH = {
    "equal": np.equal,
    "not_equal": np.not_equal,
    "less": np.less,
    "less_equal": np.less_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
}
INSIDE = R.uniform(0.1, 0.9, size=(3, 5))
STEPS = np.array([[1.0, 2, 3], [3, 2, 1]])

CASES = []
for name, function in OPERATORS.items():
    op = f"_npi_{name}"
    second = name != "mod"
    CASES += [
        Case(op, [X, Y], function, dtypes=FLOATS, second=second, rtol=2e-5),
        Case(op, [X[:1], Y[:, :1]], function, second=second, rtol=2e-5),
        Case(
            op,
            [X, np.array([[1], [2], [3]], "int32")],
            function,
            dtypes=("float32", "float64"),
            grad=(0,),
            rtol=2e-5,
            name=f"{name}-int32",
        ),
    ]
CASES += [
    Case(
        f"_npi_{prefix}true_divide_scalar",
        [X],
        lambda x, scalar, f=function: f(x, scalar),
        attrs={"scalar": 2.5},
        dtypes=FLOATS,
        second=True,
        rtol=2e-5,
    )
    for prefix, function in [("", np.true_divide), ("r", lambda x, s: s / x)]
]
CASES += [Case(f"_npi_{name}", [INSIDE], getattr(np, name), rtol=2e-5) for name in UNARY.split()]
CASES += [
    Case("_npi_arccosh", [INSIDE + 1], np.arccosh, rtol=2e-5),
    Case("_npi_hypot", [X[:1], Y[:, :1]], np.hypot, second=True),
    Case("_np_copy", [X], np.copy),
    Case("_npx_relu", [X - 1], lambda x: np.maximum(x, 0)),
    Case("_npx_sigmoid", [X], lambda x: 1 / (1 + np.exp(-x))),
    Case("_npi_logical_not", [STEPS - 2], np.logical_not, dtypes=ALL, out_dtype="bool", grad=False),
]
for name, function in SCALAR.items():
    CASES.append(
        Case(
            f"_npi_{name}_scalar",
            [X],
            lambda x, scalar, f=function: f(x, scalar),
            attrs={"scalar": 1.5},
            rtol=2e-5,
        )
    )
for name, function in TRUTH.items():
    CASES += [
        Case(
            f"_npi_{name}",
            [STEPS, STEPS[:, :1]],
            function,
            dtypes=ALL,
            out_dtype="bool",
            grad=False,
        ),
        Case(
            f"_npi_{name}_scalar",
            [STEPS],
            lambda x, scalar, f=function: f(x, scalar),
            attrs={"scalar": 2},
            dtypes=ALL,
            out_dtype="bool",
            grad=False,
        ),
    ]
TestPromotion = operator_tests(CASES)


def common(a, b):
    """The dtype in which 1.9.1 computes."""
    if a == b:
        return a
    if a == "bool" or b == "bool":
        return b if a == "bool" else a
    if WIDTH[a] == WIDTH[b]:
        return "int32"
    return max(a, b, key=WIDTH.get)


@pytest.mark.parametrize("name", OPERATORS)
def test_dtypes_and_values(name):
    values = np.array([1, 3, 2, 5, 4, 1, 0, 7, 2, 1, 1, 3, 2, 6, 1, 1, 2, 3, 4, 5])
    other = np.array([2, 1, 2, 3, 1, 1, 1, 2, 2, 3, 2, 1, 1, 2, 1, 2, 2, 1, 1, 2])
    for a, b in itertools.product([*WIDTH, "bool"], repeat=2):
        want = common(a, b)
        if name == "true_divide" and want[0] != "f":
            want = "float32"
        if want == "bool":
            continue
        p, q = values.astype(a), other.astype(b)
        got = getattr(mx.nd._internal, f"_npi_{name}")(
            mx.nd.array(p, dtype=a), mx.nd.array(q, dtype=b)
        )
        exact = OPERATORS[name](p.astype("float64"), q.astype("float64"))
        assert got.dtype == np.dtype(want), (a, b)
        np.testing.assert_allclose(got.asnumpy(), exact.astype(want), rtol=2e-3, err_msg=f"{a} {b}")


@pytest.mark.parametrize("name", ["true_divide", "rtrue_divide"])
@pytest.mark.parametrize("dtype", INTS)
def test_quotients_of_integers_are_floats(name, dtype):
    x = mx.nd.array([1, 2, 4], dtype=dtype)
    got = getattr(mx.nd._internal, f"_npi_{name}_scalar")(x, scalar=2)
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got.asnumpy(), [0.5, 1, 2] if name[0] == "t" else [2, 1, 0.5])


def test_gradient_has_the_dtype_of_its_input():
    x = mx.nd.array([1.5, 2, 3], dtype="float32")
    y = mx.nd.array([1, 2, 4], dtype="float64")
    x.attach_grad()
    y.attach_grad()
    with mx.autograd.record():
        z = mx.nd._internal._npi_multiply(x, y)
    z.backward()
    assert (z.dtype, x.grad.dtype, y.grad.dtype) == (np.float64, np.float32, np.float64)
    np.testing.assert_array_equal(x.grad.asnumpy(), [1, 2, 4])
    np.testing.assert_array_equal(y.grad.asnumpy(), [1.5, 2, 3])


@pytest.mark.parametrize("name", TRUTH)
@pytest.mark.parametrize("dtype", INTS)
def test_integers_are_compared_with_fractions(name, dtype):
    x = mx.nd.array([1, 2, 3], dtype=dtype)
    got = getattr(mx.nd._internal, f"_npi_{name}_scalar")(x, scalar=2.5)
    np.testing.assert_array_equal(got.asnumpy(), TRUTH[name]([1, 2, 3], 2.5))


def test_large_integers_are_compared_exactly():
    big = 2**53
    x, y = mx.nd.array([big], dtype="int64"), mx.nd.array([1], dtype="int64")
    assert not mx.nd._internal._npi_equal(x, x + y).item()
    assert mx.nd._internal._npi_less(x, x + y).item()


def test_mixed_dtypes_in_a_bound_graph():
    """Chains with mixed dtypes are fused, and give what single operators give."""
    a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
    s = mx.sym._internal
    out = mx.sym.exp(s._npi_add(s._npi_multiply(a, b), a)) * 2
    x = mx.nd.array(np.linspace(-1, 1, 5000), dtype="float32")
    n = mx.nd.array(np.arange(5000) % 3, dtype="int32")
    got = out.bind(mx.cpu(), {"a": x, "b": n}).forward()[0].asnumpy()
    f = mx.nd._internal
    want = (mx.nd.exp(f._npi_add(f._npi_multiply(x, n), x)) * 2).asnumpy()
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, want)
