"""`executor.forward(is_train=0)` was a TypeError: flags given as 0, 1 or NumPy's bools."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, nd

FLAGS = [0, 1, np.bool_(False), np.bool_(True), np.int32(1)]


@pytest.mark.parametrize("flag", FLAGS, ids=repr)
def test_flags(flag):
    x = nd.array([[1, 2], [3, 4]])
    executor = mx.sym.Dropout(mx.sym.var("x"), p=0.5).simple_bind(mx.cpu(), x=(2, 2))
    out = executor.forward(is_train=flag, x=x)[0]
    assert (out.asnumpy() != x.asnumpy()).any() == bool(flag)
    executor.set_monitor_callback(lambda *_: None, monitor_all=flag)
    assert x.reshape((-1, 4), reverse=flag).shape == (1, 4)
    assert autograd.set_recording(flag) is False and autograd.set_recording(False) is bool(flag)
    assert autograd.set_training(flag) is False and autograd.set_training(False) is bool(flag)
    x.attach_grad()
    with autograd.record(train_mode=True):
        y = (x * x).sum()
        z = autograd.grad(y, [x], retain_graph=True, create_graph=flag, train_mode=flag)[0]
    y.backward(retain_graph=flag, train_mode=flag)
    assert (x.grad.asnumpy() == z.asnumpy()).all()


def test_what_has_no_truth():
    with pytest.raises(TypeError):
        autograd.set_recording(np.zeros(2))
