"""Functions of real numbers against the same in double precision.

Random bits and special values, at most 4 units in the last place off; and no result depends on the
place of its element, whether vectors or single elements are computed there.
"""

import math

import numpy as np
import pytest

import mxnet as mx

LIMIT = 4
SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-45, -1e-45, 1e-39, -1e-39, 1.1754944e-38]
SPECIAL += [1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.4e38, -3.4e38, 1e10, -1e10, 1e22, 88.7, 88.8, -103.9]
UNARY = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "arctan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "arcsinh": np.arcsinh,
    "arccosh": np.arccosh,
    "arctanh": np.arctanh,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "cbrt": np.cbrt,
    "sqrt": np.sqrt,
    "erf": np.vectorize(math.erf, otypes=["float64"]),
}
BINARY = {"broadcast_power": np.power, "broadcast_hypot": np.hypot}


def bits(count, seed):
    """Floats of every magnitude, the special values first."""
    drawn = np.random.default_rng(seed).integers(0, 1 << 32, count, dtype=np.uint32)
    drawn = drawn.view("float32")
    drawn[np.isnan(drawn)] = np.nan  # signalling ones are none of ours
    return np.concatenate([np.array(SPECIAL, "float32"), drawn])


def pairs():
    special = np.array(SPECIAL, "float32")
    a = np.concatenate([np.repeat(special, len(special)), bits(20000, 1)])
    b = np.concatenate([np.tile(special, len(special)), bits(20000, 2)])
    near = np.random.default_rng(3).uniform(-4, 4, (2, 20000)).astype("float32")
    return np.concatenate([a, near[0]]), np.concatenate([b, near[1]])


def check_close(got, exact, inputs, dtype="float32"):
    with np.errstate(all="ignore"):
        want = exact.astype(dtype)
        finite = np.isfinite(want)
        same_nan = np.isnan(got) == np.isnan(want)
        same = np.where(
            finite, same_nan & ~np.isnan(got), (got == want) | np.isnan(want) & same_nan
        )
        unit = np.spacing(np.abs(np.where(finite, want, 1)))
        off = np.abs(np.where(finite, got, 0).astype("float64") - np.where(finite, exact, 0)) / unit
        signs = np.isnan(want) | (np.signbit(got) == np.signbit(want))
    wrong = np.flatnonzero(~(same & (off <= LIMIT) & signs))
    shown = [(*(x[i] for x in inputs), got[i], want[i]) for i in wrong[:4]]
    assert not len(wrong), f"{len(wrong)} wrong, for instance {shown}"


@pytest.mark.parametrize("op", UNARY)
def test_single(op):
    x = bits(40000, 7)
    with np.errstate(all="ignore"):
        exact = UNARY[op](x.astype("float64"))
    check_close(getattr(mx.nd, op)(mx.nd.array(x)).asnumpy(), exact, [x])


@pytest.mark.parametrize("op", BINARY)
def test_two(op):
    a, b = pairs()
    with np.errstate(all="ignore"):
        exact = BINARY[op](a.astype("float64"), b.astype("float64"))
    check_close(getattr(mx.nd, op)(mx.nd.array(a), mx.nd.array(b)).asnumpy(), exact, [a, b])


@pytest.mark.parametrize("op", UNARY)
def test_double(op):
    x = np.concatenate([np.array(SPECIAL), np.random.default_rng(4).normal(size=20000) * 3])
    with np.errstate(all="ignore"):
        exact = UNARY[op](x.astype("longdouble") if op != "erf" else x)
    got = getattr(mx.nd, op)(mx.nd.array(x, dtype="float64")).asnumpy()
    check_close(got, exact, [x], "float64")


@pytest.mark.parametrize("exponent", [2, 0.5, -1, -0.5, 1, 3, 0, 1.75])
def test_power_of_a_number(exponent):
    x = bits(40000, 8)
    with np.errstate(all="ignore"):
        exact = np.power(x.astype("float64"), exponent)
    check_close((mx.nd.array(x) ** exponent).asnumpy(), exact, [x])


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
@pytest.mark.parametrize("op", [*UNARY, "softsign", "sigmoid", "_power_scalar"])
def test_place_does_not_matter(op, dtype):
    x = mx.nd.array(np.random.default_rng(6).uniform(0.1, 0.9, 53), dtype=dtype)
    x = x + 1 if op == "arccosh" else x
    function = getattr(mx.nd, op, None) or (lambda a: a**1.75)
    whole = function(x).asnumpy()
    for i in range(53):
        assert function(x[i : i + 1]).asnumpy()[0] == whole[i]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_softrelu(dtype):
    near = np.random.default_rng(9).uniform(-30, 30, 40000)
    x = np.concatenate([bits(20000, 10), near]).astype(dtype)
    wide = x.astype("longdouble")
    with np.errstate(all="ignore"):
        exact = np.maximum(wide, 0) + np.log1p(np.exp(-np.abs(wide)))
    got = mx.nd.Activation(mx.nd.array(x, dtype=dtype), act_type="softrelu").asnumpy()
    check_close(got, exact, [x], dtype)
