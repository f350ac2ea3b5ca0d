"""Files of named arrays: ``.params``, ``.npz``, safetensors and archives of PyTorch."""

import os
import zipfile

import numpy as np

from .. import error
from .. import ndarray as nd
from . import safetensors, torch_archive

__all__ = ["is_array_file", "read_arrays", "write_arrays"]

_TORCH = (".pt", ".pth", ".bin", ".ckpt")
_WIDER = {"int16": "int32", "uint16": "int32", "uint32": "int64", "uint64": "int64"}


def _ending(path):
    return os.path.splitext(path)[1].lower()


def is_array_file(path):
    """Whether a name is that of a file of named arrays."""
    return _ending(path) in (".params", ".nd", ".npz", ".safetensors", *_TORCH)


def read_arrays(path):
    """Read named arrays, whatever the file's kind, which its ending tells.

    Args:
        path (str): A file with the ending .params, .nd, .npz, .safetensors, .pt, .pth, .ckpt or
            .bin.

    Returns:
        dict of str to numpy.ndarray: The arrays, in the order of the file.

    Raises:
        OSError: The file cannot be read.
        MXNetError: It is damaged, or of another kind.
    """
    ending = _ending(path)
    if ending == ".safetensors":
        return safetensors.read(path)
    if ending in _TORCH:
        return torch_archive.read(path)
    if ending == ".npz":
        return _read_npz(path)
    if ending not in (".params", ".nd"):
        raise _unknown(path)
    found = nd.load(path)
    if isinstance(found, dict):
        return {name: array.asnumpy() for name, array in found.items()}
    return {str(i): array.asnumpy() for i, array in enumerate(found)}


def _read_npz(path):
    with open(path, "rb") as file:
        try:
            with np.load(file, allow_pickle=False) as archive:
                return {name: archive[name] for name in archive.files}
        except torch_archive.BROKEN as cause:
            raise error.ValueError(
                f"convert: file={path!r} cannot be read ({' '.join(str(cause).split())}); an "
                "archive of arrays is expected"
            ) from cause


def _unknown(path):
    return error.ValueError(
        f"convert: file={path!r} has an unknown ending; .onnx, .params, .npz, .safetensors, .pt, "
        ".pth or the prefix of a checkpoint is expected"
    )


def to_ndarray(array):
    """An array in a dtype that arrays here have: the next wider one for those that they lack.

    Raises:
        ValueError: It does not hold numbers.
    """
    array = np.asarray(array)
    name = _WIDER.get(array.dtype.name, array.dtype.name)
    if array.dtype.kind not in "fiub":
        raise error.ValueError(
            f"convert: dtype={array.dtype} is not of numbers; numbers are expected"
        )
    return nd.array(array.reshape(array.shape or (1,)), dtype=name)


def write_arrays(path, arrays):
    """Write named arrays into a file of the kind that its ending tells.

    Args:
        path (str): A file with the ending .params, .nd, .npz or .safetensors.
        arrays (dict of str to numpy.ndarray): What to write.

    Raises:
        OSError: The file cannot be written.
        MXNetError: The kind cannot be written.
    """
    ending = _ending(path)
    if ending in (".params", ".nd"):
        nd.save(path, {name: to_ndarray(array) for name, array in arrays.items()})
    elif ending == ".npz":
        with zipfile.ZipFile(path, "w") as archive:
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
    elif ending == ".safetensors":
        safetensors.write(path, arrays)
    else:
        raise _unknown(path)
