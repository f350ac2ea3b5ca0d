"""Batches sent from process to process: small things as bytes, arrays in memory that is shared.

The memory is a file without a name, which ends with the last process that has it open.
"""

import io
import mmap
import os
import pickle
from multiprocessing import reduction

import numpy as np

from ...ndarray import NDArray
from ...ndarray import array as make_array

__all__ = ["send", "receive"]

_ALIGNMENT = 64


class _Pickler(pickle.Pickler):
    """Takes arrays of this library as NumPy arrays, whose elements go beside the bytes."""

    def reducer_override(self, value):
        if isinstance(value, NDArray) and value.stype == "default":
            is_numpy = type(value) is not NDArray
            return _restore, (np.ascontiguousarray(value.asnumpy()), is_numpy)
        return NotImplemented


def _restore(values, is_numpy):
    return make_array(values, dtype=values.dtype)._with_interface(is_numpy)


def send(connection, ticket, value, process):
    """Send a value with a number.

    Args:
        connection (Connection): A duplex pipe.
        ticket (int): The number.
        value: Anything that can be pickled.
        process (int): Number of the process that receives.
    """
    stream, buffers = io.BytesIO(), []
    _Pickler(stream, protocol=5, buffer_callback=buffers.append).dump(value)
    views = [each.raw() for each in buffers]
    places, size = [], 0
    for view in views:
        places.append((size, view.nbytes))
        size += -(-view.nbytes // _ALIGNMENT) * _ALIGNMENT
    if size == 0:
        connection.send((ticket, stream.getvalue(), places, 0))
        return
    memory = os.memfd_create("mxnet-batch", os.MFD_CLOEXEC)
    try:
        os.ftruncate(memory, size)
        with mmap.mmap(memory, size) as shared:
            for (begin, length), view in zip(places, views):
                shared[begin : begin + length] = view
        connection.send((ticket, stream.getvalue(), places, size))
        reduction.send_handle(connection, memory, process)
    finally:
        os.close(memory)


def receive(connection):
    """Receive what `send` sent.

    Returns:
        tuple: The number, and a function that gives the value.
    """
    ticket, text, places, size = connection.recv()
    if size == 0:
        buffers = [b""] * len(places)
        return ticket, lambda: pickle.loads(text, buffers=buffers)
    memory = reduction.recv_handle(connection)
    try:
        shared = mmap.mmap(memory, size)
    finally:
        os.close(memory)
    view = memoryview(shared)
    buffers = [view[begin : begin + length] for begin, length in places]
    return ticket, lambda: pickle.loads(text, buffers=buffers)
