"""A store in memory, ``counted://``, that notes what it is asked for and fails when told to."""

import io
import threading

import fsspec
from fsspec.implementations.memory import MemoryFileSystem


class Upload(io.BytesIO):
    """What is being written, which is an object once it is committed."""

    def __init__(self, store, path):
        super().__init__()
        self._store, self._path = store, path

    def close(self):
        pass  # what was written is still needed

    def commit(self):
        self._store.pipe_file(self._path, self.getvalue())

    def discard(self):
        pass


class CountedStore(MemoryFileSystem):
    """The objects of ``memory://`` under another scheme."""

    protocol = "counted"
    asked = []  # (begin, end) of each range
    problems = []  # exceptions, or numbers of bytes that are left out; each is for one range
    lock = threading.Lock()

    @classmethod
    def _strip_protocol(cls, path):
        return MemoryFileSystem._strip_protocol(path.replace("counted://", "memory://", 1))

    def cat_file(self, path, start=None, end=None, **options):
        with self.lock:
            self.asked.append((start, end))
            problem = self.problems.pop(0) if self.problems else 0
        if isinstance(problem, Exception):
            raise problem
        data = super().cat_file(path, start, end, **options)
        return data[: len(data) - problem]

    def _open(self, path, mode="rb", autocommit=True, **options):
        if mode == "wb" and not autocommit:
            return Upload(self, path)
        return super()._open(path, mode, autocommit=autocommit, **options)

    @classmethod
    def clear(cls):
        cls.asked.clear()
        cls.problems.clear()
        cls.store.clear()
        cls.pseudo_dirs[:] = [""]


fsspec.register_implementation("counted", CountedStore, clobber=True)
