"""Lengths, labels and classes that come from data: a negative length wrote before its row."""

import numpy as np
import pytest

import mxnet as mx

HOSTILE = [-3, 0, 2, 9, -(2**31), 2**31 - 1]


@pytest.mark.parametrize("op", ["softmax", "log_softmax", "softmin"])
@pytest.mark.parametrize("dtype", ["int32", "int64", "float32", "float64"])
def test_length_of_softmax(op, dtype):
    lengths = HOSTILE + ([np.nan, 1e30, -1e30] if dtype.startswith("float") else [])
    valid = [int(np.clip(np.nan_to_num(x, nan=0), 0, 3)) for x in lengths]
    data = mx.nd.array([[1, 2, 4]] * len(lengths))
    length = mx.nd.array(lengths, dtype=dtype)
    out = getattr(mx.nd, op)(data, length, use_length=True, axis=1).asnumpy()
    for row, count in zip(out, valid):
        assert (row[count:] == 0).all()
        if count:
            expected = getattr(mx.nd, op)(mx.nd.array([[1, 2, 4][:count]])).asnumpy()[0]
            np.testing.assert_allclose(row[:count], expected, rtol=1e-5)


@pytest.mark.parametrize("op", ["softmax", "log_softmax", "softmin"])
def test_gradient_of_elements_behind_the_length(op):
    """They are constants: their head gradients count for nothing, in themselves and in others."""
    length = mx.nd.array([0, 2, 3], dtype="int32")
    data = mx.nd.array([[1, 2, 3]] * 3)
    head = mx.nd.array([[1, 2, 4]] * 3)
    data.attach_grad()
    with mx.autograd.record():
        out = getattr(mx.nd, op)(data, length, use_length=True, axis=1)
    out.backward(head)
    for row, count in enumerate([0, 2, 3]):
        part = mx.nd.array([[1, 2, 3][:count]]) if count else None
        expected = np.zeros(3)
        if count:
            part.attach_grad()
            with mx.autograd.record():
                out = getattr(mx.nd, op)(part)
            out.backward(head[row : row + 1, :count])
            expected[:count] = part.grad.asnumpy()[0]
        np.testing.assert_allclose(data.grad.asnumpy()[row], expected, rtol=1e-5, atol=1e-6)


def test_classes_of_multinomial_exist():
    nothing = mx.nd.array([[0, 0, 0], [np.nan] * 3, [-1, -1, -1], [1e30, 0, 0]])
    drawn, log_prob = mx.nd.sample_multinomial(nothing, shape=50, get_prob=True)
    assert drawn.min().asscalar() >= 0 and drawn.max().asscalar() <= 2
    assert log_prob.shape == (4, 50)
    with pytest.raises(mx.MXNetError, match="multinomial: data=.*class"):
        mx.nd.sample_multinomial(mx.nd.array(np.ones((2, 0))))


@pytest.mark.parametrize("side", [np.nan, np.inf, -np.inf, 1e30, -1e30])
@pytest.mark.parametrize("column", range(5))
def test_regions_anywhere(side, column):
    rois = np.array([[0, 0, 0, 3, 3]], dtype="float32")
    rois[0, column] = side
    data = mx.nd.ones((1, 1, 4, 4))
    for out in [
        mx.nd.ROIPooling(data, mx.nd.array(rois), pooled_size=(2, 2), spatial_scale=1),
        mx.nd.contrib.ROIAlign(data, mx.nd.array(rois), pooled_size=(2, 2), spatial_scale=1),
    ]:
        assert out.shape == (1, 1, 2, 2)
        assert not np.isinf(out.asnumpy()).any()


@pytest.mark.parametrize("label", [np.nan, 1e30, -1e30, -1])
def test_labels_that_are_no_class(label):
    data = mx.nd.array([[1, 2, 3]])
    data.attach_grad()
    with mx.autograd.record():
        out = mx.nd.SoftmaxOutput(data, mx.nd.array([label]))
    out.backward()
    np.testing.assert_allclose(data.grad.asnumpy(), out.asnumpy(), rtol=1e-6)
    data.attach_grad()
    with mx.autograd.record():
        out = mx.nd.SVMOutput(data, mx.nd.array([label]), use_linear=True)
    out.backward()
    np.testing.assert_array_equal(data.grad.asnumpy(), [[1, 1, 1]])


@pytest.mark.parametrize("mode", ["clip", "wrap"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int32", "int64", "int8"])
def test_taken_and_picked(mode, dtype):
    indices = [-1, 0, 2, 100] + ([np.nan, np.inf, -np.inf] if dtype.startswith("float") else [])
    index = mx.nd.array(indices, dtype=dtype)
    data = mx.nd.arange(3 * len(indices)).reshape((len(indices), 3))
    exact = {-1: {"clip": 0, "wrap": 2}, 100: {"clip": 2, "wrap": 1}}
    picked = mx.nd.pick(data, index, mode=mode).asnumpy() - 3 * np.arange(len(indices))
    taken = mx.nd.take(mx.nd.array([0, 1, 2]), index, mode=mode).asnumpy()
    np.testing.assert_array_equal(picked, taken)
    for given, got in zip(indices[:4], taken):
        assert got == exact.get(given, {mode: given})[mode]
    assert ((taken >= 0) & (taken <= 2)).all()
    rows = mx.nd.one_hot(index, 3).asnumpy().sum(axis=1)
    np.testing.assert_array_equal(rows, [0, 1, 1] + [0] * (len(indices) - 3))
