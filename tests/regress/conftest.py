"""Fixtures that several of these tests share."""

import numpy as np
import pytest

import mxnet as mx


@pytest.fixture
def failed_array():
    """(300, 300), too large to be computed at once, so that the error is kept in the array.

    No error is left for later tests.
    """
    index = mx.nd.array(np.full(300, 10**6), dtype="int32")
    yield mx.nd.take(mx.nd.ones((300, 300)), index, mode="raise")
    try:
        mx.nd.waitall()
    except IndexError:
        pass
