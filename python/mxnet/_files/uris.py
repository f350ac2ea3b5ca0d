"""What the name of a file says about where it is."""

import os
import re

from .. import error

__all__ = ["is_remote", "local_path", "refuse_remote", "shown"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_PASSWORD = re.compile(r"(?<=://)[^/@]*@")


def is_remote(name):
    """Whether a name is a URI of a store, such as ``s3://bucket/object``."""
    scheme = _SCHEME.match(os.fsdecode(name))
    return bool(scheme) and scheme[1].lower() != "file"


def local_path(name):
    """The path of a file of this machine, which may be named as ``file:///path``.

    Raises:
        ValueError: It is a ``file://`` of another machine.
    """
    path = os.fsdecode(name)
    scheme = _SCHEME.match(path)
    if not scheme or scheme[1].lower() != "file":
        return os.fspath(name)
    path = path[scheme.end() :]
    if not path.startswith("/"):
        raise error.ValueError(
            f"file={name!r} names no file of this machine; file:///path is expected"
        )
    return path


def refuse_remote(name, what):
    """The path of a file of this machine.

    Raises:
        ValueError: It is a URI of a store, which `what` cannot use.
    """
    if is_remote(name):
        raise error.ValueError(
            f"{what}={shown(name)!r} is a URI; a path of this machine is expected"
        )
    return local_path(name)


def shown(uri):
    """The URI for messages, without a password."""
    return _PASSWORD.sub("***@", uri)
