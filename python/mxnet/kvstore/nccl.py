"""The store for the GPUs of one process, which exchange gradients by NCCL."""

from .. import error
from .. import ndarray as nd
from .gpu_group import GpuGroup, gpus_of
from .kvstore import KVStore, _pairs

__all__ = ["NCCLKVStore"]


class NCCLKVStore(KVStore):
    """A store like ``device`` whose sums and copies go from GPU to GPU by NCCL.

    Arrays of a key are on GPUs, one on each, in the same order in all calls; row-sparse ones go the
    way of ``device``. Sums are taken in the order that NCCL chooses.

    Args:
        name (str): Name of the kind of store.

    Raises:
        MXNetError: NCCL is not usable, or an array is not on a GPU.
    """

    def __init__(self, name="nccl"):
        super().__init__(name)
        self._groups = {}

    def _group(self, what, key, arrays):
        """The group of the GPUs that arrays of a key are on; None for sparse arrays."""
        if any(array.stype != "default" for array in arrays):
            return None
        gpus = gpus_of(arrays)
        if gpus is None:
            places = ", ".join(str(array.context) for array in arrays)
            raise error.ValueError(
                f"KVStore.{what}: key={key!r} is on {places}; expected one array on each GPU for "
                "the store nccl"
            )
        if gpus not in self._groups:
            self._groups[gpus] = GpuGroup(gpus)
        return self._groups[gpus]

    def _sum(self, key, arrays):
        group = self._group("push", key, arrays)
        if group is None:
            return super()._sum(key, arrays)
        first = arrays[0]
        total = nd.empty(first.shape, ctx=first.context, dtype=first.dtype)
        group.run(group.reduce(arrays, 0, total))
        return total.as_in_context(self._stored(key).context)

    def pull(self, key, out=None, priority=0, ignore_sparse=True):
        for k, arrays in _pairs(key, out):
            value = self._stored(k)
            group = self._group("pull", k, arrays) if value.stype == "default" else None
            if group is None:
                super().pull(k, arrays, priority, ignore_sparse)
                continue
            group.run(group.broadcast(0, value.as_in_context(arrays[0].context), arrays))
