"""Where an iterator takes its pictures from: a list of files, or a file of records."""

import os

import numpy as np

from .. import _files, recordio
from .. import error as errors
from .functions import read_file

__all__ = ["read_list", "number_list", "FileSamples", "RecordSamples"]


def read_list(path, name):
    """Entries {key: (labels, file)} of a list file: key, labels and file name between tabs.

    Args:
        path (str): The list file.
        name (str): Who asks, for messages.
    """
    entries = {}
    with _files.open_stream(path, "r", name) as file:
        for line in file:
            cells = line.strip().split("\t")
            if len(cells) < 3:
                raise errors.ValueError(
                    f"{name}: path_imglist={path!r} has the line {line.strip()!r}; key, label"
                    " and file name with tabs between them are expected"
                )
            entries[int(cells[0])] = (np.array(cells[1:-1], dtype=np.float32), cells[-1])
    return entries


def number_list(imglist):
    """Entries {key: (labels, file)} of a list of [label, ..., file]; keys count from 1."""
    entries = {}
    for key, (*labels, name) in enumerate(imglist, start=1):
        flat = np.hstack([np.asarray(label, dtype=np.float32).ravel() for label in labels])
        entries[str(key)] = (flat, name)
    return entries


class FileSamples:
    """Pictures in files of their own.

    Args:
        entries (dict): {key: (labels, file)}.
        root (str): Folder of the files; None for the working directory.
        name (str): Who asks, for messages.
    """

    def __init__(self, entries, root, name):
        self.keys = list(entries)
        self._entries = entries
        self._root = root
        self._name = name

    def read(self, key):
        """Labels, content and name of a picture."""
        labels, file = self._entries[key]
        return labels, self.read_file(file), f"file={file!r}"

    def read_file(self, name):
        """Content of a file of the list."""
        return read_file(os.path.join(self._root, name) if self._root else name, self._name)

    def rewind(self):
        """Nothing to do: files are found by name."""


class RecordSamples:
    """Pictures in a file of records, in its order or by the keys of an index.

    Args:
        path (str): File of records.
        index (str): Its index; None to read one record after the other.
        entries (dict): {key: (labels, file)} whose labels stand for those of the records; or None.
    """

    def __init__(self, path, index, entries):
        self._entries = entries
        self._path = path
        self.keys = None
        if index:
            self.file = recordio.MXIndexedRecordIO(index, path, "r")
            self.keys = list(entries or self.file.keys)
        else:
            self.file = recordio.MXRecordIO(path, "r")
        self._number = 0

    def read(self, key):
        """Labels, content and name of a picture; `key` is None for the next one.

        Raises:
            StopIteration: There is no next one.
        """
        record = self.file.read() if key is None else self.file.read_idx(key)
        if record is None:
            raise StopIteration
        header, content = recordio.unpack(record)
        place = self._number if key is None else key
        self._number += 1
        labels = header.label
        if self._entries is not None:
            labels = self._entries[header.id if key is None else key][0]
        return labels, content, f"record {place} of {self._path!r}"

    def rewind(self):
        """The next record is the first again."""
        self._number = 0
        if self.keys is None:
            self.file.reset()
