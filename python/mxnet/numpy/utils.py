"""Constants and types under the names that NumPy has for them."""

import numpy as onp

__all__ = [
    "float16",
    "float32",
    "float64",
    "uint8",
    "int32",
    "int8",
    "int64",
    "bool",
    "bool_",
    "finfo",
    "pi",
    "inf",
    "nan",
    "PZERO",
    "NZERO",
    "newaxis",
    "e",
    "NINF",
    "PINF",
    "NAN",
    "NaN",
    "_STR_2_DTYPE_",
]

float16, float32, float64 = onp.float16, onp.float32, onp.float64
uint8, int32, int8, int64 = onp.uint8, onp.int32, onp.int8, onp.int64
bool = bool_ = onp.bool_
finfo = onp.finfo
pi, e, inf, nan = onp.pi, onp.e, onp.inf, onp.nan
PINF, NINF, NAN, NaN, PZERO, NZERO = inf, -inf, nan, nan, 0.0, -0.0
newaxis = None

_STR_2_DTYPE_ = {
    "float16": float16,
    "float32": float32,
    "float64": float64,
    "float": float64,
    "uint8": uint8,
    "int8": int8,
    "int32": int32,
    "int64": int64,
    "int": int64,
    "bool": bool,
    "bool_": bool_,
    "None": None,
}
