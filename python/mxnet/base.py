"""Things that all modules share."""

import numpy as np

from . import util
from ._core import _Null
from .error import MXNetError

__all__ = ["MXNetError"]

string_types = (str,)
integer_types = (int, np.int32, np.int64)
numeric_types = (float, int, np.generic)
_NULL = _Null


def data_dir():
    """The folder for downloaded files: $MXNET_HOME or ~/.mxnet."""
    return util.data_dir()
