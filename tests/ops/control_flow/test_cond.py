"""Branches in symbols: files of MXNet 1.9.1; values, gradients and shapes."""

import collections
import importlib.util
import itertools
import pathlib

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon

HERE = pathlib.Path(__file__).parent
DATA = HERE.parents[1] / "data" / "control_flow"
_spec = importlib.util.spec_from_file_location("branch_cases", HERE / "branch_cases.py")
cases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(cases)


@pytest.fixture(scope="module")
def first_graphs():
    """Inner graphs are numbered as in the process that wrote the files, case after case."""
    numbers = collections.defaultdict(itertools.count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mx.symbol._control_flow, "_scope_numbers", numbers)
        yield


@pytest.mark.usefixtures("first_graphs")
@pytest.mark.parametrize("name", cases.CASES)
def test_files_as_in_1_9_1(name):
    with mx.name.NameManager():
        symbol = cases.CASES[name](mx)
    text = (DATA / f"{name}-symbol.json").read_text()
    assert symbol.tojson() == text
    assert mx.sym.load_json(text).tojson() == text


def run(symbol, heads=1, **values):
    """Outputs, and gradients of all arguments, of a bound symbol."""
    arrays = {name: mx.nd.array(np.atleast_1d(value)) for name, value in values.items()}
    grads = {name: mx.nd.full(array.shape, 9) for name, array in arrays.items()}
    executor = symbol.bind(mx.cpu(), arrays, grads)
    outputs = executor.forward(is_train=True)
    executor.backward([mx.nd.ones(out.shape) for out in outputs])
    return [out.asnumpy() for out in outputs], {name: g.asnumpy() for name, g in grads.items()}


@pytest.mark.parametrize("a", [2.0, 7.0])
def test_one_branch_runs_and_is_differentiated(a):
    outputs, grads = run(cases.cond_of_symbols(mx), a=a, b=3.0)
    if a < 5:
        assert (outputs[0], grads["a"], grads["b"]) == ((a + 1) * a, 2 * a + 1, 0)
    else:
        assert (outputs[0], grads["a"], grads["b"]) == (a + 1 + 6 * a, 7, 2 * a)


@pytest.mark.parametrize(("p", "q", "wanted"), [(1, 1, (8, 2)), (1, 0, (12, 3)), (0, 1, (16, 8))])
def test_branch_in_a_branch(p, q, wanted):
    outputs, grads = run(cases.cond_in_cond(mx), p=p, q=q, a=4.0)
    assert (outputs[0], grads["a"]) == wanted
    assert grads["p"] == grads["q"] == 0


def test_parameters_of_a_branch_get_their_shapes():
    data, p = mx.sym.Variable("data"), mx.sym.Variable("p")
    symbol = mx.sym.contrib.cond(
        p,
        lambda: mx.sym.FullyConnected(data, num_hidden=3, name="fc"),
        lambda: mx.sym.slice_axis(data, axis=1, begin=0, end=3) * 2,
    )
    shapes, out_shapes, _ = symbol.infer_shape(data=(2, 5), p=(1,))
    assert dict(zip(symbol.list_arguments(), shapes))["fc_weight"] == (3, 5)
    assert out_shapes == [(2, 3)]
    executor = symbol.simple_bind(mx.cpu(), data=(2, 5), p=(1,))
    executor.arg_dict["data"][:] = 1
    assert executor.forward()[0].asnumpy().tolist() == [[2, 2, 2]] * 2


def test_shapes_that_follow_from_data():
    data, p = mx.sym.Variable("data"), mx.sym.Variable("p")
    symbol = mx.sym.contrib.cond(p, lambda: data * 2, lambda: mx.sym.sum(data, axis=0))
    executor = symbol.bind(mx.cpu(), {"data": mx.nd.ones((3, 2)), "p": mx.nd.ones((1,))})
    assert executor.forward()[0].shape == (3, 2)
    executor.arg_dict["p"][:] = 0
    assert executor.forward()[0].asnumpy().tolist() == [3, 3]


def test_branch_in_a_loop():
    def step(x, state):
        state = mx.sym.contrib.cond(x > 2, lambda: state + x, lambda: state * 2)
        return state, state

    data, init = mx.sym.Variable("data"), mx.sym.Variable("init")
    outputs, _ = mx.sym.contrib.foreach(step, data, init)
    rows, grads = run(outputs, data=np.array([[1.0], [3.0], [2.0]]), init=5.0)
    assert rows[0].ravel().tolist() == [10, 13, 26]
    assert grads["data"].ravel().tolist() == [0, 3, 0]
    assert grads["init"] == 8
    executor = outputs.bind(
        mx.cpu(), {"data": mx.nd.array([[1.0], [3.0]]), "init": mx.nd.ones((1,))}
    )
    assert executor.forward()[0].asnumpy().ravel().tolist() == [2, 5]


class Doubling(gluon.HybridBlock):
    def hybrid_forward(self, F, x):
        return F.contrib.cond(F.sum(x) < 10, lambda: x * 2, lambda: x * x)


@pytest.mark.parametrize("hybridize", [False, True])
def test_hybridized_network(hybridize):
    net = Doubling()
    if hybridize:
        net.hybridize()
    for value, wanted, slope in ((1.0, 2.0, 2.0), (20.0, 400.0, 40.0)):
        x = mx.nd.array([value])
        x.attach_grad()
        with autograd.record():
            y = net(x)
        y.backward()
        assert (y.asscalar(), x.grad.asscalar()) == (wanted, slope)


def test_mistakes():
    p, a = mx.sym.Variable("p"), mx.sym.Variable("a")
    with pytest.raises(ValueError, match="returned 2 and 1 results"):
        mx.sym.contrib.cond(p, lambda: [a, a * 2], lambda: [a])
    symbol = mx.sym.contrib.cond(p, lambda: a * 2, lambda: a * 3)
    executor = symbol.bind(mx.cpu(), {"p": mx.nd.ones((2,)), "a": mx.nd.ones((1,))})
    with pytest.raises(ValueError, match=r"_cond: the condition has shape \(2,\); expected one"):
        executor.forward()[0].asnumpy()
