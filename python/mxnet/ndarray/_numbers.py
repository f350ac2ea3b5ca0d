"""The numbers of dtypes, kinds of storage and gradient requests in files and in the C interface."""

import numpy as np

__all__ = []

_DTYPE_NP_TO_MX = {
    None: -1,
    np.float32: 0,
    np.float64: 1,
    np.float16: 2,
    np.uint8: 3,
    np.int32: 4,
    np.int8: 5,
    np.int64: 6,
    np.bool_: 7,
    np.dtype([("bfloat16", np.uint16)]): 12,
}
_DTYPE_MX_TO_NP = {number: dtype for dtype, number in _DTYPE_NP_TO_MX.items()}

_STORAGE_TYPE_STR_TO_ID = {"undefined": -1, "default": 0, "row_sparse": 1, "csr": 2}
_STORAGE_TYPE_ID_TO_STR = {number: name for name, number in _STORAGE_TYPE_STR_TO_ID.items()}
(
    _STORAGE_TYPE_UNDEFINED,
    _STORAGE_TYPE_DEFAULT,
    _STORAGE_TYPE_ROW_SPARSE,
    _STORAGE_TYPE_CSR,
) = _STORAGE_TYPE_ID_TO_STR

_GRAD_REQ_MAP = {"null": 0, "write": 1, "add": 3}
