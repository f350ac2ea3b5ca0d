"""Universal functions of mx.np: gradients against finite differences, symbols, `out`."""

import numpy as onp
import pytest

import mxnet as mx
from mxnet import autograd
from mxnet import np as mnp

ANY = onp.array([[0.3, -1.2, 2.5], [0.9, -0.4, 1.7]])
POSITIVE = onp.abs(ANY) + 0.2
INSIDE = ANY / 3
ABOVE_ONE = POSITIVE + 1
ROW = onp.array([1.4, 0.6, 2.2])


@pytest.fixture(autouse=True)
def numpy_mode():
    with mx.util.np_shape(), mx.util.np_array():
        yield


UNARY = {
    **dict.fromkeys(("abs", "absolute", "fabs", "arctan", "arcsinh", "cbrt", "cos", "cosh"), ANY),
    **dict.fromkeys(("degrees", "radians", "deg2rad", "rad2deg", "exp", "expm1", "negative"), ANY),
    **dict.fromkeys(("reciprocal", "sin", "sinh", "square", "tan", "tanh", "nan_to_num"), ANY),
    **dict.fromkeys(("arccos", "arcsin", "arctanh"), INSIDE),
    **dict.fromkeys(("log", "log10", "log1p", "log2", "sqrt"), POSITIVE),
    "arccosh": ABOVE_ONE,
}
STEPS = ("ceil", "fix", "floor", "rint", "trunc", "sign", "around", "round", "round_")
BINARY = {
    **dict.fromkeys(("add", "subtract", "multiply", "maximum", "minimum", "hypot"), (ANY, ROW)),
    **dict.fromkeys(("divide", "true_divide", "arctan2", "ldexp"), (ANY, ROW)),
    "power": (POSITIVE, ROW),
    "mod": (POSITIVE * 1.1, ROW),
    "remainder": (POSITIVE * 1.1, ROW),
}
LOGIC = ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal")


def gradients(function, operands):
    """Gradients of the sum of a function's results, by the tape."""
    arrays = [mnp.array(each, dtype="float64") for each in operands]
    for each in arrays:
        each.attach_grad()
    with autograd.record():
        result = function(*arrays)
    result.backward()
    return [each.grad.asnumpy() for each in arrays]


def differences(function, operands, step=1e-6):
    """The same by central differences."""
    result = []
    for operand in operands:
        slope = onp.zeros_like(operand)
        for place in onp.ndindex(operand.shape):
            kept, sides = operand[place], []
            for moved in (kept + step, kept - step):
                operand[place] = moved
                arrays = [mnp.array(each, dtype="float64") for each in operands]
                sides.append(function(*arrays).asnumpy().sum())
            operand[place] = kept
            slope[place] = (sides[0] - sides[1]) / (2 * step)
        result.append(slope)
    return result


def check_gradients(function, *operands):
    operands = [onp.array(each) for each in operands]
    for found, expected in zip(gradients(function, operands), differences(function, operands)):
        onp.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", UNARY)
def test_gradient_of_one_operand(name):
    check_gradients(getattr(mnp, name), UNARY[name])


@pytest.mark.parametrize("name", STEPS)
def test_steps_have_no_slope(name):
    assert not gradients(getattr(mnp, name), [ANY])[0].any()


@pytest.mark.parametrize("name", BINARY)
def test_gradient_of_two_operands(name):
    function = getattr(mnp, name)
    check_gradients(function, *BINARY[name])
    check_gradients(lambda a: function(a, 1.3), BINARY[name][0])
    check_gradients(lambda b: function(1.3, b), BINARY[name][1])


def test_gradient_of_copysign_reaches_the_magnitude():
    found = gradients(mnp.copysign, [ANY, onp.array([-1.0, 1.0, -1.0])])
    onp.testing.assert_array_equal(found[0], onp.sign(ANY) * [-1, 1, -1])
    assert not found[1].any()


def test_gradient_of_clip_stops_at_the_limits():
    check_gradients(lambda a: mnp.clip(a, -0.5, 1.0) * 3, ANY)
    check_gradients(lambda a: mnp.clip(a, None, 1.0), ANY)


def test_gradients_of_where():
    condition = mnp.array(ANY > 0)
    check_gradients(lambda a, b: mnp.where(condition, a * 2, b * 3), ANY, ROW)
    check_gradients(lambda a: mnp.where(condition, a, 2.0), ANY)
    check_gradients(lambda a: mnp.where(condition, 2.0, a), ANY)


def value_of(symbol, **inputs):
    arrays = {name: mnp.array(each, dtype="float64") for name, each in inputs.items()}
    return symbol.bind(mx.cpu(), arrays).forward()[0].asnumpy()


@pytest.mark.parametrize("name", [*UNARY, *STEPS, "logical_not", "isnan", "isfinite"])
def test_symbol_of_one_operand(name):
    operand = UNARY.get(name, ANY)
    symbol = getattr(mx.sym.np, name)(mx.sym.var("a").as_np_ndarray())
    expected = getattr(mnp, name)(mnp.array(operand, dtype="float64")).asnumpy()
    onp.testing.assert_array_equal(value_of(symbol, a=operand), expected)


@pytest.mark.parametrize("name", [*BINARY, *LOGIC, "copysign"])
def test_symbol_of_two_operands(name):
    first, second = BINARY.get(name, (ANY, ROW))
    a, b = (mx.sym.var(each).as_np_ndarray() for each in "ab")
    function = getattr(mx.sym.np, name)
    x, y = (mnp.array(each, dtype="float64") for each in (first, second))
    arrays = getattr(mnp, name)
    for symbol, inputs, expected in (
        (function(a, b), {"a": first, "b": second}, arrays(x, y)),
        (function(a, 1.5), {"a": first}, arrays(x, 1.5)),
        (function(1.5, b), {"b": second}, arrays(1.5, y)),
    ):
        onp.testing.assert_array_equal(value_of(symbol, **inputs), expected.asnumpy())


@pytest.mark.parametrize("name", ["exp", "abs", "around", "sqrt"])
def test_out_is_written_and_returned(name):
    a = mnp.array(POSITIVE)
    out = mnp.zeros(a.shape, dtype=a.dtype)
    expected = getattr(mnp, name)(a).asnumpy()
    assert getattr(mnp, name)(a, out=out) is out
    onp.testing.assert_array_equal(out.asnumpy(), expected)
    assert getattr(mnp, name)(a, out=a) is a
    onp.testing.assert_array_equal(a.asnumpy(), expected)


def test_numbers_fill_out():
    out = mnp.zeros((2,))
    assert mnp.add(1, 2, out=out) is out
    assert out.asnumpy().tolist() == [3, 3]


@pytest.mark.parametrize("call", ["np.exp([1.0])", "np.add(a, [1.0])", "np.where(a > 0, None, a)"])
def test_error_names_function_and_argument(call):
    with pytest.raises(TypeError, match=r"(exp: x|add: x2|where: x)=.*expected an array"):
        eval(call, {"np": mnp, "a": mnp.array(ANY)})
