"""A broadcast comparison took the memory of an input that has as many bytes but fewer elements.

The mask of 3 x 4 x 5 bytes overwrote the 15 floats that were still to be read.
"""

import numpy as np

import mxnet as mx


def test_mask_of_as_many_bytes_as_an_input():
    x = np.random.RandomState(1).randn(3, 4, 5).astype("float32")
    classes = np.arange(4, dtype="float32").reshape(1, 4, 1)
    largest = mx.sym.argmax(mx.sym.var("x"), axis=1, keepdims=True)
    hot = mx.sym._internal._npi_equal(mx.sym.var("classes"), largest)
    arrays = {"x": mx.nd.array(x), "classes": mx.nd.array(classes)}
    found = hot.bind(mx.cpu(), arrays, grad_req="null").forward()[0].asnumpy()
    np.testing.assert_array_equal(found, classes == x.argmax(1)[:, np.newaxis])
