"""The functions of `mxnet.ndarray.contrib` under the path of earlier versions."""

from ..ndarray import contrib as _contrib

__dir__ = _contrib.__dir__


def __getattr__(name):
    return getattr(_contrib, name)
