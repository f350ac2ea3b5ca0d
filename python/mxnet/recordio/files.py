"""Files of records, one behind the other."""

import bisect
import os
import struct

from .. import error
from .._files import is_remote, open_stream

__all__ = ["MXRecordIO", "MXIndexedRecordIO"]

# A record is the magic number, a word with its kind (3 bits) and length (29 bits), the bytes, and
# zeros up to a multiple of four. Where the bytes hold the magic number at a multiple of four, it is
# left out and the record goes on as a further part.
_MAGIC = struct.pack("<I", 0xCED7230A)
_HEAD = struct.Struct("<4sI")
_LENGTH_BITS = 29
_WHOLE, _FIRST, _MIDDLE, _LAST = range(4)


def _split_at_magic(buf):
    """Parts of a record: what lies between magic numbers at multiples of four."""
    begin, found = 0, buf.find(_MAGIC)
    while found >= 0:
        if found % 4 == 0:
            yield buf[begin:found]
            begin = found + 4
            found = buf.find(_MAGIC, begin)
        else:
            found = buf.find(_MAGIC, found + 1)
    yield buf[begin:]


class MXRecordIO:
    """Reads or writes a file of records in their order.

    An object of a store is read by ranges. One that is written is there when the file is closed,
    and not at all without `close` (docs/data.md).

    Args:
        uri (str): The file, or the URI of an object.
        flag (str): "r" to read, "w" to write.

    Raises:
        ValueError: The flag is unknown.
        OSError: The file cannot be opened.

    Example:
        >>> record = mx.recordio.MXRecordIO("data.rec", "w")
        >>> record.write(b"bytes")
        >>> record.close()
    """

    def __init__(self, uri, flag):
        self.uri = os.fspath(uri)
        self.flag = flag
        self.is_open = False
        self.open()

    def open(self):
        """Open the file, from its beginning; a file to write is emptied."""
        if self.flag not in ("r", "w"):
            raise error.ValueError(
                f"{type(self).__name__}: flag={self.flag!r} is unknown; r or w is expected"
            )
        self.writable = self.flag == "w"
        self._file = self._opened(self.uri, self.flag + "b")
        self.pid = os.getpid()
        self.is_open = True

    def _opened(self, path, mode):
        try:
            return open_stream(path, mode, type(self).__name__)
        except error.MXNetError:
            raise  # it says what is wrong
        except OSError as cause:
            raise error.OSError(
                f"{type(self).__name__}: uri={path!r} cannot be opened: {cause.strerror}; a file "
                f"to {'write' if 'w' in mode else 'read'} is expected"
            ) from cause

    def close(self):
        """Close the file; more than once is harmless.

        Raises:
            OSError: What a failed `write` left cannot be written now either.
        """
        if self.is_open:
            self.is_open = False
            self._close(self._file)

    def _close(self, file):
        try:
            file.close()
        except error.MXNetError:
            raise
        except OSError as cause:
            raise self._unwritten("close", file, cause) from cause

    def _unwritten(self, call, file, cause):
        return error.OSError(
            f"{type(self).__name__}.{call}: {file.name!r} cannot be written: {cause.strerror}; "
            "space for the record is expected"
        )

    def __del__(self):
        if getattr(self, "is_open", False) and not (self.writable and is_remote(self.uri)):
            self.close()

    def reset(self):
        """Open the file anew: read from the beginning, or write it anew."""
        self.close()
        self.open()

    def __getstate__(self):
        if self.is_open and self.writable:
            raise error.ValueError(
                f"{type(self).__name__}: {self.uri!r} is being written and has no copy; a closed "
                "file or one to read is expected"
            )
        return {key: value for key, value in self.__dict__.items() if key != "_file"}

    def __setstate__(self, state):
        self.__dict__.update(state)
        if self.is_open:
            self.is_open = False
            self.open()

    def _check(self, call, writable, reopen=False):
        """Refuse what the file is not open for. Two processes share one place in a file, so that
        after a fork only reading from a known place goes on, on a handle of its own."""
        if not self.is_open:
            raise error.ValueError(
                f"{type(self).__name__}.{call}: {self.uri!r} is closed; reset() or open() opens it"
            )
        if self.writable != writable:
            raise error.AssertedValueError(
                f"{type(self).__name__}.{call}: {self.uri!r} is open with flag={self.flag!r}; "
                f"{'w' if writable else 'r'} is expected"
            )
        if self.pid == os.getpid():
            return
        if not reopen:
            raise error.MXNetError(
                f"{type(self).__name__}.{call}: {self.uri!r} belongs to another process; reset() "
                "or a file opened in this one is expected"
            )
        self.reset()

    def write(self, buf):
        """Append a record.

        Args:
            buf (bytes): The record, less than 512 MB.
        """
        self._check("write", writable=True)
        if not isinstance(buf, (bytes, bytearray, memoryview)):
            raise error.TypeError(
                f"{type(self).__name__}.write: buf is a {type(buf).__name__}; bytes are expected"
            )
        buf = bytes(buf)
        if len(buf) >> _LENGTH_BITS:
            raise error.ValueError(
                f"{type(self).__name__}.write: buf has {len(buf)} bytes; less than "
                f"{1 << _LENGTH_BITS} are expected"
            )
        parts = list(_split_at_magic(buf))
        kinds = [_WHOLE] if len(parts) == 1 else [_FIRST, *[_MIDDLE] * (len(parts) - 2), _LAST]
        pieces = []
        for kind, part in zip(kinds, parts):
            head = _HEAD.pack(_MAGIC, kind << _LENGTH_BITS | len(part))
            pieces += [head, part, bytes(-len(part) % 4)]
        self._append(self._file, b"".join(pieces))

    def _append(self, file, data):
        """Write to one of the files. Nothing is kept back, which a process that is forked would
        write once more."""
        try:
            file.write(data)
            file.flush()
        except error.MXNetError:
            raise
        except OSError as cause:
            raise self._unwritten("write", file, cause) from cause

    def _damaged(self, position, what):
        return error.ValueError(
            f"{type(self).__name__}.read: {self.uri!r} is damaged at byte {position}: {what}"
        )

    def _read_part(self, begin):
        """Kind and bytes of the next part, or None at the end; `begin` is the record's place."""
        position = self._file.tell()
        head = self._file.read(_HEAD.size)
        if not head and position == begin:
            return None
        if len(head) < _HEAD.size:
            raise self._damaged(position, "the file ends inside a record")
        magic, word = _HEAD.unpack(head)
        if magic != _MAGIC:
            raise self._damaged(position, f"{magic.hex()} is where {_MAGIC.hex()} begins a record")
        length = word & ((1 << _LENGTH_BITS) - 1)
        padded = self._file.read(length + -length % 4)
        if len(padded) < length + -length % 4:
            raise self._damaged(position, f"the file ends inside a record of {length} bytes")
        return word >> _LENGTH_BITS, padded[:length]

    def read(self):
        """The next record, or None at the end.

        Raises:
            ValueError: The file is damaged; the message says where.
        """
        self._check("read", writable=False)
        begin = self._file.tell()
        parts, kind = [], _MIDDLE
        while kind in (_FIRST, _MIDDLE):
            position = self._file.tell()
            found = self._read_part(begin)
            if found is None:
                return None
            kind, data = found
            if kind not in ((_MIDDLE, _LAST) if parts else (_WHOLE, _FIRST)):
                raise self._damaged(position, f"a part of kind {kind} is out of place")
            parts.append(data)
        return parts[0] if kind == _WHOLE else _MAGIC.join(parts)


