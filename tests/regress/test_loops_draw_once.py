"""A loop with Dropout in its body drew other numbers for its gradient than for its result.

The gradient went through a second copy of the body. Now the parts of the forward pass themselves
are differentiated, when recorded and when bound.
"""

import numpy as np

import mxnet as mx


def test_recorded():
    x = mx.nd.ones((3, 200))
    x.attach_grad()
    with mx.autograd.record():
        out, _ = mx.nd.contrib.foreach(
            lambda piece, state: (mx.nd.Dropout(piece, p=0.5), state), x, mx.nd.zeros(1)
        )
    out.backward()
    assert 100 < (out.asnumpy() == 0).sum() < 500
    np.testing.assert_array_equal(x.grad.asnumpy(), out.asnumpy())


def test_bound():
    out, _ = mx.sym.contrib.foreach(
        lambda piece, state: (mx.sym.Dropout(piece, p=0.5), state),
        mx.sym.var("x"),
        mx.sym.var("state"),
    )
    executor = out.simple_bind(mx.cpu(), x=(3, 200), state=(1,))
    executor.arg_dict["x"][:] = 1
    result = executor.forward(is_train=True)[0]
    executor.backward(mx.nd.ones((3, 200)))
    assert 100 < (result.asnumpy() == 0).sum() < 500
    np.testing.assert_array_equal(executor.grad_dict["x"].asnumpy(), result.asnumpy())


def test_recurrent_layers_when_bound():
    net = mx.sym.RNN(mx.sym.var("x"), state_size=40, num_layers=2, mode="rnn_relu", p=0.5, name="r")
    executor = net.simple_bind(mx.cpu(), x=(1, 1, 3), grad_req="write")
    for name, array in executor.arg_dict.items():
        array[:] = mx.nd.random.uniform(0, 1, shape=array.shape) * (name != "r_state")
    result = executor.forward(is_train=True)[0].asnumpy()
    executor.backward(mx.nd.ones((1, 1, 40)))
    # All numbers are positive: the output is linear in the first layer's biases of the inputs.
    begin = 40 * (3 + 40) + 40 * (40 + 40)
    slopes = executor.grad_dict["r_parameters"].asnumpy()[begin : begin + 40]
    assert 5 < (slopes == 0).sum() < 35 and result.all()


def test_layers_drop_in_train_mode_without_a_record():
    net = mx.gluon.rnn.RNN(40, 2, dropout=0.5, input_size=3)
    net.initialize(mx.init.One())
    net.hybridize()
    x = mx.nd.ones((1, 1, 3))
    with mx.autograd.train_mode():
        dropped = net(x).asnumpy()
    assert not np.array_equal(dropped, net(x).asnumpy())
