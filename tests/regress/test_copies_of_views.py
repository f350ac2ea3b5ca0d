"""A copy of a small view shared the memory of the whole array: it kept all of it, and its first
write copied all of it."""

import resource

import mxnet as mx

MEGABYTE = 1 << 20


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def test_copy_of_a_view_keeps_nothing_else():
    before = resident_bytes()
    parts = []
    for _ in range(16):
        whole = mx.nd.ones((100 * MEGABYTE // 4,))
        parts.append(whole[:1].copy())
        parts[-1].wait_to_read()
    del whole
    mx.nd.waitall()
    # 1,600 MB passed by; freed memory that is kept for reuse is at most 512 MB.
    assert resident_bytes() - before < 800 * MEGABYTE
    assert all(part.asscalar() == 1 for part in parts)


def test_copies_are_independent():
    whole = mx.nd.ones((1000,))
    parts = [whole[:1].copy(), whole[:999].copy(), whole.copy(), whole.reshape((10, 100)).copy()]
    for part in parts:
        part += 1
    assert whole.asnumpy().max() == 1
    assert all(part.asnumpy().min() == 2 for part in parts)
