"""Draws of MXNet 1.9.1 and faults are in test_numpy_distribution.py."""

import numpy as np

import mxnet as mx

multinomial = mx.nd._internal._npi_multinomial


def test_counts():
    mx.random.seed(3)
    drawn = multinomial(n=1000, pvals=(0.2, 0.5, 0.3), size=(50,)).asnumpy()
    assert drawn.shape == (50, 3) and drawn.dtype == np.int64
    assert (drawn.sum(1) == 1000).all()
    np.testing.assert_allclose(drawn.mean(0) / 1000, [0.2, 0.5, 0.3], atol=0.02)


def test_symbol_has_its_shape():
    symbol = mx.sym._internal._npi_multinomial(mx.sym.var("a"), n=3, size=(2,))
    assert symbol.infer_shape(a=(4,))[1] == [(2, 4)]
