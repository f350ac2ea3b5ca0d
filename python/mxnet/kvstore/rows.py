"""Rows of row-sparse arrays on their way between ranks, whose numbers only the data tells."""

from .. import ndarray as nd
from ..ndarray import sparse

__all__ = ["collect", "hand_out", "collect_numbers"]


def _sizes(world, owner, size, tag, label):
    """At the owner: how much each rank has; elsewhere None."""
    own = nd.array([size], dtype="int64")
    if world.rank != owner:
        world.transfer([(owner, [own])], [], tag, label)
        return None
    sizes = [own if r == owner else nd.empty((1,), dtype="int64") for r in range(world.size)]
    world.transfer([], [(peer, [sizes[peer]]) for peer in world.peers], tag, label)
    return [int(each.asscalar()) for each in sizes]


def _collect(world, owner, arrays, tag, label):
    """At the owner: the arrays of each rank, which differ in their first dimension only."""
    sizes = _sizes(world, owner, arrays[0].shape[0], tag, label)
    if sizes is None:
        if arrays[0].shape[0]:
            world.transfer([(owner, arrays)], [], tag, label)
        return None
    parts = [
        arrays if r == owner else [nd.empty((n, *a.shape[1:]), dtype=a.dtype) for a in arrays]
        for r, n in enumerate(sizes)
    ]
    world.transfer([], [(peer, parts[peer]) for peer in world.peers if sizes[peer]], tag, label)
    return parts


def collect(world, owner, value, tag, label):
    """At the owner: the row-sparse arrays of all ranks, by rank; elsewhere None."""
    arrays = [value.indices.astype("int64"), value.data]
    parts = _collect(world, owner, arrays, tag, label)
    return parts and [
        sparse.row_sparse_array((data, indices), shape=value.shape) for indices, data in parts
    ]


def collect_numbers(world, owner, numbers, tag, label):
    """At the owner: the row numbers of all ranks, by rank; elsewhere None."""
    numbers = numbers.reshape((-1,)).astype("int64")
    parts = _collect(world, owner, [numbers], tag, label)
    return parts and [part for (part,) in parts]


def hand_out(world, owner, values, like, tag, label):
    """This rank's row-sparse array of those that the owner has for each.

    Args:
        world (World): The job.
        owner (int): Who has them.
        values (list of RowSparseNDArray): One for each rank, at the owner.
        like: An entry of the store that tells shape and dtype.
        tag (int): For the messages.
        label (str): For messages about ranks that do not come.
    """
    shape = like.layout.shape
    if world.rank != owner:
        size = nd.empty((1,), dtype="int64")
        world.transfer([], [(owner, [size])], tag, label)
        count = int(size.asscalar())
        numbers = nd.empty((count,), dtype="int64")
        data = nd.empty((count, *shape[1:]), dtype=like.dtype)
        if count:
            world.transfer([], [(owner, [numbers, data])], tag, label)
        return sparse.row_sparse_array((data, numbers), shape=shape)
    arrays = [[value.indices.astype("int64"), value.data] for value in values]
    peers = world.peers
    sizes = {peer: nd.array([arrays[peer][0].shape[0]], dtype="int64") for peer in peers}
    world.transfer([(peer, [sizes[peer]]) for peer in peers], [], tag, label)
    sends = [(peer, arrays[peer]) for peer in peers if arrays[peer][0].shape[0]]
    world.transfer(sends, [], tag, label)
    return values[owner]
