"""Some symbols had outputs of other names, or another number of them, than in 1.9.1."""

import mxnet as mx

X = mx.sym.var("x")


def test_names():
    assert mx.sym.make_loss(X, name="q").list_outputs() == ["q_loss"]
    assert mx.sym.MakeLoss(X, name="q").list_outputs() == ["q_output"]
    assert mx.sym.moments(X, name="q").list_outputs() == ["q_output0", "q_output1"]


def test_symbols_that_draw_indices_bring_their_likelihoods():
    drawn, likelihoods = mx.sym.random.multinomial(X, shape=3).eval(x=mx.nd.array([0.0, 1.0]))
    assert drawn.asnumpy().tolist() == [1, 1, 1]
    assert likelihoods.asnumpy().tolist() == [0, 0, 0]
    assert len(mx.sym.random.multinomial(X, get_prob=False).list_outputs()) == 1
    assert mx.nd.random.multinomial(mx.nd.array([0.0, 1.0])).asnumpy().tolist() == [1]
