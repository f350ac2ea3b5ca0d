"""The iterators under the module path that MXNet has them at."""

from .base import DataBatch, DataDesc, DataIter, MXDataIter
from .file_iters import CSVIter, MNISTIter
from .ndarray_iter import NDArrayIter
from .wrappers import PrefetchingIter, ResizeIter

__all__ = [
    "CSVIter",
    "DataBatch",
    "DataDesc",
    "DataIter",
    "MNISTIter",
    "MXDataIter",
    "NDArrayIter",
    "PrefetchingIter",
    "ResizeIter",
]
