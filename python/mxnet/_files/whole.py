"""Files that are read and written as a whole."""

import os

from .. import _core
from .objects import WRITTEN_WHOLE, ask, connect_to_write, failure
from .uris import is_remote, local_path

__all__ = ["read_bytes", "write_by", "write_bytes", "write_text"]


def read_bytes(name, who):
    """The contents of a file or object.

    Raises:
        OSError: It cannot be read.
    """
    if is_remote(name):
        return ask(name, who, lambda filesystem, path: filesystem.cat_file(path))
    with open(local_path(name), "rb") as stream:
        return stream.read()


def write_bytes(name, data, who):
    """Write a file or object in one step: all of it, or what was there stays.

    Raises:
        OSError: It cannot be written.
        NotImplementedError: It is the URI of a store that cannot do that.
    """
    if not is_remote(name):
        _core.write_binary_file(local_path(name), data)
        return
    _send(name, who, lambda filesystem, path: filesystem.pipe_file(path, bytes(data)))


def write_by(write, name, who):
    """As `write_bytes`, for what ``write(path)`` writes into a file of this machine in one step.

    The contents of an object are in a temporary file meanwhile, so that they need no memory.
    """
    if not is_remote(name):
        write(local_path(name))
        return
    import tempfile  # which takes longer than the rest of this package

    with tempfile.TemporaryDirectory() as folder:
        own = os.path.join(folder, "contents")
        write(own)
        _send(name, who, lambda filesystem, path: filesystem.put_file(own, path))


def _send(uri, who, request):
    filesystem, path = connect_to_write(uri, who, WRITTEN_WHOLE)
    try:
        request(filesystem, path)
    except Exception as cause:
        raise failure(uri, who, "cannot be written", cause) from cause


def write_text(name, text, who):
    """As `write_bytes`, for text, as UTF-8."""
    write_bytes(name, text.encode(), who)
