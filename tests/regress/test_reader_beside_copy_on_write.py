"""A thread that read an array while another one copied and rewrote it could see the data of an
array that had got the memory in the meantime."""

import threading
import time

import mxnet as mx

SIZE = 300_000


def test_reader_sees_this_array_only():
    x = mx.nd.zeros((SIZE,))
    seen = set()
    end = time.monotonic() + 3

    def read():
        while time.monotonic() < end:
            values = x.asnumpy()
            seen.add((float(values.min()), float(values.max())))

    def write():
        turn = 0
        while time.monotonic() < end:
            copy = x.copy()
            x[:] = turn % 7
            del copy
            mx.nd.full((SIZE,), -1e9).wait_to_read()
            turn += 1

    threads = [threading.Thread(target=body) for body in (read, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) > 1
    assert seen <= {(float(k), float(k)) for k in range(7)}
