"""mx.context.memory_stats."""

import pytest

import mxnet as mx


def test_memory_stats_follow_arrays():
    mx.nd.waitall()
    before = mx.context.memory_stats(mx.cpu())
    assert before == mx.context.memory_stats()
    x = mx.nd.ones((1 << 20,))
    x.wait_to_read()
    now = mx.context.memory_stats()
    assert now["bytes_in_use"] >= before["bytes_in_use"] + (4 << 20)
    assert now["peak_bytes_in_use"] >= now["bytes_in_use"]
    assert now["num_allocations"] > before["num_allocations"]
    del x
    mx.nd.waitall()
    after = mx.context.memory_stats()
    assert after["bytes_in_use"] < now["bytes_in_use"]
    assert after["peak_bytes_in_use"] >= now["bytes_in_use"]
    mx.context.reset_memory_stats()
    reset = mx.context.memory_stats()
    assert reset["peak_bytes_in_use"] < now["bytes_in_use"]
    assert reset["num_allocations"] == 0


def test_pool_is_emptied():
    x = mx.nd.ones((1 << 20,))
    x.wait_to_read()
    del x
    mx.nd.waitall()
    assert mx.context.memory_stats()["bytes_pooled"] >= 4 << 20
    mx.cpu().empty_cache()
    assert mx.context.memory_stats()["bytes_pooled"] == 0


@pytest.mark.skipif(mx.context.num_gpus() > 0, reason="for machines without a GPU")
def test_memory_of_a_missing_gpu():
    with pytest.raises(mx.MXNetError):
        mx.context.memory_stats(mx.gpu(0))
    with pytest.raises(mx.MXNetError):
        mx.context.gpu_memory_info(0)