class MXIndexedRecordIO(MXRecordIO):
    """Reads or writes a file of records by keys, with a second file that says where each is.

    Args:
        idx_path (str): The file of keys and places, or the URI of an object.
        uri (str): The file of records, or the URI of an object.
        flag (str): "r" to read, "w" to write.
        key_type (type): What the text of a key is turned into.

    Raises:
        ValueError: The flag is unknown, or a line of the index is none.
        OSError: A file cannot be opened.

    Example:
        >>> record = mx.recordio.MXIndexedRecordIO("data.idx", "data.rec", "r")
        >>> record.read_idx(3)
    """

    def __init__(self, idx_path, uri, flag, key_type=int):
        self.idx_path = os.fspath(idx_path)
        self.idx = {}
        self.keys = []
        self.key_type = key_type
        super().__init__(uri, flag)

    def open(self):
        """Open both files; see `MXRecordIO.open`."""
        super().open()
        self.idx, self.keys, self._places = {}, [], []
        try:
            self._index = self._opened(self.idx_path, self.flag)
            if not self.writable:
                with self._index:
                    self._read_index()
        except Exception:
            super().close()
            raise

    def _read_index(self):
        for number, line in enumerate(self._index, 1):
            try:
                key, place = line.strip().split("\t")[:2]
                key, place = self.key_type(key), int(place)
            except ValueError as cause:
                raise error.ValueError(
                    f"MXIndexedRecordIO: line {number} of {self.idx_path!r} is {line.strip()!r}; a "
                    f"key ({self.key_type.__name__}), a tabulator and a place are expected"
                ) from cause
            self.idx[key] = place
            self.keys.append(key)

    def close(self):
        """Close both files; more than once is harmless."""
        try:
            if self.is_open and self.writable:
                self._close(self._index)
        finally:
            super().close()

    def __getstate__(self):
        state = super().__getstate__()
        state.pop("_index", None)
        return state

    def seek(self, idx):
        """Go to the record of a key.

        Raises:
            KeyError: The index lacks the key.
        """
        self._check("seek", writable=False, reopen=True)
        place = self.idx[idx]
        if is_remote(self.uri):
            self._file.seek(place, self._next_place(place))
        else:
            self._file.seek(place)

    def _next_place(self, place):
        """Where the record behind the one at `place` begins; None if the index has none."""
        if len(self._places) != len(self.idx):
            self._places = sorted(self.idx.values())
        at = bisect.bisect_right(self._places, place)
        return self._places[at] if at < len(self._places) else None

    def tell(self):
        """The place where the next record will be written."""
        self._check("tell", writable=True)
        return self._file.tell()

    def read_idx(self, idx):
        """The record of a key.

        Raises:
            KeyError: The index lacks the key.
            ValueError: The file is damaged; the message says where.
        """
        self.seek(idx)
        return self.read()

    def write_idx(self, idx, buf):
        """Append a record under a key.

        Args:
            idx (object): The key; anything that `key_type` takes.
            buf (bytes): The record.
        """
        key, place = self.key_type(idx), self.tell()
        self.write(buf)
        self._append(self._index, f"{key}\t{place}\n")
        self.idx[key] = place
        self.keys.append(key)
