"""Batches of a Gluon loader for what takes a `mx.io.DataIter`, such as modules."""

from .. import ndarray as nd
from ..io import DataDesc, DataIter

__all__ = ["DataLoaderIter"]


class DataLoaderIter(DataIter):
    """Gives the batches of a `mx.gluon.data.DataLoader`, of data and labels each.

    A batch that is smaller than the first one is filled up, and its `pad` says how far.

    Args:
        loader (DataLoader): The loader.
        data_name (str): Name of the data.
        label_name (str): Name of the labels.
        dtype (str): Type of both.

    Example:
        >>> module.fit(DataLoaderIter(loader), num_epoch=1)
    """

    def __init__(self, loader, data_name="data", label_name="softmax_label", dtype="float32"):
        super().__init__()
        self._loader = loader
        self.dtype = dtype
        data, label = next(iter(loader))
        self.batch_size = data.shape[0]
        self.provide_data = [DataDesc(data_name, data.shape, dtype)]
        self.provide_label = [DataDesc(label_name, label.shape, dtype)]
        self.reset()

    def reset(self):
        """Begin anew."""
        self._batches = iter(self._loader)
        self._batch = None

    def iter_next(self):
        """Go to the next batch; whether there is one."""
        self._batch = next(self._batches, None)
        return self._batch is not None

    def _filled(self, array):
        array = array.astype(self.dtype)
        pad = self.getpad()
        if not pad:
            return [array]
        rest = nd.zeros((pad, *array.shape[1:]), dtype=self.dtype, ctx=array.context)
        return [nd.concat(array, rest, dim=0)]

    def getdata(self):
        """The data of this batch."""
        return self._filled(self._batch[0])

    def getlabel(self):
        """The labels of this batch."""
        return self._filled(self._batch[1])

    def getpad(self):
        """How many rows of this batch are not data."""
        return self.batch_size - self._batch[0].shape[0]

    def getindex(self):
        """None: the rows have no numbers."""
        return None
