"""Objects of stores, read by ranges. Everything that asks fsspec for something is here."""

import contextlib
import os
import threading
import time

from .. import error
from .uris import shown

__all__ = [
    "WRITTEN_BY_PIECES",
    "WRITTEN_WHOLE",
    "ObjectReader",
    "ask",
    "connect_to_write",
    "failure",
    "is_there",
    "list_objects",
]

# How often a request is made, and how long is waited after the first one that failed; each further
# wait is twice as long. Stores retry by themselves too; this is for those that do not, and for
# connections that are lost while bytes arrive.
_ATTEMPTS, _FIRST_WAIT = 4, 0.1
# What another request would not change.
_FINAL = (
    FileNotFoundError,
    PermissionError,
    IsADirectoryError,
    NotADirectoryError,
    NotImplementedError,
    ImportError,
    TypeError,
    ValueError,
)
# Stores in which an object is there as a whole or not at all, whatever interrupts who writes it:
# where all of it is given at once, and where it is sent piece by piece.
WRITTEN_WHOLE = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "memory"}
WRITTEN_BY_PIECES = {"s3", "s3a", "gs", "gcs"}
# Answers of HTTP that refuse a request, but may not refuse the next one: too slow, too often.
_PASSING_STATUS = {408, 425, 429}
# What fsspec needs for a scheme, where `remx[remote]` does not bring it.
_INSTALL = {
    **dict.fromkeys(("gs", "gcs"), "gcsfs"),
    **dict.fromkeys(("abfs", "abfss", "az"), "adlfs"),
    **dict.fromkeys(("sftp", "ssh"), "paramiko"),
    "hdfs": "pyarrow",
    "webhdfs": "requests",
    "smb": "smbprotocol",
    "oss": "ossfs",
    "hf": "huggingface_hub",
}


def failure(uri, who, what, cause):
    """The error of a store about a URI, with its reason."""
    reason = str(cause) or type(cause).__name__
    problem = error.OSError(
        f"{who}: {shown(uri)!r} {what} ({type(cause).__name__}: {reason}); an object of a store "
        "that can be reached, and the right to use it, are expected"
    )
    problem.errno = getattr(cause, "errno", None)
    return problem


def connect(uri, who):
    """The file system of fsspec for a URI, and the name of the object there.

    Raises:
        MXNetError: A package is missing.
        ValueError: The scheme is unknown.
    """
    scheme = uri.partition("://")[0]
    package = _INSTALL.get(scheme)
    try:
        from fsspec import available_protocols
        from fsspec.core import url_to_fs

        if package and scheme not in available_protocols():
            raise ImportError(f"fsspec knows {scheme}:// by it")
        return url_to_fs(uri)
    except ImportError as cause:
        raise error.MXNetError(
            f"{who}: {shown(uri)!r} needs a package that is not there ({cause}); "
            f"pip install {package or 'remx[remote]'} is expected"
        ) from cause
    except ValueError as cause:
        raise error.ValueError(
            f"{who}: {shown(uri)!r} cannot be used ({cause}); a URI that fsspec knows is expected"
        ) from cause


def connect_to_write(uri, who, schemes):
    """As `connect`, for stores in which half an object can never be seen.

    Args:
        schemes (set of str): Which those are.

    Raises:
        NotImplementedError: The store is another one.
    """
    if uri.partition("://")[0].lower() not in schemes:
        raise error.NotImplementedError(
            f"{who}: {shown(uri)!r} would not be written in one step; a path of this machine or a "
            f"URI of {', '.join(sorted(schemes))} is expected"
        )
    return connect(uri, who)


def _is_final(problem):
    """Whether another request would fail in the same way."""
    status = getattr(problem, "status", None)  # of HTTP
    refused = isinstance(status, int) and 400 <= status < 500 and status not in _PASSING_STATUS
    return refused or isinstance(problem, _FINAL)


def _retried(request):
    """What `request` gives, which is made some times while it fails for a reason that may pass."""
    wait = _FIRST_WAIT
    for attempt in range(_ATTEMPTS):
        try:
            return request()
        except Exception as problem:
            if _is_final(problem) or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(wait)
            wait *= 2


