"""Archives of models, unpacked under limits: they come from outside."""

import lzma
import os
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib

from ... import error

__all__ = ["unpack"]

MOST_FILES = 10_000
MOST_BYTES = 16 * 2**30
_PIECE = 2**20
# What the libraries of archives and compression raise about damaged bytes and names.
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def unpack(path):
    """Unpack a zip (``.mar``) or tar archive into a temporary folder.

    Args:
        path (str): The archive.

    Returns:
        tempfile.TemporaryDirectory: The folder, which goes with the object.

    Raises:
        MXNetError: The file is no archive, is damaged, or holds what is not allowed: links,
            devices, paths that lead out, too many files or bytes.
    """
    folder = tempfile.TemporaryDirectory(prefix="remx-model-")
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                _unpack_zip(archive, path, folder.name)
        elif tarfile.is_tarfile(path):
            with tarfile.open(path) as archive:
                _unpack_tar(archive, path, folder.name)
        else:
            raise error.ValueError(
                f"serve: path={path} is no archive; a .mar, .zip or .tar.gz file is expected"
            )
    except _DAMAGE as cause:
        folder.cleanup()
        if isinstance(cause, error.MXNetError):
            raise
        message = " ".join(str(cause).split())
        raise error.ValueError(f"serve: path={path} cannot be unpacked ({message})") from cause
    except BaseException:
        folder.cleanup()
        raise
    return folder


class _Unpacker:
    """Writes files below a folder and keeps count."""

    def __init__(self, origin, folder):
        self._origin, self._folder = origin, os.path.realpath(folder)
        self._files, self._bytes = 0, 0

    def refuse(self, what):
        raise error.ValueError(f"serve: path={self._origin} {what}")

    def _place(self, name):
        place = os.path.realpath(os.path.join(self._folder, name))
        if os.path.isabs(name) or os.path.commonpath([place, self._folder]) != self._folder:
            self.refuse(f"holds {name!r}, which leads out of the archive")
        return place

    def _count(self):
        self._files += 1
        if self._files > MOST_FILES:
            self.refuse(f"holds more than {MOST_FILES} files")

    def folder(self, name):
        self._count()
        os.makedirs(self._place(name), exist_ok=True)

    def file(self, name, source):
        self._count()
        place = self._place(name)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as target:
            while piece := source.read(_PIECE):
                self._bytes += len(piece)
                if self._bytes > MOST_BYTES:
                    self.refuse(f"unpacks to more than {MOST_BYTES} bytes")
                target.write(piece)


def _unpack_zip(archive, origin, folder):
    unpacker = _Unpacker(origin, folder)
    for entry in archive.infolist():
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            unpacker.refuse(f"holds {entry.filename!r}, which is no plain file")
        if entry.is_dir():
            unpacker.folder(entry.filename)
        else:
            with archive.open(entry) as source:
                unpacker.file(entry.filename, source)


def _unpack_tar(archive, origin, folder):
    unpacker = _Unpacker(origin, folder)
    for entry in archive:
        if entry.isdir():
            unpacker.folder(entry.name)
        elif entry.isreg():
            unpacker.file(entry.name, archive.extractfile(entry))
        else:
            unpacker.refuse(f"holds {entry.name!r}, which is no plain file")
