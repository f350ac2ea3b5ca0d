"""Arguments that 1.9.1 takes: slopes by sample and channel, unused padding, attributes."""

import numpy as np
import pytest

import mxnet as mx


def prelu(data_shape, gamma_shape):
    count = int(np.prod(gamma_shape))
    gamma = mx.nd.arange(1, count + 1).reshape(gamma_shape)
    out = mx.nd.LeakyReLU(-mx.nd.ones(data_shape), gamma, act_type="prelu")
    return gamma.asnumpy(), -out.asnumpy()


@pytest.mark.parametrize(
    "data, gamma, as_shape",
    [
        ((2, 3, 4), (2, 3), (2, 3, 1)),
        ((2, 3, 4), (2, 1), (2, 1, 1)),
        ((2, 3, 4), (1, 3), (1, 3, 1)),
        ((2, 3, 4), (3,), (1, 3, 1)),
        ((2, 3, 4), (2,), (2, 1, 1)),
        ((3, 3, 3), (3, 3), (3, 3, 1)),
        ((2, 3), (2, 3), (2, 3)),
        ((2, 3), (2,), (2, 1)),
        ((2, 3), (3,), (1, 3)),
        ((2, 2, 2), (2,), (1, 2, 1)),
        ((2, 3, 4), (1,), (1, 1, 1)),
        ((2, 3, 4), (2, 3, 4), (2, 3, 4)),
    ],
)
def test_slopes_of_prelu(data, gamma, as_shape):
    given, out = prelu(data, gamma)
    np.testing.assert_array_equal(out, np.broadcast_to(given.reshape(as_shape), data))


def test_gradient_of_slopes():
    data, gamma = -mx.nd.ones((2, 3, 4)), mx.nd.ones((2, 3))
    gamma.attach_grad()
    with mx.autograd.record():
        out = mx.nd.LeakyReLU(data, gamma, act_type="prelu")
    out.backward()
    np.testing.assert_array_equal(gamma.grad.asnumpy(), np.full((2, 3), -4))


def test_pooling_ignores_what_it_does_not_use():
    data = mx.nd.arange(10).reshape((1, 1, 10))
    same = {"kernel": 2, "stride": 2, "pool_type": "max", "pooling_convention": "same"}
    for pad in [(), (0,), (0, 0, 0), (9,)]:
        out = mx.nd.Pooling(data, pad=pad, **same)
        np.testing.assert_array_equal(out.asnumpy(), [[[1, 3, 5, 7, 9]]])
    image = mx.nd.arange(36).reshape((1, 1, 6, 6))
    for unused in [{"stride": (1, 1)}, {"kernel": (2, 2), "pad": (0, 0, 0)}, {"pad": (5, 5)}]:
        out = mx.nd.Pooling(image, global_pool=True, pool_type="avg", **unused)
        assert out.asscalar() == 17.5


def test_target_shape_decides():
    deconvolution = mx.sym.Deconvolution(
        mx.sym.Variable("d"),
        kernel=(3, 3),
        stride=(2, 2),
        target_shape=(8, 8),
        pad=(99, 99),
        adj=(101, 101),
        num_filter=5,
    )
    assert deconvolution.infer_shape(d=(2, 5, 4, 4))[1] == [(2, 5, 8, 8)]


def test_attributes_among_the_shapes():
    symbol = mx.sym.take(mx.sym.Variable("a"), mx.sym.Variable("i"), mode="clip")
    executor = symbol.simple_bind(mx.cpu(), a=(3, 2), i=(2,), mode="clip", grad_req="null")
    assert [array.shape for array in executor.arg_arrays] == [(3, 2), (2,)]


def test_size_that_a_later_operator_tells():
    one = mx.sym.broadcast_axis(mx.sym.var("y", shape=(1, 3)), axis=0, size=0)
    joined = mx.sym.concat(mx.sym.ones((5, 1, 3)), mx.sym.expand_dims(one, axis=1), dim=1)
    assert joined.infer_shape()[1] == [(5, 2, 3)]


def test_last_step_of_no_steps():
    for shape, axis in [((0, 2, 3), 0), ((2, 0, 3), 1)]:
        with pytest.raises(mx.MXNetError, match="SequenceLast: data=.* has no last step"):
            mx.nd.SequenceLast(mx.nd.array(np.ones(shape)), axis=axis)


def test_named_arrays_of_the_svm_example():
    named = mx.io._init_data(np.zeros(3), allow_empty=True, default_name="svm_label")
    assert [(name, array.shape) for name, array in named] == [("svm_label", (3,))]
    assert mx.io._init_data(None, allow_empty=True, default_name="x") == []
