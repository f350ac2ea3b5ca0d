"""Files and objects that are read and written piece by piece."""

import contextlib
import io
import os
import sys
import warnings

from .objects import WRITTEN_BY_PIECES, ObjectReader, connect_to_write, failure
from .uris import is_remote, local_path, shown
from .whole import read_bytes

__all__ = ["ObjectWriter", "RangeStream", "open_stream"]


def open_stream(name, mode, who):
    """Open a file or an object.

    Args:
        name (str): Its name.
        mode (str): ``r`` or ``w`` for text, ``rb`` or ``wb`` for bytes.
        who (str): Whose argument the name is.

    Raises:
        OSError: It cannot be opened.
    """
    if not is_remote(name):
        return open(local_path(name), mode)
    name = os.fspath(name)
    if "w" in mode:
        return ObjectWriter(name, who)
    return RangeStream(name, who) if "b" in mode else io.StringIO(read_bytes(name, who).decode())


class RangeStream:
    """Reads an object from a place that moves. Requests grow while they follow each other.

    Raises:
        OSError: The object is not there, or may not be read.
    """

    _LEAST, _MOST = 1 << 16, 1 << 23  # bytes of a request

    def __init__(self, uri, who):
        self.name = uri
        self._object = ObjectReader(uri, who)
        self._place, self._expected = 0, None
        self._begin, self._data, self._request = 0, b"", self._LEAST

    def tell(self):
        """The place that is read next."""
        return self._place

    def seek(self, place, expected=None):
        """Go to a place, from which on reading up to `expected` is foreseen."""
        self._place, self._expected = place, expected

    def read(self, count):
        """The next bytes: `count` of them, or fewer at the end.

        Raises:
            OSError: They cannot be read.
        """
        begin, end = self._place, min(self._place + count, self._object.size)
        if not (self._begin <= begin and end <= self._begin + len(self._data)):
            self._fetch(begin, end)
        self._place = max(begin, end)
        return self._data[begin - self._begin : end - self._begin] if end > begin else b""

    def _fetch(self, begin, end):
        """Have the bytes from `begin` to `end`, and more if more will be read."""
        follows = self._begin <= begin <= self._begin + len(self._data)
        kept = self._data[begin - self._begin :] if follows else b""
        self._request = min(2 * self._request, self._MOST) if follows else self._LEAST
        missing = begin + len(kept)
        foreseen = missing + self._request
        if self._expected is not None:
            foreseen = min(self._expected, begin + self._MOST)
        until = min(max(end, foreseen), self._object.size)
        fetched = self._object.fetch([(missing, until)])[0] if until > missing else b""
        self._begin, self._data, self._expected = begin, kept + fetched, None

    def close(self):
        """Forget what was read."""
        self._data = b""


class ObjectWriter:
    """Writes an object, which is there from `close` on; one that was there stays until then.

    Without `close`, or after an error, nothing is made of what was written.

    Raises:
        OSError: The store refuses.
        NotImplementedError: The store cannot do that in one step.
    """

    def __init__(self, uri, who):
        self.name, self._who, self._pid = uri, who, os.getpid()
        self._file = None
        filesystem, path = connect_to_write(uri, who, WRITTEN_BY_PIECES)
        with self._failing():
            self._file = filesystem.open(path, "wb", autocommit=False)
            filesystem.transaction.files.remove(self._file)  # it is ours to commit

    @contextlib.contextmanager
    def _failing(self):
        try:
            yield
        except Exception as cause:
            self.discard()
            raise failure(self.name, self._who, "cannot be written", cause) from cause

    def tell(self):
        """Bytes written so far."""
        return self._file.tell()

    def write(self, data):
        """Append bytes, or text as UTF-8."""
        with self._failing():
            if self._file is None:
                raise BrokenPipeError("it failed before")
            self._file.write(data.encode() if isinstance(data, str) else data)

    def flush(self):
        """Nothing: the object is not there before `close`."""

    def close(self):
        """Make the object; more than once is harmless."""
        if self._file is None:
            return
        with self._failing():
            self._file.close()
            self._file.commit()
        self._file = None

    def discard(self):
        """Make nothing of what was written."""
        file, self._file = self._file, None
        if file is None:
            return
        with contextlib.suppress(AttributeError):
            file.closed = True  # so that it sends nothing more by itself
        # What a parent writes goes on there, and at the end of the interpreter nobody is asked.
        if self._pid == os.getpid() and not sys.is_finalizing():
            with contextlib.suppress(Exception):  # the store drops unfinished uploads in time
                file.discard()

    def __del__(self):
        if getattr(self, "_file", None) is not None:
            warnings.warn(
                f"{self._who}: {shown(self.name)!r} was not closed; nothing of it is written",
                ResourceWarning,
                stacklevel=2,
            )
            self.discard()
