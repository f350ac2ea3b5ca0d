"""Tensors in memory that a client of the same machine shares (Triton's extension).

A region is read and written as a file, never mapped: a client that makes it smaller meanwhile gets
an error, where a mapping would end the server.
"""

import contextlib
import os
import re
import stat

from .errors import RequestError

__all__ = ["Place", "SharedMemory"]

_FOLDER = "/dev/shm"  # where shm_open of the C library keeps its objects
_KEY = re.compile(r"/?[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}")
_MOST_REGIONS = 1000
_NAMES = ("shared_memory_region", "shared_memory_byte_size", "shared_memory_offset")


class _Region:
    def __init__(self, descriptor, key, offset, size):
        self.descriptor, self.key, self.offset, self.size = descriptor, key, offset, size


class Place:
    """Where a tensor lies: a region, and bytes in it.

    Attributes:
        region (str): Name of the region.
        offset, size (int): Its bytes, counted from the start of the region.
    """

    __slots__ = ("region", "offset", "size")

    def __init__(self, region, offset, size):
        self.region, self.offset, self.size = region, offset, size

    @classmethod
    def of(cls, parameters, what):
        """The place that the parameters of a tensor name; None if they name none.

        Args:
            parameters (dict): The parameters.
            what (str): What errors call the tensor.

        Raises:
            RequestError: They are damaged.
        """
        region, size, offset = (parameters.get(name) for name in _NAMES)
        if region is None and size is None:
            return None
        offset = 0 if offset is None else offset
        if not isinstance(region, str) or not _is_size(size) or not _is_size(offset):
            raise RequestError(
                400,
                f"{what}: shared_memory_region={region!r}, shared_memory_byte_size={size!r}, "
                f"shared_memory_offset={offset!r}; a name and two whole numbers are expected",
            )
        return cls(region, offset, size)

    def parameters(self):
        """The parameters that name it."""
        return dict(zip(_NAMES, (self.region, self.size, self.offset)))


def _is_size(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


class SharedMemory:
    """The regions that clients have registered. Thread safety: the thread of the event loop.

    Args:
        is_allowed (bool): Whether the operator lets clients do so.
        largest (int): Most bytes of a tensor.
    """

    def __init__(self, is_allowed, largest):
        self.is_allowed, self._largest = is_allowed, largest
        self._regions = {}

    def check_allowed(self):
        """Refuse what needs shared memory.

        Raises:
            RequestError: The operator has not allowed it.
        """
        if not self.is_allowed:
            raise RequestError(403, "shared memory is not allowed here (--shared-memory)")

    def register(self, name, key, offset, size):
        """Take a region.

        Args:
            name (str): What requests call it.
            key (str): Name of the object of POSIX shared memory.
            offset, size (int): Its bytes in the object.

        Raises:
            RequestError: It is not allowed, not there, too small, or the name is taken.
        """
        self.check_allowed()
        if name in self._regions:
            raise RequestError(400, f"shared memory region {name} is registered already")
        if len(self._regions) >= _MOST_REGIONS:
            raise RequestError(400, f"{_MOST_REGIONS} shared memory regions are registered already")
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise RequestError(400, f"key={key!r} is no name of shared memory, such as /input")
        if not _is_size(offset) or not _is_size(size) or size == 0:
            raise RequestError(
                400, f"offset={offset!r}, byte_size={size!r}; whole numbers are expected"
            )
        descriptor = _open(key)
        there = os.fstat(descriptor).st_size
        if offset + size > there:
            os.close(descriptor)
            raise RequestError(
                400, f"key={key} has {there} bytes; {offset + size} are expected of the region"
            )
        self._regions[name] = _Region(descriptor, key, offset, size)

    def unregister(self, name=None):
        """Forget a region, or all; one that is not there is forgotten already.

        Raises:
            RequestError: It is not allowed.
        """
        self.check_allowed()
        for each in list(self._regions) if name is None else [name]:
            region = self._regions.pop(each, None)
            if region is not None:
                os.close(region.descriptor)

    def describe(self, name=None):
        """The regions, or one of them, as a list of dicts.

        Raises:
            RequestError: It is not allowed, or there is no such region.
        """
        self.check_allowed()
        if name is not None:
            self._find(name)
        return [
            {"name": each, "key": region.key, "offset": region.offset, "byte_size": region.size}
            for each, region in self._regions.items()
            if name in (None, each)
        ]

    def _find(self, name):
        region = self._regions.get(name)
        if region is None:
            raise RequestError(400, f"shared memory region {name} is not registered")
        return region

    def check(self, place):
        """The region of a place.

        Raises:
            RequestError: It is not allowed, not registered, or too small.
        """
        self.check_allowed()
        region = self._find(place.region)
        if place.offset + place.size > region.size:
            raise RequestError(
                400,
                f"shared memory region {place.region} has {region.size} bytes; "
                f"{place.offset + place.size} are expected",
            )
        return region

    def read(self, place):
        """The bytes at a place.

        Raises:
            RequestError: It is not allowed, not there or too large.
        """
        region = self.check(place)
        if place.size > self._largest:
            raise RequestError(
                413, f"a tensor of {place.size} bytes; at most {self._largest} are expected"
            )
        try:
            data = os.pread(region.descriptor, place.size, region.offset + place.offset)
        except OSError as cause:
            raise RequestError(400, f"region {place.region} cannot be read ({cause})") from None
        if len(data) != place.size:
            raise RequestError(400, f"shared memory region {place.region} has become smaller")
        return data

    def write(self, place, data):
        """Write a tensor to a place.

        Raises:
            RequestError: It is not allowed, not there, or too small for the tensor.
        """
        region = self.check(place)
        if len(data) > place.size:
            raise RequestError(
                400,
                f"shared_memory_byte_size={place.size} of region {place.region} is too small; "
                f"{len(data)} bytes are expected",
            )
        start = region.offset + place.offset
        try:
            if os.fstat(region.descriptor).st_size < start + len(data):
                raise RequestError(400, f"shared memory region {place.region} has become smaller")
            os.pwrite(region.descriptor, data, start)
        except OSError as cause:
            raise RequestError(400, f"region {place.region} cannot be written ({cause})") from None

    def close(self):
        """Forget all regions."""
        for region in self._regions.values():
            with contextlib.suppress(OSError):
                os.close(region.descriptor)
        self._regions = {}


def _open(key):
    """The descriptor of an object of shared memory."""
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(os.path.join(_FOLDER, key.lstrip("/")), flags)
    except OSError as cause:
        raise RequestError(400, f"key={key} cannot be opened ({cause.strerror})") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RequestError(400, f"key={key} is no shared memory")
    return descriptor
