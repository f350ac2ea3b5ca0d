"""Outputs of `make_loss`, `moments` and of a split into one part had other names than in 1.9.1."""

import pytest

import mxnet as mx


@pytest.mark.parametrize(
    "name, options, outputs",
    [
        ("make_loss", {}, ["n_loss"]),
        ("moments", {"axes": (0,)}, ["n_output0", "n_output1"]),
        ("split", {"num_outputs": 1}, ["n_output0"]),
        ("split", {"num_outputs": 2}, ["n_output0", "n_output1"]),
    ],
)
def test_names(name, options, outputs):
    symbol = getattr(mx.sym, name)(mx.sym.Variable("x"), name="n", **options)
    assert symbol.list_outputs() == outputs


def test_symbols_of_multinomial_tell_likelihoods():
    drawn = mx.sym.random.multinomial(mx.sym.Variable("p"), shape=3, name="n")
    assert drawn.list_outputs() == ["n_output0", "n_output1"]
    indices, likelihoods = drawn.eval(p=mx.nd.array([0, 1]))
    assert indices.asnumpy().tolist() == [1, 1, 1]
    assert likelihoods.asnumpy().tolist() == [0, 0, 0]
    without = mx.sym.random.multinomial(mx.sym.Variable("p"), get_prob=False, name="n")
    assert without.list_outputs() == ["n_output"]
    assert mx.nd.random.multinomial(mx.nd.array([0, 1]), shape=3).shape == (3,)