def ask(uri, who, request):
    """What ``request(filesystem, path)`` gives, which is made some times if it fails.

    Raises:
        OSError: It failed each time.
    """
    filesystem, path = connect(uri, who)
    filesystem.invalidate_cache()  # another program may have written there
    try:
        return _retried(lambda: request(filesystem, path))
    except Exception as cause:
        raise failure(uri, who, "cannot be read", cause) from cause


def is_there(uri, who):
    """Whether an object is there.

    Raises:
        OSError: The store cannot be asked.
    """
    return ask(uri, who, lambda filesystem, path: filesystem.exists(path))


def list_objects(uri, who):
    """The URIs of the objects that a URI names: its own, or those directly below it, in order.

    Raises:
        OSError: There is none, or the store cannot be asked.
    """
    info = ask(uri, who, lambda filesystem, path: filesystem.info(path))
    if info["type"] != "directory":
        return [uri]
    entries = ask(uri, who, lambda filesystem, path: filesystem.ls(path, detail=True))
    # Paths of some stores lack the machine that the URI names.
    paths = sorted(entry["name"] for entry in entries if entry["type"] == "file")
    return [f"{uri.rstrip('/')}/{path.rpartition('/')[2]}" for path in paths]


class ObjectReader:
    """Reads ranges of an object, from any thread and in forked processes.

    Args:
        uri (str): The object.
        who (str): Whose argument names it, for messages.

    Attributes:
        size (int): Its bytes.

    Raises:
        OSError: It is not there, or may not be read.
    """

    def __init__(self, uri, who):
        self._uri, self._who = uri, who
        self._connection = None
        info = ask(uri, who, lambda filesystem, path: filesystem.info(path))
        if info["type"] == "directory" or info["size"] is None:
            raise error.OSError(
                f"{who}: {shown(uri)!r} is no object of known size; one that can be read by ranges "
                "is expected"
            )
        self.size = info["size"]

    def _connected(self):
        """File system, name and lock of this process: a forked one cannot use its parent's."""
        connection, pid = self._connection, os.getpid()
        if connection is None or connection[0] != pid:
            filesystem, path = connect(self._uri, self._who)
            # Only those that are asynchronous inside promise to serve several threads.
            serves_all = getattr(filesystem, "async_impl", False)
            lock = contextlib.nullcontext() if serves_all else threading.Lock()
            connection = self._connection = (pid, filesystem, path, lock)
        return connection[1:]

    def fetch(self, ranges):
        """The bytes of ranges, all asked for at once where the store can.

        Args:
            ranges (list of tuple of int): Begin and end of each.

        Returns:
            list of bytes: One for each range.

        Raises:
            OSError: Some cannot be read, however often they are asked for.
        """
        if not ranges:
            return []
        found = [None] * len(ranges)

        def request():
            missing = [i for i, data in enumerate(found) if data is None]
            problems = []
            for i, answer in zip(missing, self._ask_for([ranges[i] for i in missing])):
                problem = _problem(answer, ranges[i])
                if problem:
                    problems.append(problem)
                else:
                    found[i] = bytes(answer)
            if problems:
                raise problems[0]

        try:
            _retried(request)
        except Exception as cause:
            begin, end = ranges[found.index(None)]
            what = f"cannot be read from byte {begin} to {end}"
            raise failure(self._uri, self._who, what, cause) from cause
        return found

    def _ask_for(self, ranges):
        """Bytes, or an exception, for each range."""
        filesystem, path, lock = self._connected()
        with lock:
            return filesystem.cat_ranges(
                [path] * len(ranges),
                [begin for begin, _ in ranges],
                [end for _, end in ranges],
                on_error="return",
            )


def _problem(data, wanted):
    """What is wrong with the answer for a range; None if nothing is."""
    if isinstance(data, Exception):
        return data
    if isinstance(data, BaseException):  # a task of asyncio was cancelled
        return ConnectionError(repr(data))
    count = wanted[1] - wanted[0]
    if len(data) > count:
        return ValueError(f"{len(data)} bytes came of {count}: the store does not read by ranges")
    if len(data) < count:
        return ConnectionError(f"{len(data)} bytes came of {count}")
    return None
