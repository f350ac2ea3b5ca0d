"""Batches from arrays in memory."""

import warnings

import numpy as np

from .. import error
from .. import ndarray as nd
from .._numpy_mode import of_mode
from .base import DataDesc, DataIter
from .utils import checked_batch_size, named_arrays, part_rows

__all__ = ["NDArrayIter"]

_LAST_BATCH = ("pad", "discard", "roll_over")


class NDArrayIter(DataIter):
    """Iterate over arrays along their first axis.

    Args:
        data: An array, a list of arrays, or a dict of arrays by input name. NumPy arrays become
            float32; NDArrays keep their dtype.
        label: The same for labels; None without labels.
        batch_size (int): Rows in a batch.
        shuffle (bool): Draw a new order, by NumPy's global generator, at construction and at
            every `reset`.
        last_batch_handle (str): What to do with rows that fill no batch: ``pad`` it with the
            first rows, ``discard`` it, or ``roll_over`` it into the next epoch.
        data_name (str): Name of the input when `data` is not a dict.
        label_name (str): Name of the label when `label` is not a dict.
        layout (str): Layout in the descriptions.
        num_parts (int): In how many parts the rows are divided, one for each rank of a job. All
            have the same number of rows: with ``discard`` some rows at the end are in none,
            otherwise some rows are in two.
        part_index (int): Which part this iterator gives.

    Raises:
        ValueError: An argument has a wrong value, or an array has too few rows.
        TypeError: `data` or `label` is no array.

    Example:
        >>> it = NDArrayIter(np.arange(6).reshape(3, 2), np.arange(3), batch_size=2)
        >>> [batch.pad for batch in it]
        [0, 1]
    """

    def __init__(
        self,
        data,
        label=None,
        batch_size=1,
        shuffle=False,
        last_batch_handle="pad",
        data_name="data",
        label_name="softmax_label",
        layout="NCHW",
        num_parts=1,
        part_index=0,
    ):
        batch_size = checked_batch_size(batch_size, "NDArrayIter")
        super().__init__(batch_size)
        if last_batch_handle not in _LAST_BATCH:
            raise error.ValueError(
                f"NDArrayIter: last_batch_handle={last_batch_handle!r} is unknown; "
                f"one of {', '.join(_LAST_BATCH)} is expected"
            )
        self.data = named_arrays(data, False, data_name, "NDArrayIter")
        self.label = named_arrays(label, True, label_name, "NDArrayIter")
        self.num_data = self.data[0][1].shape[0]
        self._check_rows()
        self._check_kinds(last_batch_handle)
        if num_parts != 1 or part_index != 0:
            handle = "discard" if last_batch_handle == "discard" else "pad"
            self._take_part(num_parts, part_index, handle)
        self.shuffle = shuffle
        self.last_batch_handle = last_batch_handle
        self.layout = layout
        self.idx = np.arange(self.num_data)
        self._rolled = None
        if shuffle:
            self._draw_order()
        self.cursor = -batch_size
        self._warn_of_no_batch()

    def _take_part(self, num_parts, part_index, handle):
        rows = part_rows(self.num_data, num_parts, part_index, "NDArrayIter", handle)
        self.data, self.label = (
            [(name, array[rows]) for name, array in arrays] for arrays in (self.data, self.label)
        )
        self.num_data = rows.stop - rows.start

    def _check_rows(self):
        for name, array in self.data + self.label:
            if array.shape[0] < self.num_data:
                raise error.ValueError(
                    f"NDArrayIter: {name} has {array.shape[0]} rows; "
                    f"{self.num_data} are expected, as {self.data[0][0]} has"
                )

    def _check_kinds(self, last_batch_handle):
        for name, array in self.data + self.label:
            if array.stype == "csr" and last_batch_handle != "discard":
                raise error.NotImplementedError(
                    f"NDArrayIter: {name} is csr with last_batch_handle={last_batch_handle!r}; "
                    "expected 'discard', as rows of sparse arrays are not put together"
                )

    def _warn_of_no_batch(self):
        if self.num_data == 0:
            what = f"{self.data[0][0]} has no row"
        elif self.num_data < self.batch_size and self.last_batch_handle != "pad":
            what = f"{self.num_data} rows fill no batch of {self.batch_size}"
        else:
            return
        warnings.warn(f"NDArrayIter: {what}; an epoch has no batch", stacklevel=3)

    @property
    def data_list(self):
        """All arrays, inputs first."""
        return [array for _, array in self.data + self.label]

    @property
    def num_source(self):
        """Number of arrays."""
        return len(self.data) + len(self.label)

    @property
    def provide_data(self):
        """Descriptions of the inputs, a list of DataDesc."""
        return self._describe(self.data)

    @property
    def provide_label(self):
        """Descriptions of the labels, a list of DataDesc."""
        return self._describe(self.label)

    def _describe(self, named):
        return [
            DataDesc(name, (self.batch_size,) + array.shape[1:], array.dtype, self.layout)
            for name, array in named
        ]

    def hard_reset(self):
        """Start over, also dropping rows that wait to be rolled over."""
        if self.shuffle:
            self._draw_order()
        self._rolled = None
        self.cursor = -self.batch_size

    def reset(self):
        """Start over; rows left by ``roll_over`` come first."""
        left = self.num_data - self.cursor
        rolls = self.last_batch_handle == "roll_over" and 0 < left < self.batch_size
        self._rolled = self._rows(self.cursor, self.num_data) if rolls else None
        self.cursor = -left if rolls else -self.batch_size
        if rolls:
            self.cursor -= self.batch_size
        if self.shuffle:
            self._draw_order()

    def iter_next(self):
        self.cursor += self.batch_size
        if self.last_batch_handle == "pad":
            return self.cursor < self.num_data
        return self.cursor + self.batch_size <= self.num_data

    def getdata(self):
        return self._batch()[: len(self.data)]

    def getlabel(self):
        return self._batch()[len(self.data) :]

    def getpad(self):
        if self.cursor < 0:
            return -self.cursor if self._rolled is not None else 0
        return (
            max(self.cursor + self.batch_size - self.num_data, 0)
            if self.last_batch_handle == "pad"
            else 0
        )

    def _rows(self, begin, end):
        return [array[begin:end] for array in self.data_list]

    def _batch(self):
        begin, end = self.cursor, self.cursor + self.batch_size
        if begin < 0 and self._rolled is None or begin >= self.num_data:
            raise error.MXNetError(
                "NDArrayIter: there is no current batch; call next() or iter_next() first"
            )
        if begin < 0:
            return [
                nd.concat(old, array[:end], dim=0) if end else old
                for old, array in zip(self._rolled, self.data_list)
            ]
        if end <= self.num_data:
            return self._rows(begin, end)
        return [self._padded(array, begin, end) for array in self.data_list]

    def _padded(self, array, begin, end):
        """Rows from `begin`, going round to the first row as often as it takes."""
        parts = [array[begin : self.num_data]]
        missing = end - self.num_data
        while missing > 0:
            count = min(missing, self.num_data)
            parts.append(array[:count])
            missing -= count
        return nd.concat(*parts, dim=0)

    def _draw_order(self):
        """Shuffle the rows. The order accumulates over epochs, as it does in MXNet."""
        np.random.shuffle(self.idx)
        self.data = [(name, self._reordered(array)) for name, array in self.data]
        self.label = [(name, self._reordered(array)) for name, array in self.label]

    def _reordered(self, array):
        return of_mode(nd.array(array.asnumpy()[self.idx], array.context, array.dtype))
