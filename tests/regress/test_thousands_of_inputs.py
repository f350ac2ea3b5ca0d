"""Operators with many inputs described all of them again for each: the cost was quadratic."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
import numpy as np
import mxnet as mx
COUNT, KIND, WAY = 10000, sys.argv[1], sys.argv[2]
# name: (call, what comes of ones, gradient of each input)
KINDS = {
    "add_n": (lambda f, x: f.add_n(*x), (1,), COUNT, 1),
    "Concat": (lambda f, x: f.Concat(*x, dim=0), (COUNT,), 1, 1),
    "stack": (lambda f, x: f.stack(*x), (COUNT, 1), 1, 1),
}
if KIND in KINDS:
    call, shape, value, slope = KINDS[KIND]
    arrays = [mx.nd.ones((1,)) for _ in range(COUNT)]
    if WAY == "eager":
        out = call(mx.nd, arrays)
    elif WAY == "recorded":
        for array in arrays:
            array.attach_grad()
        with mx.autograd.record():
            out = call(mx.nd, arrays)
        out.backward()
        assert all(array.grad.asscalar() == slope for array in arrays)
    else:
        symbol = call(mx.sym, [mx.sym.Variable(f"x{i}") for i in range(COUNT)])
        if WAY == "file":
            symbol = mx.sym.load_json(symbol.tojson())
        grads = [mx.nd.zeros((1,)) for _ in range(COUNT)]
        executor = symbol.bind(mx.cpu(), arrays, grads)
        out = executor.forward(is_train=True)[0]
        executor.backward(mx.nd.ones(out.shape))
        assert all(grad.asscalar() == slope for grad in grads)
    assert out.shape == shape and (out.asnumpy() == value).all()
else:
    weights = [mx.nd.ones((1,)) for _ in range(COUNT)]
    momenta = [mx.nd.zeros((1,)) for _ in range(COUNT)]
    inputs = [a for w, m in zip(weights, momenta) for a in (w, mx.nd.ones((1,)), m)]
    mx.nd.multi_sgd_mom_update(*inputs, out=weights, num_weights=COUNT, momentum=0.9,
                               lrs=[0.5] * COUNT, wds=[0] * COUNT)
    assert all(w.asscalar() == 0.5 for w in weights)
    assert all(m.asscalar() == -0.5 for m in momenta)
"""


@pytest.mark.parametrize(
    "kind, way",
    [(kind, way) for kind in ("add_n", "Concat", "stack") for way in ("eager", "recorded", "bound")]
    + [("add_n", "file"), ("multi_sgd_mom_update", "eager")],
)
def test_ends(kind, way):
    command = [sys.executable, "-c", PROGRAM, kind, way]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("count", [-1, 2**20 + 1, 2**62])
def test_counts_that_cannot_be(count):
    import mxnet as mx

    with pytest.raises(mx.MXNetError, match="num_args="):
        mx.sym.add_n(mx.sym.Variable("a"), num_args=count)
