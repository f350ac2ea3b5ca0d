"""`mx.sym.power(base=x, exp=2)` was refused: the arguments had other names than in 1.9.1."""

import numpy as np
import pytest

import mxnet as mx


@pytest.mark.parametrize("name", ["pow", "power"])
def test_powers(name):
    power, data = getattr(mx.sym, name), mx.sym.Variable("x")
    x = mx.nd.array([1, 2, 3])
    for options, expected in (
        ({"base": data, "exp": 2}, [1, 4, 9]),
        ({"exp": data, "base": 2}, [2, 4, 8]),
        ({"base": data, "exp": data}, [1, 4, 27]),
    ):
        np.testing.assert_allclose(power(**options).eval(x=x)[0].asnumpy(), expected, rtol=1e-6)
    assert power(2, 3) == 8
    with pytest.raises(TypeError, match="pow: type "):
        power(data, "2")
