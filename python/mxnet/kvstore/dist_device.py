"""The store of a job of several ranks whose gradients are on GPUs (docs/scaling.md)."""

from .. import _core
from .. import ndarray as nd
from .dist import DistKVStore, _urgent
from .gpu_group import GpuGroup, gpus_of
from .kvstore import _pairs

__all__ = ["DeviceDistKVStore"]


class DeviceDistKVStore(DistKVStore):
    """`DistKVStore` whose dense gradients on GPUs go from GPU to GPU by NCCL.

    What an owner keeps is then on its first GPU, where it is updated. Other gradients, and those
    that are compressed, take the way of `DistKVStore`.

    Args:
        name (str): Name of the kind of store.
    """

    def __init__(self, name="dist_device_sync"):
        super().__init__(name)
        self._gpu_groups = {}
        self._compresses = False
        self._on_gpus = set()  # keys that were pushed from GPUs

    def set_gradient_compression(self, compression_params):
        super().set_gradient_compression(compression_params)
        self._compresses = True

    def _gpu_group(self, arrays):
        """The group that the GPUs of arrays belong to; None where they are not all on GPUs."""
        gpus = None if self._compresses else gpus_of(arrays)
        if gpus is not None and gpus not in self._gpu_groups:
            self._gpu_groups[gpus] = GpuGroup(gpus, self._world)
        return gpus and self._gpu_groups[gpus]

    def _divide(self, key, arrays_of_keys, fits):
        """Keys with their arrays by group of GPUs, and those that no group takes."""
        by_group, others = {}, []
        for k, arrays in _pairs(key, arrays_of_keys):
            group = self._gpu_group(arrays) if fits(self._stored(k), arrays) else None
            if group is None:
                others.append((k, arrays))
            else:
                by_group.setdefault(group, []).append((self._stored(k), arrays))
        return by_group, others

    def push(self, key, value, priority=0):
        self._check_keys(key)
        by_group, others = self._divide(key, value, _is_dense)
        for group, pairs in by_group.items():
            _core.comm.note_push(f"push {pairs[-1][0].key!r}")
            with _urgent():
                self._reduce(group, pairs)
        if others:
            super().push(*map(list, zip(*others)), priority)

    def _is_on_gpus(self, entry, arrays):
        return entry.key in self._on_gpus and all(a.dtype == entry.dtype for a in arrays)

    def _reduce(self, group, pairs):
        """Add up what all GPUs of all ranks bring where it is owned, and update there."""
        transfers, owned, sums = [], [], []
        for entry, arrays in pairs:
            entry.check("push", arrays)
            self._on_gpus.add(entry.key)
            for rank in range(self._world.size):
                size, total = entry.layout.size_of(rank), None
                if size == 0:
                    continue
                if rank == self._world.rank:
                    total = nd.empty((size,), ctx=arrays[0].context, dtype=entry.dtype)
                    owned.append(entry)
                    sums.append(total)
                parts = [entry.layout.part(array, rank) for array in arrays]
                transfers += group.reduce(parts, rank, total)
        group.run(transfers)
        for entry, total in zip(owned, sums):
            entry.stored = entry.stored.as_in_context(total.context)
        shapes = [entry.layout.shape_of(self._world.rank) for entry in owned]
        self._apply(owned, [total.reshape(shape) for total, shape in zip(sums, shapes)])

    def pull(self, key, out=None, priority=0, ignore_sparse=True):
        by_group, others = self._divide(key, out, self._is_on_gpus)
        for group, pairs in by_group.items():
            with _urgent():
                self._broadcast(group, pairs)
        if others:
            super().pull(*map(list, zip(*others)), priority, ignore_sparse)

    def _broadcast(self, group, pairs):
        """Bring the values of all owners to all GPUs of all ranks."""
        transfers = []
        for entry, arrays in pairs:
            entry.check("pull", arrays)
            for rank in range(self._world.size):
                if entry.layout.size_of(rank) == 0:
                    continue
                source = None
                if rank == self._world.rank:
                    source = entry.stored.as_in_context(arrays[0].context).reshape((-1,))
                parts = [entry.layout.part(array, rank) for array in arrays]
                transfers += group.broadcast(rank, source, parts)
        group.run(transfers)


def _is_dense(entry, arrays):
    return entry.stype == "default"
