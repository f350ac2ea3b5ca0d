"""A chain of operations keeps what is live: each step's input and output, not all of them."""

import os

import pytest

import mxnet as mx

SMALL = (128, 128)  # runs at once, in the caller's thread
LARGE = (2048, 2048)  # is queued
QUEUE_LIMIT = int(os.environ.get("REMX_QUEUE_LIMIT_MB", 256)) << 20


def peak_of(chain):
    """Bytes that a function takes at most, beyond those in use before."""
    mx.nd.waitall()
    mx.context.reset_memory_stats()
    before = mx.context.memory_stats()["bytes_in_use"]
    chain()
    mx.nd.waitall()
    return mx.context.memory_stats()["peak_bytes_in_use"] - before


def values(x):
    for _ in range(100):
        x = x * 1.01 + 1


def in_place(x):
    y = x.copy()
    for _ in range(100):
        y *= 1.01


def reductions(x):
    for _ in range(100):
        x = x - x.mean(axis=1, keepdims=True)


def bytes_of(x):
    return x.size * 4


@pytest.mark.parametrize("chain, arrays", [(values, 3), (in_place, 2), (reductions, 3)])
def test_small_arrays(chain, arrays):
    x = mx.nd.ones(SMALL)
    assert peak_of(lambda: chain(x)) <= arrays * bytes_of(x)


@pytest.mark.parametrize("chain", [values, reductions])
def test_large_arrays(chain):
    """What waits in the queue keeps its arrays, up to a limit: 1.6 GB would not be waited for."""
    x = mx.nd.ones(LARGE)
    assert peak_of(lambda: chain(x)) <= QUEUE_LIMIT + 4 * bytes_of(x)


def test_a_bound_chain():
    """The plan of a graph gives the memory of a step to the one after the next."""
    net = mx.sym.Variable("x")
    for _ in range(100):
        net = mx.sym.softmax(mx.sym.transpose(net))
    x = mx.nd.ones(SMALL)
    executor = net.bind(mx.cpu(), {"x": x})
    assert peak_of(executor.forward) <= 4 * bytes_of(x)
