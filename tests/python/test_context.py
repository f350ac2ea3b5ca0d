"""Contexts, random seeds, features, engine settings and small helpers."""

import pickle
import threading

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd


def test_block_sets_the_context_of_new_arrays():
    with mx.cpu(1):
        assert mx.current_context() == mx.cpu(1)
        with mx.Context("cpu", 2):
            assert nd.zeros((1,)).context == mx.cpu(2)
        assert nd.array([1]).context == mx.cpu(1)
    assert mx.current_context() == mx.cpu(0)


def test_context_is_the_thread_s_own():
    seen = []
    with mx.cpu(3):
        thread = threading.Thread(target=lambda: seen.append(mx.current_context()))
        thread.start()
        thread.join()
    assert seen == [mx.cpu(0)]


def test_context_as_text_key_and_pickle():
    context = mx.Context("gpu", 1)
    assert (str(context), repr(context)) == ("gpu(1)", "gpu(1)")
    assert {context: 1}[mx.gpu(1)] == 1
    assert pickle.loads(pickle.dumps(context)) == context
    assert (context.device_type, context.device_typeid, context.device_id) == ("gpu", 2, 1)


def test_contexts_may_be_subclassed_and_have_attributes():
    class Own(mx.Context):
        pass

    own = Own("cpu", 1)
    own.note = "mine"
    assert own == mx.cpu(1) and nd.zeros((1,), ctx=own).context == mx.cpu(1)


@pytest.mark.skipif(mx.context.num_gpus() > 0, reason="there is a GPU")
def test_a_gpu_that_is_not_there_is_an_error_that_says_what_was_tried():
    with pytest.raises(mx.error.DeviceError, match="libmxnet_cuda"):
        nd.zeros((1,), ctx=mx.gpu())
    with pytest.raises(mx.MXNetError):
        mx.context.gpu_memory_info(0)


def test_seed_repeats_the_numbers():
    draws = []
    for _ in range(2):
        mx.random.seed(7)
        draws.append(mx.nd.random.uniform(shape=(5,)).asnumpy())
    np.testing.assert_array_equal(*draws)
    with pytest.raises(ValueError, match="seed_state"):
        mx.random.seed("a")


def test_features():
    features = mx.runtime.Features()
    assert list(features)[:2] == ["CUDA", "CUDNN"] and len(features) == 32
    assert features.is_enabled("openmp") and features.is_enabled("MKLDNN")
    assert "✔ OPENMP" in repr(features)
    with pytest.raises(RuntimeError, match="feature_name='no'"):
        features.is_enabled("no")


def test_engine_settings():
    before = mx.engine.set_bulk_size(7)
    with mx.engine.bulk(3):
        assert mx.engine.set_bulk_size(3) == 3
    assert mx.engine.set_bulk_size(before) == 7


def test_numpy_interface_is_off_until_it_is_chosen():
    assert not mx.util.is_np_array() and not mx.util.is_np_shape()
    mx.util.set_np()
    try:
        assert mx.util.is_np_array() and mx.util.is_np_shape()
    finally:
        mx.util.reset_np()
    assert not mx.util.is_np_array() and not mx.util.is_np_shape()


def test_environment_of_tests(monkeypatch):
    from mxnet.test_utils import environment

    monkeypatch.delenv("REMX_TEST", raising=False)
    with environment("REMX_TEST", "1"):
        assert mx.util.getenv("REMX_TEST") == "1"
    assert mx.util.getenv("REMX_TEST") is None
