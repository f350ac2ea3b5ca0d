"""Iterator over files of sparse rows in the format of LibSVM, with columns from 0."""

import os

import numpy as np

from .. import _files, error
from .. import ndarray as nd
from .base import MXDataIter
from .file_iters import _warn_unknown
from .utils import as_shape, check_given, check_part, checked_batch_size

__all__ = ["LibSVMIter"]


def _contents(path, argument):
    """What the files of a path hold, one behind the other."""
    names = (
        _files.list_objects(path, "LibSVMIter")
        if _files.is_remote(path)
        else _listed(path, argument)
    )
    return b"\n".join(_files.read_bytes(name, "LibSVMIter") for name in names)


def _listed(path, argument):
    path = _files.local_path(path)
    if os.path.isdir(path):
        names = sorted(os.path.join(path, name) for name in os.listdir(path))
        return [name for name in names if os.path.isfile(name)]
    if not os.path.isfile(path):
        raise error.MXNetError(
            f"LibSVMIter: {argument}={path!r} does not exist; a file or a folder is expected"
        )
    return [path]


def _part(content, num_parts, part_index):
    """The lines that begin in one share of the bytes; the first share holds the first line too."""

    def begin(part):
        place = -(-len(content) // num_parts) * part
        if place == 0 or place >= len(content):
            return min(place, len(content))
        end = content.find(b"\n", place)
        return len(content) if end < 0 else end + 1

    return content[begin(part_index) : begin(part_index + 1)]


def _length(content, num_parts, handle, own):
    """How many rows each part is to have; that of `own` rows stays as it is with ``keep``."""
    if num_parts == 1 or handle == "keep":
        return own
    counts = [
        sum(bool(line.strip()) for line in _part(content, num_parts, part).splitlines())
        for part in range(num_parts)
    ]
    return max(counts) if handle == "pad" else min(counts)


class _Rows:
    """Rows of a file: a first number each, and stored values with their columns."""

    def __init__(self, path, argument, width, num_parts, part_index, handle):
        self._argument, self._path, self._width = argument, path, width
        first, columns, values, ends = [], [], [], [0]
        content = _contents(path, argument)
        for line in _part(content, num_parts, part_index).splitlines():
            words = line.split()
            if not words:
                continue
            try:
                first.append(float(words[0]))
                pairs = [word.split(b":") for word in words[1:]]
                columns += [int(column) for column, _ in pairs]
                values += [float(value) for _, value in pairs]
            except ValueError as cause:
                raise self._wrong(line, "a number and pairs column:value are expected") from cause
            self._check(columns[ends[-1] :], line)
            ends.append(len(columns))
        if not first:
            raise error.MXNetError(
                f"LibSVMIter: {argument}={path!r} has no row in part {part_index} of {num_parts}; "
                "at least one is expected"
            )
        self.first = np.array(first, np.float32)
        self._columns = np.array(columns, np.int64)
        self._values = np.array(values, np.float32)
        self._ends = np.array(ends, np.int64)
        self._length = _length(content, num_parts, handle, len(first))

    def __len__(self):
        return self._length

    def numbers(self, begin, end):
        """Numbers of rows from one place to another, round after round; a part that is filled up
        to its length begins anew with its first row."""
        return np.arange(begin, end) % self._length % len(self.first)

    def _wrong(self, line, expected):
        text = line.decode(errors="replace")[:80]
        return error.MXNetError(
            f"LibSVMIter: {self._argument}={self._path!r} has the line {text!r}; {expected}"
        )

    def _check(self, columns, line):
        if columns and (min(columns) < 0 or max(columns) >= self._width):
            raise self._wrong(line, f"columns from 0 to {self._width - 1} are expected")
        if any(left >= right for left, right in zip(columns, columns[1:])):
            raise self._wrong(line, "columns in ascending order are expected")

    def take(self, rows):
        """The rows of these numbers as a CSR array."""
        places = [np.arange(self._ends[row], self._ends[row + 1]) for row in rows]
        stored = np.concatenate(places)
        ends = np.cumsum([0] + [len(place) for place in places])
        return nd.sparse.csr_matrix(
            (self._values[stored], self._columns[stored], ends),
            shape=(len(rows), self._width),
            dtype="float32",
        )


class _LibSVMReader:
    """Batches of rows, going round at the end; the next epoch skips what was taken there."""

    dtype = np.float32

    def __init__(self, data, label, batch_size, data_shape, label_shape):
        self.batch_size, self.data_shape = batch_size, data_shape
        self.label_shape = () if label is None else label_shape
        self._data, self._label = data, label
        self._position = 0

    def reset(self):
        self._position = max(self._position - len(self._data), 0) % len(self._data)

    def read(self):
        begin, count = self._position, len(self._data)
        if begin >= count:
            return None
        self._position = begin + self.batch_size
        rows = self._data.numbers(begin, self._position)
        label = nd.array(self._data.first[rows]) if self._label is None else self._label.take(rows)
        pad = max(self._position - count, 0)
        return self._data.take(rows), label, pad, rows.astype(np.uint64)


def _width(shape, argument):
    shape = as_shape(shape)
    if len(shape) != 1 or shape[0] < 1:
        raise error.MXNetError(
            f"LibSVMIter: {argument}={shape} has another number of dimensions than 1, or no "
            "column; (columns,) is expected"
        )
    return int(shape[0])


class LibSVMIter(MXDataIter):
    """Iterate over sparse rows as CSR arrays.

    Lines hold a label and pairs ``column:value``, with columns from 0 in ascending order.

    Args:
        data_libsvm (str): File or folder of the rows, or the URI of objects.
        data_shape (tuple of int): (columns,).
        batch_size (int): Rows in a batch; the last one is filled up with the first rows, which the
            next epoch then skips.
        label_libsvm (str): File or folder of labels that are rows themselves; without it the
            labels are those of `data_libsvm`.
        label_shape (tuple of int): (columns,) of the labels.
        num_parts (int): In how many parts the rows are divided.
        part_index (int): Which part this iterator reads.
        part_handle (str): ``pad``: parts, which are shares of the bytes, are filled up with rows of
            their own until all are as long as the longest; ``discard``: they are cut to the length
            of the shortest; ``keep``: each row is in one part.
        data_name (str): Name of the input.
        label_name (str): Name of the label.

    Raises:
        MXNetError: A file is missing or a line does not fit, or an argument has a wrong value.
    """

    def __init__(
        self,
        data_libsvm=None,
        data_shape=None,
        batch_size=None,
        label_libsvm=None,
        label_shape=(1,),
        num_parts=1,
        part_index=0,
        round_batch=True,
        dtype=None,
        data_name="data",
        label_name="softmax_label",
        part_handle="pad",
        **ignored,
    ):
        _warn_unknown("LibSVMIter", ignored)
        check_given(
            "LibSVMIter", data_libsvm=data_libsvm, data_shape=data_shape, batch_size=batch_size
        )
        batch_size = checked_batch_size(batch_size, "LibSVMIter")
        self._check(round_batch, dtype)
        check_part(num_parts, part_index, "LibSVMIter", part_handle, error.MXNetError)
        part = num_parts, part_index, part_handle
        width = _width(data_shape, "data_shape")
        data = _Rows(os.fspath(data_libsvm), "data_libsvm", width, *part)
        label, label_width = None, _width(label_shape, "label_shape")
        if label_libsvm not in (None, "NULL"):
            path = os.fspath(label_libsvm)
            label = _Rows(path, "label_libsvm", label_width, *part)
            if len(label) != len(data):
                raise error.MXNetError(
                    f"LibSVMIter: label_libsvm={path!r} has {len(label)} rows; {len(data)} are "
                    "expected, as data_libsvm has"
                )
        reader = _LibSVMReader(data, label, batch_size, (width,), (label_width,))
        super().__init__(reader, data_name, label_name)

    @staticmethod
    def _check(round_batch, dtype):
        if not round_batch:
            raise error.MXNetError(
                "LibSVMIter: round_batch=False is not supported; True is expected"
            )
        if dtype not in (None, "None", "float32", np.float32):
            raise error.MXNetError(
                f"LibSVMIter: dtype={dtype!r} is not supported; float32 is expected"
            )
