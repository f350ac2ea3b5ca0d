"""`mx.runtime.Features()` made a new object at each call; in 1.9.1 there is one."""

import mxnet as mx


def test_one_object():
    features = mx.runtime.Features()
    assert features is mx.runtime.Features() is mx.runtime.Features.instance
    assert features.is_enabled("CPU_SSE2") and list(features)[0] == "CUDA"
