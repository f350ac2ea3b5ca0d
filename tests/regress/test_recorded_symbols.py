"""mx.autograd.get_symbol was missing; the names are those of MXNet 1.9.1."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest

import mxnet as mx

# In a process of its own, as variables and nodes are counted from its start.
NAMES = """
import json
import mxnet as mx
x, w, b = mx.nd.ones((2, 3)), mx.nd.ones((4, 3)), mx.nd.zeros((4,))
for array in (x, w, b):
    array.attach_grad()
with mx.autograd.record():
    z = mx.nd.relu(mx.nd.FullyConnected(x, w, b, num_hidden=4)) + x.sum()
    product = mx.nd.broadcast_mul(z, mx.nd.ones((2, 4)))
    parts = mx.nd.split(product, num_outputs=2, axis=0)
    y = mx.nd.concat(parts[0], parts[1], dim=0)
nodes = json.loads(mx.autograd.get_symbol(y).tojson())["nodes"]
print([(n["op"], n["name"], n.get("attrs"), [i[:2] for i in n["inputs"]]) for n in nodes])
one = mx.nd.ones((3,))
with mx.autograd.record():
    normal = mx.nd.BatchNorm(x, one, one.copy(), one.copy(), one.copy())
s = mx.autograd.get_symbol(normal)
print(s.name, s.list_arguments(), s.list_auxiliary_states(), s.list_outputs())
"""
NODES = [
    ("null", "var0", None, []),
    ("null", "var1", None, []),
    ("null", "var2", None, []),
    ("FullyConnected", "node_0", {"num_hidden": "4"}, [[0, 0], [1, 0], [2, 0]]),
    ("relu", "node_1", None, [[3, 0]]),
    ("sum", "node_2", None, [[0, 0]]),
    ("broadcast_add", "node_3", None, [[4, 0], [5, 0]]),
    ("null", "null3", None, []),
    ("broadcast_mul", "node_4", None, [[6, 0], [7, 0]]),
    ("SliceChannel", "node_5", {"axis": "0", "num_outputs": "2"}, [[8, 0]]),
    ("Concat", "node_6", {"dim": "0", "num_args": "2"}, [[9, 0], [9, 1]]),
]
BATCH_NORM = "node_7 ['var0', 'null4', 'null5'] ['null6', 'null7'] ['node_7_output']"


def test_names_and_attributes():
    run = [sys.executable, "-c", NAMES]
    text = subprocess.run(run, capture_output=True, text=True, timeout=120, check=True).stdout
    nodes, batch_norm = text.splitlines()
    assert eval(nodes) == NODES
    assert batch_norm == BATCH_NORM


def recorded(function, *shapes):
    arrays = [mx.nd.random.uniform(1, 2, shape=shape) for shape in shapes]
    for array in arrays:
        array.attach_grad()
    with mx.autograd.record():
        return arrays, function(*arrays)


def run(symbol, arrays):
    return symbol.bind(mx.cpu(), dict(zip(symbol.list_arguments(), arrays))).forward()[0].asnumpy()


def test_symbols_compute_the_same():
    constant = mx.nd.array([[3.0, 4.0]])
    arrays, y = recorded(lambda a, b: (a * constant + b[0]) ** 2 / constant, (2, 2), (3, 2))
    symbol = mx.autograd.get_symbol(y)
    kinds = [re.sub(r"\d+$", "", name) for name in symbol.list_arguments()]
    assert kinds == ["var", "null", "var"]
    result = run(symbol, [arrays[0], constant, arrays[1]])
    np.testing.assert_allclose(result, y.asnumpy(), rtol=1e-6)


def test_networks():
    network = mx.gluon.nn.HybridSequential()
    network.add(mx.gluon.nn.Dense(3, activation="relu"), mx.gluon.nn.Dense(2))
    network.initialize()
    x = mx.nd.random.uniform(shape=(4, 5))
    network(x)
    weights = [p.data() for p in network.collect_params().values()]
    results = []
    for hybridize in (False, True):
        network.hybridize(hybridize)
        with mx.autograd.record():
            y = network(x) * 2
        symbol = mx.autograd.get_symbol(y)
        results.append(run(symbol, [x, *weights]))
        np.testing.assert_allclose(results[-1], y.asnumpy(), rtol=1e-6)


def test_long_tapes_and_variables():
    def chain(x):
        for _ in range(20000):
            x = x + 1
        return x

    (x,), y = recorded(chain, (1,))
    assert len(json.loads(mx.autograd.get_symbol(y).tojson())["nodes"]) == 20001
    assert mx.autograd.get_symbol(x).list_arguments() == [mx.autograd.get_symbol(x).name]


class Double(mx.autograd.Function):
    def forward(self, x):
        return x * 2

    def backward(self, dy):
        return dy * 2


def test_what_has_no_symbol():
    (x,), y = recorded(lambda x: x * 2, (2,))
    y.backward()
    for array in (y, mx.nd.ones((2,))):
        with pytest.raises(ValueError, match="get_symbol: the array was not recorded"):
            mx.autograd.get_symbol(array)
    with pytest.raises(TypeError, match="get_symbol: x=3 is of type int"):
        mx.autograd.get_symbol(3)
    _, y = recorded(lambda x: Double()(x) + 1, (2,))
    with pytest.raises(ValueError, match="get_symbol: Double is a function in Python"):
        mx.autograd.get_symbol(y)


def test_the_tape_stays():
    (x,), y = recorded(lambda x: x * x, (2,))
    mx.autograd.get_symbol(y)
    y.backward()
    np.testing.assert_allclose(x.grad.asnumpy(), 2 * x.asnumpy(), rtol=1e-6)
