"""Sums and copies between the GPUs of one process, or of all ranks of a job."""

import itertools

from .. import _core, error

__all__ = ["GpuGroup", "gpus_of"]


def gpus_of(arrays):
    """Numbers of the GPUs that dense arrays are on, one on each; None where they are not."""
    gpus = [array.context.device_id for array in arrays if array.context.device_type == "gpu"]
    fits = len(gpus) == len(arrays) == len(set(gpus))
    return tuple(gpus) if fits and all(array.stype == "default" for array in arrays) else None


class GpuGroup:
    """GPUs that exchange arrays by NCCL. All processes make the same calls in the same order.

    Args:
        gpus (tuple of int): Those of this process.
        world (World): The ranks whose GPUs belong to the group; this process alone if not given.

    Raises:
        MXNetError: NCCL is not usable; the message lists what was tried.
    """

    def __init__(self, gpus, world=None):
        counts = world.gather(len(gpus), "GPUs of a group") if world else [len(gpus)]
        identity = world.from_first(_new_id, "name of a group") if world else _new_id()
        if isinstance(identity, Exception):
            raise identity
        self._firsts = list(itertools.accumulate(counts, initial=0))
        first = self._firsts[world.rank] if world else 0
        self._native = _core.comm.GpuGroup(identity, list(gpus), first, self._firsts[-1])

    def run(self, transfers):
        """Queue the transfers of `reduce` and `broadcast` as one operation."""
        self._native.run(list(transfers))

    def reduce(self, arrays, rank, total=None):
        """Transfers that add up `arrays`, one on each GPU of this process, of all processes.

        Args:
            arrays (list of NDArray): What is added up.
            rank (int): Whose first GPU gets the sum.
            total (NDArray): On that GPU, for the sum; None in other ranks.
        """
        root = self._firsts[rank]
        for member, array in enumerate(arrays):
            yield True, member, root, array, total if member == 0 else None

    def broadcast(self, rank, source, arrays):
        """Transfers that fill `arrays`, one on each GPU of this process, in all processes.

        Args:
            rank (int): Whose first GPU has the value.
            source (NDArray): That value; None in other ranks.
            arrays (list of NDArray): What is filled.
        """
        root = self._firsts[rank]
        for member, array in enumerate(arrays):
            yield False, member, root, source if member == 0 else None, array


def _new_id():
    try:
        return _core.comm.new_gpu_group_id()
    except error.MXNetError as problem:
        return problem  # which all ranks raise
