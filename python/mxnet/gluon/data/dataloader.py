"""The loader of batches."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from multiprocessing.reduction import ForkingPickler

import numpy as np

from ... import context, error
from ... import ndarray as nd
from ..._numpy_mode import in_mode_of_caller, of_mode
from .multi_worker_iter import MultiWorkerIter as _MultiWorkerIter
from .multi_worker_iter import as_in_context as _as_in_context
from .sampler import BatchSampler, RandomSampler, SequentialSampler
from .worker_pool import WorkerPool, WorkerTimeoutError

__all__ = ["DataLoader", "default_batchify_fn", "default_mp_batchify_fn"]

# Packages with loaders of their own take these from here.
_FOR_OTHERS = (ForkingPickler, _MultiWorkerIter)


def default_batchify_fn(data):
    """A batch of samples: arrays are stacked; of tuples each part becomes a batch of its own.

    Args:
        data (list): The samples.

    Returns:
        NDArray or list of NDArray: The batch.

    Raises:
        TypeError: Samples are no numbers and no arrays.
    """
    if isinstance(data[0], nd.NDArray):
        return nd.stack(*data)
    if isinstance(data[0], tuple):
        return [default_batchify_fn(list(part)) for part in zip(*data)]
    values = np.asarray(data)
    if values.dtype.kind not in "biuf":
        raise error.TypeError(
            f"DataLoader: samples are of type {type(data[0]).__name__}; expected numbers, arrays, "
            "or tuples of them (batchify_fn makes batches of others)"
        )
    return of_mode(nd.array(values, dtype=values.dtype))


default_mp_batchify_fn = default_batchify_fn


class _ThreadPool:
    """Makes batches in threads; see `WorkerPool`."""

    def __init__(self, count, dataset, batchify, timeout):
        self._threads = ThreadPoolExecutor(count, "DataLoader")
        self._make = in_mode_of_caller(
            lambda indices: batchify([dataset[index] for index in indices])
        )
        self._timeout = timeout

    def submit(self, indices):
        return self._threads.submit(self._make, indices)

    def result(self, ticket):
        try:
            return ticket.result(self._timeout)
        except FutureTimeoutError:
            if ticket.done():
                raise  # the dataset's own
            raise WorkerTimeoutError(
                f"DataLoader: timeout={self._timeout} seconds are over and a thread has made no "
                "batch; expected a faster dataset, or another timeout"
            ) from None

    def forget(self, tickets):
        for ticket in tickets:
            ticket.cancel()

    def close(self):
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Epoch:
    """The batches of one epoch, some of which are made ahead."""

    def __init__(self, pool, batches, ahead):
        self._pool = pool
        self._batches = iter(batches)
        self._tickets = deque()
        for _ in range(max(ahead, 1)):
            self._ask()

    def _ask(self):
        indices = next(self._batches, None)
        if indices is not None:
            self._tickets.append(self._pool.submit(indices))

    def __iter__(self):
        return self

    def __next__(self):
        if not self._tickets:
            raise StopIteration
        ticket = self._tickets.popleft()
        batch = self._pool.result(ticket)
        self._ask()
        return batch

    def __del__(self):
        self._pool.forget(self._tickets)


class DataLoader:
    """Batches of a dataset, made in this process, in threads or in other processes.

    Args:
        dataset (Dataset): The samples.
        batch_size (int): How many make a batch.
        shuffle (bool): Whether they are taken in random order.
        sampler (Sampler): In which order they are taken otherwise.
        last_batch (str): What becomes of a batch that is not full: 'keep' (if None), 'discard' or
            'rollover' into the next epoch.
        batch_sampler (Sampler): Gives the indices of whole batches, in place of the four before.
        batchify_fn (function): Makes a batch of a list of samples; see `default_batchify_fn`.
        num_workers (int): How many processes or threads; 0 for this one.
        pin_memory (bool): Whether batches lie in memory that a GPU copies from directly.
        pin_device_id (int): Accepted.
        prefetch (int): How many batches are made ahead; None is two for each worker.
        thread_pool (bool): Whether the workers are threads.
        timeout (int): How many seconds to wait for a batch of a worker.
        auto_reload (bool): Whether the next epoch begins to be loaded at the end of one.

    Example:
        >>> for data, label in DataLoader(dataset, batch_size=32, shuffle=True, num_workers=2):
        ...     train(data, label)
    """

    def __init__(
        self,
        dataset,
        batch_size=None,
        shuffle=False,
        sampler=None,
        last_batch=None,
        batch_sampler=None,
        batchify_fn=None,
        num_workers=0,
        pin_memory=False,
        pin_device_id=0,
        prefetch=None,
        thread_pool=False,
        timeout=120,
        auto_reload=False,
    ):
        self._pool = None
        self._epoch = None
        self._dataset = dataset
        self._batch_sampler = _choose_sampler(
            dataset, batch_size, shuffle, sampler, last_batch, batch_sampler
        )
        self._batchify_fn = batchify_fn or default_batchify_fn
        self._num_workers = max(0, num_workers)
        self._pin_memory = pin_memory and context.num_gpus() > 0
        self._prefetch = 2 * self._num_workers if prefetch is None else max(0, int(prefetch))
        self._thread_pool = thread_pool
        if timeout <= 0:
            raise error.AssertionError(
                f"DataLoader: timeout={timeout} is not positive; expected seconds"
            )
        self._timeout = timeout
        self._auto_reload = auto_reload and self._num_workers > 0

    def _make_batches(self):
        for indices in self._batch_sampler:
            yield self._batchify_fn([self._dataset[index] for index in indices])

    def _begin(self):
        """The batches of a new epoch (iterator)."""
        if self._num_workers == 0:
            return self._make_batches()
        if self._pool is None:
            kind = _ThreadPool if self._thread_pool else WorkerPool
            self._pool = kind(self._num_workers, self._dataset, self._batchify_fn, self._timeout)
        return _Epoch(self._pool, self._batch_sampler, self._prefetch)

    def _run(self, batches):
        try:
            for batch in batches:
                yield _as_in_context(batch, context.cpu_pinned()) if self._pin_memory else batch
        except error.MXNetError:
            self.clean()  # workers may be gone
            raise
        if self._auto_reload:
            self.refresh()

    def __iter__(self):
        batches, self._epoch = self._epoch or self._begin(), None
        return self._run(batches)

    def __len__(self):
        return len(self._batch_sampler)

    def refresh(self):
        """Begin to load the next epoch."""
        self._epoch = self._begin()

    def clean(self):
        """End the workers; a further epoch makes new ones."""
        self._epoch = None
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def __del__(self):
        if getattr(self, "_pool", None) is not None:
            self.clean()


def _choose_sampler(dataset, batch_size, shuffle, sampler, last_batch, batch_sampler):
    """What gives the indices of batches."""
    if batch_sampler is not None:
        if batch_size is not None or shuffle or sampler is not None or last_batch is not None:
            raise error.ValueError(
                "DataLoader: batch_sampler was given beside batch_size, shuffle, sampler or "
                "last_batch; expected it alone"
            )
        return batch_sampler
    if batch_size is None:
        raise error.ValueError("DataLoader: batch_size is missing; expected it, or batch_sampler")
    if sampler is None:
        sampler = (RandomSampler if shuffle else SequentialSampler)(len(dataset))
    elif shuffle:
        raise error.ValueError("DataLoader: shuffle was given beside sampler; expected one of both")
    return BatchSampler(sampler, batch_size, last_batch or "keep")
