"""Dtypes of ONNX, and those in which their tensors are computed here."""

import numpy as np

from ... import error

__all__ = [
    "computed_in",
    "from_enum",
    "is_bool",
    "is_float",
    "is_integer",
    "numpy_dtype",
    "to_storage",
]

_SAME = ("bool", "int8", "uint8", "int32", "int64", "float16", "float32", "float64")
_WIDER = {
    "int16": "int32",
    "uint16": "int32",
    "uint32": "int64",
    "uint64": "int64",
    "int2": "int8",
    "int4": "int8",
    "uint2": "uint8",
    "uint4": "uint8",
}
_FLOATS = ("bfloat16", "float8", "float4", "float6")


def computed_in(dtype):
    """The name of the dtype in which tensors of an ONNX dtype are computed.

    Args:
        dtype (str): Name of the dtype as NumPy and ``ml_dtypes`` call it, such as ``"bfloat16"``.

    Raises:
        NotImplementedError: Strings and complex numbers.
    """
    if dtype in _SAME:
        return dtype
    if dtype in _WIDER:
        return _WIDER[dtype]
    if dtype.startswith(_FLOATS):
        return "float32"
    raise error.NotImplementedError(
        f"import_model: dtype={dtype} is no number that can be computed with; expected one of "
        f"{', '.join(_SAME)}, or a narrower one"
    )


def from_enum(number):
    """Name of the dtype with a number of ``onnx.TensorProto``.

    Raises:
        ValueError: There is no such dtype.
    """
    import onnx

    try:
        if number == onnx.TensorProto.STRING:
            return "string"
        return onnx.helper.tensor_dtype_to_np_dtype(number).name
    except KeyError as cause:
        raise error.ValueError(
            f"import_model: elem_type={number} is unknown; a data type of onnx.TensorProto is "
            "expected"
        ) from cause


def numpy_dtype(name):
    """NumPy's dtype with a name, which may be one of ``ml_dtypes``."""
    try:
        return np.dtype(name)
    except TypeError:
        import ml_dtypes

        return np.dtype(getattr(ml_dtypes, name))


def to_storage(array, dtype):
    """A NumPy array in the dtype in which an ONNX dtype is computed."""
    return np.asarray(array).astype(computed_in(dtype), copy=False)


def is_float(dtype):
    """Whether a dtype has fractions."""
    return computed_in(dtype).startswith("float")


def is_bool(dtype):
    """Whether a dtype is that of truth values."""
    return dtype == "bool"


def is_integer(dtype):
    """Whether a dtype holds whole numbers."""
    return not is_float(dtype) and not is_bool(dtype)
