"""The store of a job whose ranks do not wait for each other (docs/scaling.md)."""

import itertools
import pickle
import threading

import numpy as np

from .. import _core, error
from .. import ndarray as nd
from ..context import cpu
from .dist import DistKVStore
from .kvstore import _pairs

__all__ = ["AsyncKVStore"]


class _Service:
    """The thread that answers other ranks. There is one in the process, for all stores."""

    _lock = threading.Lock()
    _running = None

    @classmethod
    def get(cls):
        """The service, which starts at the first call."""
        with cls._lock:
            if cls._running is None:
                cls._running = cls()
        return cls._running

    def __init__(self):
        self.stores = {}
        self._numbers = itertools.count()
        self._answers = {}
        self._answered = threading.Condition()
        self._problem = None
        threading.Thread(target=self._serve, name="kvstore service", daemon=True).start()

    def _serve(self):
        try:
            while True:
                post = _core.comm.next_post(0.2)
                if post is not None:
                    self._handle(post[0], *pickle.loads(post[1]))
        except Exception as problem:
            with self._answered:
                self._problem = problem
                self._answered.notify_all()

    def _handle(self, rank, what, number, content):
        if what == "answer":
            with self._answered:
                self._answers[number] = content
                self._answered.notify_all()
            return
        store, *arguments = content
        answer = getattr(self.stores[store], what)(*arguments)
        if number is not None:
            _core.comm.post(rank, pickle.dumps(("answer", number, answer)))

    def tell(self, rank, what, *content):
        """Let a rank do something; requests of one rank are done in their order."""
        if self._problem is not None:
            raise self._problem
        _core.comm.post(rank, pickle.dumps((what, None, content)))

    def ask(self, rank, what, *content):
        """The same with an answer: a function that waits for it."""
        number = next(self._numbers)
        _core.comm.post(rank, pickle.dumps((what, number, content)))

        def wait():
            with self._answered:
                while number not in self._answers:
                    if self._problem is not None:
                        raise self._problem
                    self._answered.wait(0.2)
                return self._answers.pop(number)

        return wait


class AsyncKVStore(DistKVStore):
    """Keeps values by key, each in one rank of the job, which updates with every push at once.

    A rank waits for no other: it pulls what is there, made of its own pushes so far and some of
    those of others. Only `init`, `broadcast`, `barrier` and the functions for optimizer states are
    to be called by all ranks.

    Args:
        name (str): Name of the kind of store, such as ``dist_async``.
    """

    def __init__(self, name="dist_async"):
        super().__init__(name)
        self._number = self._world.new_tag()
        self._lock = threading.Lock()
        self._service = _Service.get()
        self._service.stores[self._number] = self

    # What the service calls, for any rank.

    def _take(self, key, value):
        """Update what is stored with a part of a gradient."""
        entry = self._stored(key)
        if isinstance(value, tuple):
            numbers, data = value
            value = nd.sparse.row_sparse_array((data, numbers), shape=entry.layout.shape)
        else:
            value = self._wire.decode(entry, nd.array(value, dtype=value.dtype), entry.stored.size)
            value = value.reshape(entry.stored.shape)
        with self._lock:
            self._apply([entry], [value])

    def _give(self, key):
        """What is stored of a key."""
        with self._lock:
            return self._stored(key).stored.tostype("default").asnumpy().reshape(-1)

    def _give_rows(self, key, numbers):
        """Some rows of what is stored of a key that is not cut."""
        with self._lock:
            rows = nd.sparse.retain(self._stored(key).stored, nd.array(numbers, dtype="int64"))
        return rows.indices.asnumpy(), rows.data.asnumpy()

    # What the program calls.

    def push(self, key, value, priority=0):
        self._check_keys(key)
        for k, arrays in _pairs(key, value):
            entry, value = self._stored(k), self._sum(k, arrays)
            _core.comm.note_push(f"push {k!r}")
            if value.stype == "row_sparse" and not entry.layout.is_cut:
                content = value.indices.asnumpy(), value.data.asnumpy()
                self._service.tell(entry.layout.owner, "_take", self._number, k, content)
                continue
            value = value.tostype("default")
            for rank in range(self._world.size):
                if entry.layout.size_of(rank):
                    part = self._wire.encode(entry, value, rank).asnumpy()
                    self._service.tell(rank, "_take", self._number, k, part)

    def _note_step(self, batch_size):
        _core.comm.note_step(batch_size)

    def _whole(self, entries):
        """The newest values of keys, each as one array."""
        asked = [
            [
                self._service.ask(rank, "_give", self._number, entry.key)
                for rank in range(self._world.size)
                if entry.layout.size_of(rank)
            ]
            for entry in entries
        ]
        for entry, answers in zip(entries, asked):
            value = np.concatenate([answer() for answer in answers]).reshape(entry.layout.shape)
            yield nd.array(value, dtype=entry.dtype)

    def pull(self, key, out=None, priority=0, ignore_sparse=True):
        pairs = _pairs(key, out)
        for k, arrays in pairs:
            self._stored(k).check("pull", arrays)
        for (_, arrays), value in zip(pairs, self._whole([self._stored(k) for k, _ in pairs])):
            for array in arrays:
                if array.stype == "default":
                    value.copyto(array)
                elif not ignore_sparse:
                    value.tostype(array.stype).copyto(array)

    def _rows_of(self, entry, numbers):
        numbers = numbers.as_in_context(cpu()).reshape((-1,)).astype("int64")
        if entry.layout.is_cut:
            (whole,) = self._whole([entry])
            return nd.sparse.retain(whole, numbers)
        answer = self._service.ask(
            entry.layout.owner, "_give_rows", self._number, entry.key, numbers.asnumpy()
        )
        numbers, data = answer()
        return nd.sparse.row_sparse_array((data, numbers), shape=entry.layout.shape)

    def set_gradient_compression(self, compression_params):
        super().set_gradient_compression(compression_params)
        if compression_params.get("type") == "bf16":
            raise error.ValueError(
                "set_gradient_compression: type='bf16' is not for dist_async; expected 2bit or fp16"
            )
