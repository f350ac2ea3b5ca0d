"""Partitioners and passes of a shared object, through `optimize_for` and `hybridize`."""

import json

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd, sym
from mxnet.gluon import HybridBlock

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def network():
    """exp, add, log | sqrt | exp, add, exp: the square root is in no part."""
    a, b = sym.Variable("a"), sym.Variable("b")
    x = sym.log(sym.elemwise_add(sym.exp(a, name="e1"), b, name="s1"), name="l1")
    x = sym.elemwise_add(sym.sqrt(x, name="r"), sym.exp(b, name="e2"), name="s2")
    return sym.exp(x * 0.01, name="e3")


@pytest.fixture
def arrays():
    return {"a": nd.array([1, 2]), "b": nd.array([3, 4])}


def operators(symbol):
    nodes = json.loads(symbol.tojson())["nodes"]
    return [(node["op"], node["name"]) for node in nodes if node["op"] != "null"]


def run(symbol, arrays):
    return symbol.bind(mx.cpu(), arrays, grad_req="null").forward()[0].asnumpy()


@pytest.mark.parametrize("backend, count", [("example_list", 3), ("example_selector", 6)])
def test_parts_become_nodes(network, arrays, backend, count):
    expected, before = run(network, arrays), network.tojson()
    result = network.optimize_for(backend, arrays)
    parts = [name for op, name in operators(result) if op == "_example_part"]
    assert parts == [f"_op{number}" for number in range(count)]
    assert ("sqrt", "r") in operators(result) and ("exp", "e1") not in operators(result)
    np.testing.assert_allclose(run(result, arrays), expected, rtol=1e-5)
    assert network.tojson() == before
    assert result.list_arguments() == ["a", "b"]


def test_parts_never_depend_on_themselves(arrays):
    """log and the sum are neighbours of exp, and sqrt lies between exp and the sum."""
    a = sym.Variable("a")
    x = sym.exp(a, name="e")
    symbol = sym.elemwise_add(sym.log(x, name="l"), sym.sqrt(x, name="r"), name="s")
    result = symbol.optimize_for("example_list")
    assert [op for op, _ in operators(result)].count("_example_part") == 2
    del arrays["b"]
    np.testing.assert_allclose(run(result, arrays), run(symbol, arrays), rtol=1e-5)


def test_reviews(network, arrays):
    result = network.optimize_for("example_list", arrays)
    attributes = result.attr_dict()
    assert attributes["_op0"]["size"] == "5" and attributes["_op0"]["id"] == "0"
    rejected = network.optimize_for("example_list", arrays, reject=1)
    assert operators(rejected) == operators(network)


def test_backends_of_symbols(network, arrays):
    expected = run(network, arrays)
    np.testing.assert_allclose(
        run(network.get_backend_symbol("example_list"), arrays), expected, rtol=1e-5
    )
    assert operators(network.get_backend_symbol("MKLDNN")) == operators(network)
    with pytest.raises(mx.MXNetError, match="backend=nothing is not found"):
        network.get_backend_symbol("nothing")


def test_unknown_backends_are_logged(network, caplog):
    assert operators(network.optimize_for("nothing")) == operators(network)
    assert "Error optimizing for backend 'nothing' cannot be found" in caplog.text
    with pytest.raises(TypeError, match="backend=None"):
        network.optimize_for(None)


def test_passes(network, arrays):
    result = network.optimize_for("example_pass", arrays)
    assert [op for op, name in operators(result) if name in ("e1", "e2", "e3")] == ["log"] * 3
    with pytest.raises(mx.MXNetError, match="example_pass: .*the pass was told to fail"):
        network.optimize_for("example_pass", arrays, fail=1)


def test_passes_add_parameters(arrays):
    symbol = sym.exp(sym.Variable("a"), name="e")
    args = {"a": arrays["a"]}
    result = symbol.optimize_for("example_pass", args, bias=2)
    assert set(args) == {"a", "e_bias"} and set(result.list_arguments()) == set(args)
    np.testing.assert_array_equal(args["e_bias"].asnumpy(), [2, 2])
    np.testing.assert_allclose(run(result, args), np.log([3, 4]), rtol=1e-6)
    with pytest.raises(ValueError, match="args is no dict"):
        symbol.optimize_for("example_pass", [arrays["a"]], bias=2)


class Network(HybridBlock):
    """One chain for the partitioner, behind another operator."""

    def hybrid_forward(self, F, x):
        return F.log(F.exp(F.relu(x)))


def test_gluon(tmp_path):
    x = nd.array([[1, 2], [3, -4]])
    net = Network()
    net.hybridize(backend="example_list")
    np.testing.assert_allclose(net(x).asnumpy(), [[1, 2], [3, 0]], atol=1e-6)
    net.export(str(tmp_path / "net"))
    exported = sym.load(str(tmp_path / "net-symbol.json"))
    assert [op for op, _ in operators(exported)] == ["relu", "_example_part"]
    other = Network()
    other.optimize_for(x, backend="example_list", reject=1)
    assert [op for op, _ in operators(other._last_graph("x").symbol)] == ["relu", "exp", "log"]


def test_gluon_gets_the_parameters_that_a_pass_adds():
    net = Network()
    net.hybridize(backend="example_pass", bias=1)
    x = nd.array([3, 4])
    np.testing.assert_allclose(net(x).asnumpy(), np.log(np.log([4, 5])), rtol=1e-5)
    (added,) = net.collect_params().values()
    assert added.shape == (2,) and added.name.endswith("_bias")
