"""Pointwise operators joined by the graph compiler: the same numbers in one pass over memory."""

import json

import numpy as np
import pytest

import mxnet as mx

SIZES = [(1,), (7,), (4095,), (4096,), (4097,), (3, 40000), (2, 16, 30, 33)]


def operands(shape, dtype="float32", names="ab"):
    generator = np.random.RandomState(0)
    return {n: mx.nd.array(generator.uniform(0.5, 3, shape), dtype=dtype) for n in names}


def swish_and_more(mx, a, b):
    """A chain with results that are used twice, and a scalar that is not a float32."""
    x = (a * 2 + b) / (b + 0.1)
    y = x * mx.sigmoid(x) - mx.sqrt(mx.abs(a))
    return mx.maximum(y, a * y) + mx.square(y)


def counts(executor):
    plan = executor.debug_str()
    return plan.count("Op:_fused_pointwise"), plan.count("Op:")


@pytest.mark.parametrize("shape", SIZES, ids=str)
@pytest.mark.parametrize(
    "dtype, tolerance", [("float32", 1e-6), ("float64", 1e-14), ("float16", 1e-3)]
)
def test_inference(shape, dtype, tolerance):
    arrays = operands(shape, dtype)
    symbol = swish_and_more(mx.sym, mx.sym.Variable("a"), mx.sym.Variable("b"))
    executor = symbol.bind(mx.cpu(), arrays, grad_req="null")
    actual = executor.forward(is_train=False)[0]
    assert counts(executor) == (1, 1)
    expected = swish_and_more(mx.nd, **arrays)
    assert actual.dtype == expected.dtype
    # Blocks end elsewhere than the loops of single operators, whose last elements are not vectors.
    np.testing.assert_allclose(actual.asnumpy(), expected.asnumpy(), rtol=tolerance)


@pytest.mark.parametrize("grad_req", ["write", "add"])
def test_training(grad_req):
    arrays = operands((5, 3000))
    symbol = swish_and_more(mx.sym, mx.sym.Variable("a"), mx.sym.Variable("b"))
    gradients = {name: mx.nd.ones(array.shape) for name, array in arrays.items()}
    executor = symbol.bind(mx.cpu(), arrays, args_grad=gradients, grad_req=grad_req)
    executor.forward(is_train=True)
    executor.backward(mx.nd.ones((5, 3000)))
    fused, total = counts(executor)
    assert fused >= 2 and total < 15
    for array in arrays.values():
        array.attach_grad()
    with mx.autograd.record():
        expected = swish_and_more(mx.nd, **arrays)
    expected.backward()
    np.testing.assert_allclose(executor.outputs[0].asnumpy(), expected.asnumpy(), rtol=1e-6)
    for name, array in arrays.items():
        wanted = array.grad.asnumpy() + (grad_req == "add")
        np.testing.assert_allclose(gradients[name].asnumpy(), wanted, rtol=1e-5, atol=1e-5)


def test_results_between_that_others_read_are_kept():
    a = mx.sym.Variable("a")
    middle = mx.sym.exp(a * 0.5)
    symbol = mx.sym.Group([mx.sym.sum(middle), middle + 1, mx.sym.sqrt(middle) - 1])
    arrays = operands((30, 40), names="a")
    executor = symbol.bind(mx.cpu(), arrays, grad_req="null")
    outputs = executor.forward(is_train=False)
    assert counts(executor)[0] == 2  # a * 0.5 and exp; sqrt and - 1
    middle = np.exp(arrays["a"].asnumpy() * 0.5)
    for actual, expected in zip(outputs, [middle.sum(), middle + 1, np.sqrt(middle) - 1]):
        np.testing.assert_allclose(actual.asnumpy(), expected, rtol=1e-5)


