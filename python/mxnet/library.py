"""Shared objects with operators, partitioners and graph passes of their own.

They are compiled with ``lib_api.h`` of MXNet 1.9.1, or with the header of the same name that Remx
brings (docs/custom_libraries.md).
"""

import logging
import os

from . import _core, error

__all__ = ["load"]

MXNetError = error.MXNetError


def load(path, verbose=True):
    """Load a shared object; its operators are in `mx.nd` and `mx.sym` from then on.

    A path that was loaded before is not opened again.

    Args:
        path (str): Absolute path of a .so file.
        verbose (bool): Whether to log what it brings.

    Raises:
        MXNetError: There is no such file, or it cannot be loaded.
    """
    path = os.fspath(path)
    if not os.path.exists(path):
        raise MXNetError(f"library.load: path={path}: load path {path} does NOT exist")
    if not os.path.isabs(path):
        raise MXNetError(f"library.load: path={path} is not an absolute path; expected one")
    if not path.endswith(".so"):
        raise MXNetError(f"library.load: path={path} is not a library; expected a file .so")
    names = _core.load_library(os.path.realpath(path))
    if verbose:
        kinds = ("operators", "partitioners", "passes")
        found = [f"{kind}: {', '.join(each)}" for kind, each in zip(kinds, names) if each]
        logging.info("library.load: %s brings %s", path, "; ".join(found) or "nothing")
