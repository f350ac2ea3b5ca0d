"""Loops in symbols that run under MXNet 1.9.1 and Remx alike."""

import numpy as np


def cell(mx):
    """A recurrent cell with a weight and a factor from outside of the loop."""
    data, init, weight = (mx.sym.Variable(name) for name in ("data", "init", "weight"))
    factor = mx.sym.sum(weight * weight)

    def step(x, states):
        hidden = mx.sym.FullyConnected(x, weight=weight, num_hidden=3, no_bias=True, name="fc")
        hidden = mx.sym.broadcast_mul(mx.sym.tanh(hidden + states[0]), factor)
        return [hidden, hidden * 2], [hidden]

    outputs, states = mx.sym.contrib.foreach(step, data, [init], name="cell")
    return mx.sym.Group(outputs + states), {"data": (4, 2, 3), "init": (2, 3), "weight": (3, 3)}


def passing(mx):
    """The state is handed on as it is, and the data come back."""
    data, init = mx.sym.Variable("data"), mx.sym.Variable("init")
    outputs, state = mx.sym.contrib.foreach(lambda x, s: (x, s), data * 3, init, name="passing")
    return mx.sym.Group([outputs, state]), {"data": (3, 2), "init": (1, 2)}


def nested(mx):
    """A loop in a loop, with a symbol from outside of both."""
    data, init, shift = (mx.sym.Variable(name) for name in ("data", "init", "shift"))

    def inner(x, state):
        return x * state, state + shift

    def outer(x, state):
        return mx.sym.contrib.foreach(inner, x, state, name="inner")

    outputs, state = mx.sym.contrib.foreach(outer, data, init, name="outer")
    return mx.sym.Group([outputs, state]), {"data": (2, 3, 4), "init": (4,), "shift": (4,)}


def several(mx):
    """Two arrays of data, two states, a layer with parameters of its own."""
    a, b, c, d = (mx.sym.Variable(name) for name in "abcd")

    def step(xs, states):
        y = mx.sym.FullyConnected(xs[0], num_hidden=2, name="fc") + states[0] * xs[1]
        return y, [y - states[1], states[1] * 2]

    outputs, states = mx.sym.contrib.foreach(step, [a, b], [c, d], name="several")
    shapes = {"a": (3, 2, 5), "b": (3, 2, 2), "c": (2, 2), "d": (2, 2)}
    return mx.sym.Group([outputs] + states), {**shapes, "fc_weight": (2, 5), "fc_bias": (2,)}


CASES = {"cell": cell, "passing": passing, "nested": nested, "several": several}


#: 1.9.1 cannot differentiate a loop in a loop.
WITHOUT_GRADIENT = {"nested"}


def run(mx, symbol, shapes, differentiate=True):
    """Shapes, outputs and gradients as lists."""
    random = np.random.RandomState(3)
    arrays = {name: mx.nd.array(random.uniform(-1, 1, shapes[name])) for name in sorted(shapes)}
    grads = {name: mx.nd.zeros(array.shape) for name, array in arrays.items()}
    executor = symbol.bind(mx.cpu(), arrays, grads)
    predicted = [x.asnumpy().tolist() for x in executor.forward(is_train=False)]
    outputs = executor.forward(is_train=True)
    if differentiate:
        executor.backward([mx.nd.array(random.uniform(-1, 1, x.shape)) for x in outputs])
    known = {name: shapes[name] for name in symbol.list_arguments() if not name.startswith("fc_")}
    return {
        "arguments": symbol.list_arguments(),
        "names": symbol.list_outputs(),
        "shapes": [[list(s) for s in part] for part in symbol.infer_shape(**known)],
        "predicted": predicted,
        "outputs": [x.asnumpy().tolist() for x in outputs],
        "gradients": {name: grad.asnumpy().tolist() for name, grad in grads.items()},
    }