def test_other_dtypes_between():
    """Comparisons and integers inside a chain."""
    arrays = operands((50, 7), "int32")
    a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
    symbol = (a + b) * 2 - (a > b) * b
    executor = symbol.bind(mx.cpu(), arrays, grad_req="null")
    actual = executor.forward(is_train=False)[0].asnumpy()
    a, b = (arrays[n].asnumpy() for n in "ab")
    np.testing.assert_array_equal(actual, (a + b) * 2 - (a > b) * b)
    assert actual.dtype == np.int32


def test_states_that_change_are_read_in_time():
    """The running mean is read before the batch norm moves it."""
    data, mean = mx.sym.Variable("data"), mx.sym.Variable("norm_moving_mean")
    before = mx.sym.sqrt(mx.sym.abs(mean) + 3)
    norm = mx.sym.BatchNorm(data, moving_mean=mean, name="norm")
    symbol = before + 0 * mx.sym.sum(norm, axis=(0, 2, 3))
    executor = symbol.simple_bind(mx.cpu(), data=(4, 3, 5, 5), norm_moving_mean=(3,))
    executor.arg_dict["data"][:] = np.random.RandomState(0).rand(4, 3, 5, 5) + 10
    executor.aux_dict["norm_moving_mean"][:] = 1
    read = executor.forward(is_train=True)[0].asnumpy()
    np.testing.assert_allclose(read, 2, rtol=1e-6)
    executor.backward([mx.nd.ones((3,))])
    assert (executor.aux_dict["norm_moving_mean"].asnumpy() > 1.5).all()


def gradients_of(function, x, create_graph=False):
    """The first gradient of the sum or, with `create_graph`, the second."""
    x = mx.nd.array(x)
    x.attach_grad()
    with mx.autograd.record():
        y = function(x)
        if create_graph:
            (y,) = mx.autograd.grad(y, [x], create_graph=True)
    y.backward()
    return x.grad.asnumpy()


ONE_OPERATOR = {
    "hard_sigmoid": mx.nd.hard_sigmoid,
    "rsqrt": mx.nd.rsqrt,
    "softsign": mx.nd.softsign,
    "prod": lambda x: mx.nd.prod(x, axis=1),
}


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("name", ONE_OPERATOR)
def test_the_gradient_of_one_large_operator_is_that_of_its_rows(name, create_graph):
    """Rows are so small that their steps are not joined."""
    x = np.random.RandomState(0).uniform(0.5, 1.5, (60000, 5)).astype("float32")
    x[:3, 0] = 0 if name == "prod" else x[:3, 0]
    function = ONE_OPERATOR[name]
    large = gradients_of(function, x, create_graph)
    rows = [gradients_of(function, part, create_graph) for part in np.split(x[:100], 10)]
    np.testing.assert_allclose(large[:100], np.concatenate(rows), rtol=1e-5)


def steps_of_backward(size, folder):
    """Names of the operators that run in the backward pass of one."""
    file = folder / f"{size}.json"
    x = mx.nd.ones((size,))
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.reciprocal(x)
    mx.nd.waitall()
    mx.profiler.set_config(profile_all=True, filename=str(file))
    mx.profiler.set_state("run")
    y.backward()
    mx.nd.waitall()
    mx.profiler.set_state("stop")
    mx.profiler.dump()
    return {event["name"] for event in json.loads(file.read_text())["traceEvents"]}


def test_steps_are_joined_on_large_arrays_only(tmp_path):
    large, small = (steps_of_backward(size, tmp_path) for size in (300000, 1000))
    assert "_fused_pointwise" in large and "square" not in large
    assert "_fused_pointwise" not in small and "square" in small


def test_switched_off(monkeypatch):
    monkeypatch.setenv("MXNET_SUBGRAPH_BACKEND", "NONE")
    symbol = swish_and_more(mx.sym, mx.sym.Variable("a"), mx.sym.Variable("b"))
    executor = symbol.bind(mx.cpu(), operands((9, 9)), grad_req="null")
    executor.forward(is_train=False)
    assert counts(executor)[0] == 0
