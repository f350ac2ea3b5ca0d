"""What every data iterator hands over: descriptions, batches, and the iterator protocol."""

from collections import namedtuple

import numpy as np

from .. import error
from .._numpy_mode import of_mode

__all__ = ["DataDesc", "DataBatch", "DataIter", "MXDataIter"]


class DataDesc(namedtuple("DataDesc", ["name", "shape"])):
    """Name, shape, dtype and layout of one input.

    It compares and unpacks as the pair ``(name, shape)``.

    Args:
        name (str): Name of the input, as the symbol calls it.
        shape (tuple of int): Shape of one batch, the batch dimension included.
        dtype (numpy dtype or str): Element type; float32 when not given.
        layout (str): One letter per axis; ``N`` marks the batch axis.
    """

    def __new__(cls, name, shape, dtype=np.float32, layout="NCHW"):
        desc = super().__new__(cls, name, tuple(shape))
        desc.dtype = dtype
        desc.layout = layout
        return desc

    def __repr__(self):
        return f"DataDesc[{self.name},{self.shape},{self.dtype},{self.layout}]"

    def __getnewargs__(self):
        return self.name, self.shape, self.dtype, self.layout

    @staticmethod
    def get_batch_axis(layout):
        """Index of the batch axis in `layout`: 0 without a layout, -1 when it has no ``N``."""
        return 0 if layout is None else layout.find("N")

    @staticmethod
    def get_list(shapes, types):
        """Descriptions from ``(name, shape)`` pairs and optional ``(name, dtype)`` pairs."""
        dtypes = dict(types) if types is not None else {}
        return [
            DataDesc(name, shape, dtypes[name]) if types is not None else DataDesc(name, shape)
            for name, shape in shapes
        ]


class DataBatch:
    """One batch: what iterators yield and modules consume.

    Args:
        data (list of NDArray): The inputs, in the order of `provide_data`.
        label (list of NDArray): The labels, in the order of `provide_label`.
        pad (int): How many of the last rows only fill the batch up.
        index (array): Positions of the rows in the data set.
        bucket_key: Which symbol of a bucketing module this batch is for.
        provide_data (list of DataDesc): Descriptions of `data` when they differ by batch.
        provide_label (list of DataDesc): Descriptions of `label` when they differ by batch.
    """

    def __init__(
        self,
        data,
        label=None,
        pad=None,
        index=None,
        bucket_key=None,
        provide_data=None,
        provide_label=None,
    ):
        for argument, arrays in (("data", data), ("label", label)):
            if arrays is not None and not isinstance(arrays, (list, tuple)):
                raise error.AssertedValueError(
                    f"DataBatch: {argument} is a {type(arrays).__name__}; "
                    "a list of NDArrays is expected"
                )
        self.data = data
        self.label = label
        self.pad = pad
        self.index = index
        self.bucket_key = bucket_key
        self.provide_data = provide_data
        self.provide_label = provide_label

    def __str__(self):
        data, label = (
            [x.shape for x in arrays] if arrays is not None else None
            for arrays in (self.data, self.label)
        )
        return f"DataBatch: data shapes: {data} label shapes: {label}"


class DataIter:
    """Base of all data iterators.

    A subclass has `provide_data` and `provide_label` and defines either `next` or the parts it is
    made of: `iter_next`, `getdata`, `getlabel`, `getindex` and `getpad`.

    Args:
        batch_size (int): Rows in a batch.
    """

    def __init__(self, batch_size=0):
        self.batch_size = batch_size

    def __iter__(self):
        return self

    def __next__(self):
        return self.next()

    def reset(self):
        """Start over at the first batch."""

    def next(self):
        """The next batch as a `DataBatch`; raises `StopIteration` after the last."""
        if not self.iter_next():
            raise StopIteration
        return DataBatch(
            data=self.getdata(), label=self.getlabel(), pad=self.getpad(), index=self.getindex()
        )

    def iter_next(self):
        """Move to the next batch; false when there is none."""

    def getdata(self):
        """Inputs of the current batch, a list of NDArray."""

    def getlabel(self):
        """Labels of the current batch, a list of NDArray."""

    def getindex(self):
        """Positions in the data set of the rows of the current batch, or None."""

    def getpad(self):
        """Number of rows at the end of the current batch that only fill it up."""


class MXDataIter(DataIter):
    """Iterator over a reader that produces whole batches, such as one of image records.

    Args:
        handle: The reader. It has `batch_size`, `data_shape`, `label_shape` (without the batch
            dimension), `dtype`, `reset()`, and `read()` which gives ``(data, label, pad, index)``
            as arrays, or None after the last batch.
        data_name (str): Name of the input.
        label_name (str): Name of the label.
    """

    def __init__(self, handle, data_name="data", label_name="softmax_label", **_):
        super().__init__(handle.batch_size)
        self.handle = handle
        label_dtype = getattr(handle, "label_dtype", handle.dtype)
        self.provide_data = [self._describe(data_name, handle.data_shape, handle.dtype)]
        self.provide_label = [self._describe(label_name, handle.label_shape, label_dtype)]
        self._current = None
        self._repeat_first = False

    def _describe(self, name, shape, dtype):
        return DataDesc(name, (self.batch_size,) + tuple(shape), np.dtype(dtype).type)

    def debug_skip_load(self):
        """Give the first batch again and again, to time a consumer without the reader."""
        self._repeat_first = True

    def reset(self):
        self._current = None
        self.handle.reset()

    def iter_next(self):
        if self._repeat_first and self._current is not None:
            return True
        batch = self.handle.read()
        self._current = batch and (*map(of_mode, batch[:2]), *batch[2:])
        return batch is not None

    def _part(self, position):
        if self._current is None:
            raise error.MXNetError(
                f"{type(self).__name__}: there is no current batch; "
                "call next() or iter_next() first"
            )
        return self._current[position]

    def getdata(self):
        return self._part(0)

    def getlabel(self):
        return self._part(1)

    def getpad(self):
        return self._part(2)

    def getindex(self):
        return self._part(3)

    def next(self):
        if not self.iter_next():
            raise StopIteration
        data, label, pad, index = self._current
        return DataBatch(data=[data], label=[label], pad=pad, index=index)
