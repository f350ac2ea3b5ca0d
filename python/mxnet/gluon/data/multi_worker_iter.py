"""Batches of a pool of processes, in order: what loaders of other packages build on.

`DataLoader` has workers of its own (worker_pool.py). Packages with datasets that change from batch
to batch bring a pool and a function that runs in it; the names are those that they use.
"""

import pickle

from ... import context, error
from ... import ndarray as nd

__all__ = ["MultiWorkerIter", "as_in_context"]


def as_in_context(data, ctx):
    """A batch, with the arrays in it, on another device.

    Args:
        data (NDArray or list): The batch; what is no array stays as it is.
        ctx (Context): The device.
    """
    if isinstance(data, nd.NDArray):
        return data.as_in_context(ctx)
    if isinstance(data, (list, tuple)):
        return [as_in_context(each, ctx) for each in data]
    return data


class MultiWorkerIter:
    """Asks a pool for batches ahead and gives them in order.

    Args:
        worker_pool: Has ``apply_async(function, arguments)``, as ``multiprocessing.Pool``.
        batchify_fn (function): Handed on to `worker_fn`.
        batch_sampler (Sampler): Gives the indices of whole batches.
        pin_memory (bool): Whether batches lie in memory that a GPU copies from directly.
        pin_device_id (int): Of which GPU.
        worker_fn (function): Makes a batch of ``(indices, batchify_fn, dataset)``, in the pool.
            Gives the batch, or the bytes of its pickle.
        prefetch (int): How many batches are asked for at the beginning.
        dataset (Dataset): Handed on to `worker_fn`.
        data_loader: Kept alive as long as this.
        timeout (int): How many seconds to wait for a batch.
    """

    def __init__(
        self,
        worker_pool,
        batchify_fn,
        batch_sampler,
        pin_memory=False,
        pin_device_id=0,
        worker_fn=None,
        prefetch=0,
        dataset=None,
        data_loader=None,
        timeout=120,
    ):
        self._worker_pool = worker_pool
        self._batchify_fn = batchify_fn
        self._batch_sampler = batch_sampler
        self._pin_memory = pin_memory and context.num_gpus() > 0
        self._pin_device_id = pin_device_id
        self._worker_fn = worker_fn
        self._dataset = dataset
        self._data_loader = data_loader
        self._timeout = timeout
        self._data_buffer = {}
        self._rcvd_idx = 0
        self._sent_idx = 0
        self._iter = iter(batch_sampler)
        for _ in range(prefetch):
            self._push_next()

    def __len__(self):
        return len(self._batch_sampler)

    def _push_next(self):
        """Ask for the next batch."""
        indices = next(self._iter, None)
        if indices is None:
            return
        arguments = (indices, self._batchify_fn, self._dataset)
        self._data_buffer[self._sent_idx] = self._worker_pool.apply_async(
            self._worker_fn, arguments
        )
        self._sent_idx += 1

    def __next__(self):
        self._push_next()
        if self._rcvd_idx == self._sent_idx:
            raise StopIteration
        if self._rcvd_idx not in self._data_buffer:
            raise error.MXNetError(
                f"DataLoader: batch {self._rcvd_idx} was not asked for; expected _push_next to "
                "keep the batches that it asks for in _data_buffer"
            )
        batch = self._data_buffer.pop(self._rcvd_idx).get(self._timeout)
        self._rcvd_idx += 1
        if isinstance(batch, bytes):
            batch = pickle.loads(batch)
        if self._pin_memory:
            batch = as_in_context(batch, context.cpu_pinned(self._pin_device_id))
        return batch

    next = __next__

    def __iter__(self):
        return self
