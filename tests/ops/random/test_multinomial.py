import numpy as np

import mxnet as mx

P = np.array([[0.1, 0.9], [0.5, 0.5]], "float32")


def test_frequencies_and_shapes():
    mx.random.seed(5)
    drawn = mx.nd.sample_multinomial(mx.nd.array(P), shape=(5000,))
    assert drawn.shape == (2, 5000)
    assert drawn.dtype == np.int32
    np.testing.assert_allclose(drawn.asnumpy().mean(1), [0.9, 0.5], atol=0.03)
    assert mx.nd.sample_multinomial(mx.nd.array(P[0])).shape == (1,)


def test_log_probability_and_its_gradient():
    data = mx.nd.array(P)
    data.attach_grad()
    with mx.autograd.record():
        drawn, log_prob = mx.nd.sample_multinomial(data, shape=3, get_prob=True)
    log_prob.backward(mx.nd.array([[1, 2, 3], [4, 5, 6]]))
    classes = drawn.asnumpy()
    expected = np.zeros_like(P)
    for row in range(2):
        for k, weight in zip(classes[row], np.array([[1, 2, 3], [4, 5, 6]])[row]):
            expected[row, k] += weight / P[row, k]
    np.testing.assert_allclose(data.grad.asnumpy(), expected, rtol=1e-5)
    np.testing.assert_allclose(
        log_prob.asnumpy(), np.log(np.take_along_axis(P, classes, 1)), rtol=1e-5
    )
