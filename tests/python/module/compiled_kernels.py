"""Compiled graphs against the same operators computed one by one."""

import numpy as np
import pytest

import mxnet as mx


def difference(symbol, shape):
    """Largest difference of an executor to the operators one by one, and the plan."""
    generator = np.random.RandomState(0)
    shapes = dict(zip(symbol.list_arguments(), symbol.infer_shape(data=shape)[0]))
    arrays = {
        name: mx.nd.array(generator.uniform(-1, 1, size) / np.sqrt(np.prod(size[1:])))
        for name, size in shapes.items()
    }
    arrays["data"] *= np.sqrt(np.prod(shape[1:]))
    executor = symbol.bind(mx.cpu(), arrays, grad_req="null")
    fused = executor.forward(is_train=False)[0].asnumpy()
    monitored = symbol.bind(mx.cpu(), arrays, grad_req="null")
    monitored.set_monitor_callback(lambda name, value: None)  # switches fusion off
    plain = monitored.forward(is_train=False)[0].asnumpy()
    return np.abs(fused - plain).max() / np.abs(plain).max(), executor.debug_str()


def has_vectors():
    """Whether the kernels of backend/cpu/tuned are there."""
    try:
        with open("/proc/cpuinfo") as info:
            return {"avx2", "fma"} <= set(info.read().split())
    except OSError:
        return False


needs_vectors = pytest.mark.skipif(not has_vectors(), reason="this CPU has no AVX2")
