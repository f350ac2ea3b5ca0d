"""Versions, and where the library is."""

import os

from . import error

__all__ = ["__version__", "__remx_version__", "find_include_path", "find_lib_path"]

# Programs ask for the version of MXNet whose interface they find here.
__version__ = "1.9.1"
__remx_version__ = "0.1.0"


def find_include_path():
    """The folder that a compiler needs for libraries of `mxnet.library`.

    Returns:
        str: The folder; ``mxnet/lib_api.h`` is in it.

    Raises:
        RuntimeError: It is not beside the package.
    """
    path = os.path.join(os.path.dirname(__file__), "include")
    if not os.path.isdir(path):
        raise error.MXNetError(f"find_include_path: there is no {path}; expected headers there")
    return path


def find_lib_path(prefix="libmxnet"):
    """Paths of the library.

    Args:
        prefix (str): Its name without the suffix.

    Returns:
        list of str: One path.

    Raises:
        RuntimeError: There is no such library beside the package.
    """
    path = os.path.join(os.path.dirname(__file__), prefix + ".so")
    if not os.path.isfile(path):
        raise error.MXNetError(f"find_lib_path: there is no {path}; expected prefix='libmxnet'")
    return [path]
