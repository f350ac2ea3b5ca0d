"""Dtypes of arrays as ONNX numbers them."""

import numpy as np

from ..package import onnx


def code_of(dtype):
    """The number of a NumPy dtype; bfloat16 is a structure of NumPy here."""
    dtype = np.dtype(dtype)
    if dtype.names == ("bfloat16",):
        return onnx.TensorProto.BFLOAT16
    return onnx.helper.np_dtype_to_tensor_dtype(dtype)
