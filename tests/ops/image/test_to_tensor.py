import numpy as np
import pytest
from harness import INTS, Case, Fault, operator_tests

import mxnet as mx

X = np.random.default_rng(0).uniform(0, 120, size=(5, 6, 3))
BYTES = np.arange(90.0).reshape(5, 6, 3)
OP = "_image_to_tensor"


def to_tensor(data):
    return np.moveaxis(data, -1, -3) / 255


CASES = [
    Case(OP, [X], to_tensor, dtypes=("float32", "float64"), out_dtype="float32", grad=()),
    Case(OP, [BYTES], to_tensor, dtypes=INTS, out_dtype="float32", grad=()),
    # Half types are divided in their own precision.
    Case(OP, [X], to_tensor, dtypes=("float16",), out_dtype="float32", rtol=1e-3, grad=()),
    Case(OP, [X[..., :2]], to_tensor, name="channels", grad=()),
    Case(OP, [np.stack([X, X + 1])], to_tensor, name="batch", grad=()),
]
FAULTS = [Fault(OP, [X[0]], "has 2 axes")]
TestToTensor = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("shape", [(5, 6, 3), (2, 5, 6, 3)])
def test_gradient(shape):
    """It is checked against its formula: in float32, numbers of 255 are too rough for slopes."""
    data = mx.nd.array(np.random.default_rng(1).uniform(size=shape))
    data.attach_grad()
    with mx.autograd.record():
        out = mx.nd.image.to_tensor(data)
    head = np.random.default_rng(2).normal(size=out.shape)
    out.backward(mx.nd.array(head))
    expected = np.moveaxis(head, -3, -1) / 255
    np.testing.assert_allclose(data.grad.asnumpy(), expected, rtol=1e-5)
