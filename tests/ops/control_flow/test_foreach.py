"""Loops in symbols: files, shapes, values and gradients of MXNet 1.9.1; gradients of gradients."""

import collections
import importlib.util
import itertools
import json
import pathlib

import numpy as np
import pytest

import mxnet as mx
from mxnet.test_utils import check_numeric_gradient

HERE = pathlib.Path(__file__).parent
DATA = HERE.parents[1] / "data" / "control_flow"
_spec = importlib.util.spec_from_file_location("foreach_cases", HERE / "foreach_cases.py")
cases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(cases)


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for key in ("arguments", "names", "shapes"):
        assert found[key] == expected[key]
    for key in ("predicted", "outputs"):
        for a, b in zip(found[key], expected[key]):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    for name, gradient in expected["gradients"].items():
        np.testing.assert_allclose(found["gradients"][name], gradient, rtol=1e-4, atol=1e-5)


@pytest.fixture(scope="module")
def first_graphs():
    """Inner graphs are numbered as in the process that wrote the files, case after case."""
    numbers = collections.defaultdict(itertools.count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mx.symbol._control_flow, "_scope_numbers", numbers)
        yield


@pytest.mark.usefixtures("first_graphs")
@pytest.mark.parametrize("name", cases.CASES)
def test_as_in_1_9_1(name):
    with mx.name.NameManager():
        symbol, shapes = cases.CASES[name](mx)
    expected = json.loads((DATA / f"{name}.json").read_text())
    text = (DATA / f"{name}-symbol.json").read_text()
    differentiate = name not in cases.WITHOUT_GRADIENT
    assert symbol.tojson() == text
    assert_same(json.loads(json.dumps(cases.run(mx, symbol, shapes, differentiate))), expected)
    loaded = mx.sym.load_json(text)
    assert loaded.tojson() == text
    assert_same(json.loads(json.dumps(cases.run(mx, loaded, shapes, differentiate))), expected)


def test_gradient_of_a_loop_in_a_loop():
    symbol, shapes = cases.nested(mx)
    random = np.random.RandomState(4)
    location = {name: random.uniform(-1, 1, shape) for name, shape in shapes.items()}
    check_numeric_gradient(symbol[0], location, rtol=1e-2, atol=1e-3)


def test_shapes_flow_backwards():
    data, init = mx.sym.Variable("data"), mx.sym.Variable("init")
    outputs, _ = mx.sym.contrib.foreach(lambda x, s: (x + s, s + x), data, init)
    shapes, out_shapes, _ = outputs.infer_shape(data=(5, 2, 3))
    assert (shapes, out_shapes) == ([(5, 2, 3), (2, 3)], [(5, 2, 3)])


def test_many_steps_cost_what_they_compute():
    data, init = mx.sym.Variable("data"), mx.sym.Variable("init")
    outputs, state = mx.sym.contrib.foreach(lambda x, s: (x + s, x + s), data, init)
    values = mx.nd.ones((500, 2))
    grads = {"data": mx.nd.zeros((500, 2)), "init": mx.nd.zeros((2,))}
    executor = state.bind(mx.cpu(), {"data": values, "init": mx.nd.zeros((2,))}, grads)
    assert executor.forward(is_train=True)[0].asnumpy().tolist() == [500, 500]
    executor.backward([mx.nd.ones((2,))])
    assert grads["data"].asnumpy().min() == grads["data"].asnumpy().max() == 1


def test_dropout_draws_in_each_step():
    data, init = mx.sym.Variable("data"), mx.sym.Variable("init")
    outputs, _ = mx.sym.contrib.foreach(
        lambda x, s: (mx.sym.Dropout(x, p=0.5) + s * 0, s), data, init
    )
    executor = outputs.bind(
        mx.cpu(), {"data": mx.nd.ones((2, 1000)), "init": mx.nd.zeros((1000,))}, grad_req="null"
    )
    first, second = executor.forward(is_train=True)[0].asnumpy()
    assert 350 < (first > 0).sum() < 650
    assert (first != second).any()
    assert executor.forward(is_train=False)[0].asnumpy().min() == 1


@pytest.mark.parametrize(
    "body, error, match",
    [
        (lambda x, s: (1, s), TypeError, "foreach: the body's output=1 is of type int"),
        (lambda x, s: (x, [s, s]), ValueError, "the body returned 2 states; 1 are expected"),
        (lambda x, s: (s + 1, s), ValueError, "data-0 is not used in the body"),
    ],
)
def test_mistakes_are_named(body, error, match):
    with pytest.raises(error, match=match):
        mx.sym.contrib.foreach(body, mx.sym.Variable("data"), mx.sym.Variable("init"))


@pytest.mark.parametrize("change", [("[0]", "[7]"), ('"num_outputs": "3"', '"num_outputs": "9"')])
def test_hostile_files_are_refused(change):
    text = (DATA / "cell-symbol.json").read_text()
    assert change[0] in text
    with pytest.raises(mx.error.ValueError, match="_foreach"):
        mx.sym.load_json(text.replace(*change))


def test_a_file_without_the_body_is_refused():
    document = json.loads((DATA / "cell-symbol.json").read_text())
    for node in document["nodes"]:
        node.pop("subgraphs", None)
    with pytest.raises(mx.error.ValueError, match="subgraphs is missing"):
        mx.sym.load_json(json.dumps(document))
