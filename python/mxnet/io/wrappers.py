"""Iterators around other iterators."""

import queue
import threading

from .. import error
from .._numpy_mode import in_mode_of_caller
from .base import DataBatch, DataDesc, DataIter

__all__ = ["ResizeIter", "PrefetchingIter"]


class ResizeIter(DataIter):
    """Give an iterator an epoch of `size` batches, starting it over where it is too short.

    Args:
        data_iter (DataIter): The iterator.
        size (int): Batches in an epoch.
        reset_internal (bool): Whether `reset` resets `data_iter` too.
    """

    def __init__(self, data_iter, size, reset_internal=True):
        super().__init__(data_iter.batch_size)
        self.data_iter = data_iter
        self.size = size
        self.reset_internal = reset_internal
        self.cur = 0
        self.current_batch = None
        self.provide_data = data_iter.provide_data
        self.provide_label = data_iter.provide_label
        if hasattr(data_iter, "default_bucket_key"):
            self.default_bucket_key = data_iter.default_bucket_key

    def reset(self):
        self.cur = 0
        if self.reset_internal:
            self.data_iter.reset()

    def iter_next(self):
        if self.cur == self.size:
            return False
        try:
            self.current_batch = self.data_iter.next()
        except StopIteration:
            self.data_iter.reset()
            self.current_batch = self.data_iter.next()
        self.cur += 1
        return True

    def next(self):
        if not self.iter_next():
            raise StopIteration
        return self.current_batch

    def getdata(self):
        return self.current_batch.data

    def getlabel(self):
        return self.current_batch.label

    def getindex(self):
        return self.current_batch.index

    def getpad(self):
        return self.current_batch.pad


class _Fetcher:
    """Fetches the next batch of one iterator in a thread of its own, one batch ahead."""

    def __init__(self, source):
        self.source = source
        self._wanted = queue.Queue()
        self._results = queue.Queue()
        self._pending = False
        threading.Thread(target=in_mode_of_caller(self._work), daemon=True).start()

    def _work(self):
        while self._wanted.get():
            try:
                self._results.put((self.source.next(), None))
            except StopIteration:
                self._results.put((None, None))
            except Exception as cause:  # pylint: disable=broad-except
                self._results.put((None, cause))

    def start(self):
        """Ask for the next batch; returns at once."""
        self._wanted.put(True)
        self._pending = True

    def take(self):
        """The batch asked for, or None after the last; raises what the iterator raised."""
        if not self._pending:
            return None
        batch, failure = self._results.get()
        self._pending = False
        if failure is not None:
            raise failure
        return batch

    def reset(self):
        """Drop the batch asked for, reset the iterator and ask anew."""
        if self._pending:
            self._results.get()
        self.source.reset()
        self.start()

    def stop(self):
        """End the thread."""
        self._wanted.put(False)


class PrefetchingIter(DataIter):
    """Fetch the next batch in the background while the current one is in use.

    Args:
        iters (DataIter or list of DataIter): Iterators that advance together; their inputs and
            labels are joined.
        rename_data (list of dict): New names of the inputs, one dict for each iterator.
        rename_label (list of dict): New names of the labels, one dict for each iterator.

    Raises:
        ValueError: `iters` is empty, or the iterators end at different batches.
    """

    def __init__(self, iters, rename_data=None, rename_label=None):
        self.iters = list(iters) if isinstance(iters, (list, tuple)) else [iters]
        self.n_iter = len(self.iters)
        if not self.iters:
            raise error.AssertedValueError(
                "PrefetchingIter: iters is empty; at least one iterator is expected"
            )
        self.rename_data = rename_data
        self.rename_label = rename_label
        super().__init__(self.provide_data[0].shape[0])
        self.current_batch = None
        self._fetchers = [_Fetcher(source) for source in self.iters]
        for fetcher in self._fetchers:
            fetcher.start()

    def __del__(self):
        for fetcher in getattr(self, "_fetchers", ()):
            fetcher.stop()

    @property
    def provide_data(self):
        """Descriptions of the inputs of all iterators, a list of DataDesc."""
        return self._describe("provide_data", self.rename_data)

    @property
    def provide_label(self):
        """Descriptions of the labels of all iterators, a list of DataDesc."""
        return self._describe("provide_label", self.rename_label)

    def _describe(self, attribute, renames):
        described = []
        for i, source in enumerate(self.iters):
            names = renames[i] if renames is not None else {}
            for desc in getattr(source, attribute):
                desc = desc if isinstance(desc, DataDesc) else DataDesc(*desc)
                described.append(
                    DataDesc(names.get(desc.name, desc.name), desc.shape, desc.dtype, desc.layout)
                )
        return described

    def reset(self):
        for fetcher in self._fetchers:
            fetcher.reset()

    def iter_next(self):
        batches = [fetcher.take() for fetcher in self._fetchers]
        if all(batch is None for batch in batches):
            return False
        if any(batch is None for batch in batches):
            raise error.ValueError(
                "PrefetchingIter: the iterators end at different batches; the same "
                "number of batches from each is expected"
            )
        first = batches[0]
        if any(batch.pad != first.pad for batch in batches):
            raise error.ValueError(
                f"PrefetchingIter: pad={[batch.pad for batch in batches]} differs "
                "between the iterators; the same pad from each is expected"
            )
        self.current_batch = DataBatch(
            data=sum((list(batch.data) for batch in batches), []),
            label=sum((list(batch.label or []) for batch in batches), []),
            pad=first.pad,
            index=first.index,
            bucket_key=first.bucket_key,
            provide_data=self.provide_data,
            provide_label=self.provide_label,
        )
        for fetcher in self._fetchers:
            fetcher.start()
        return True

    def next(self):
        if not self.iter_next():
            raise StopIteration
        return self.current_batch

    def getdata(self):
        return self.current_batch.data

    def getlabel(self):
        return self.current_batch.label

    def getindex(self):
        return self.current_batch.index

    def getpad(self):
        return self.current_batch.pad
