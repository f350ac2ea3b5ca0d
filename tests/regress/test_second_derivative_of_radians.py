"""The gradient of `radians` was no function of its data, so that backward from it was an error."""

import mxnet as mx


def test_it_is_zero():
    data = mx.nd.array([90, 180])
    data.attach_grad()
    with mx.autograd.record():
        angle = mx.nd.radians(data)
        slope = mx.autograd.grad(angle, data, create_graph=True, retain_graph=True)[0]
    slope.backward()
    mx.test_utils.assert_almost_equal(slope, mx.nd.radians(mx.nd.ones(2)))
    assert data.grad.asnumpy().tolist() == [0, 0]
