"""Draws of MXNet 1.9.1 and faults are in test_numpy_distribution.py."""

import numpy as np

import mxnet as mx

choice = mx.nd._internal._npi_choice


def test_without_replacement_all_differ():
    mx.random.seed(3)
    for size in (1, 20, 50, 80, 100):
        drawn = choice(a=100, size=(size,), replace=False).asnumpy()
        assert len(set(drawn)) == size and set(drawn) <= set(range(100))


def test_weights_are_frequencies():
    mx.random.seed(3)
    weights = np.array([0.5, 0.0, 0.2, 0.3], "float32")
    drawn = choice(mx.nd.array(weights), a=4, size=(20000,), weighted=True).asnumpy()
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 20000, weights, atol=0.02)


def test_places_without_weight_come_last():
    mx.random.seed(3)
    weights = mx.nd.array([0.0, 0.3, 0.0, 0.7])
    drawn = choice(weights, a=4, size=(4,), replace=False, weighted=True).asnumpy()
    assert set(drawn[:2]) == {1, 3} and set(drawn[2:]) == {0, 2}


def test_symbol_infers_the_weights():
    symbol = mx.sym._internal._npi_choice(mx.sym.var("p"), a=7, size=(2, 3), weighted=True)
    shapes, outputs, _ = symbol.infer_shape()
    assert shapes == [(7,)] and outputs == [(2, 3)]
