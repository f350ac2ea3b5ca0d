"""The functions of `mx.np.linalg` that NumPy computes; see `fallback`."""

import numpy as onp

from ._by_numpy import by_numpy

__all__ = ["cond", "lstsq", "matrix_power", "matrix_rank", "multi_dot", "qr"]

cond = by_numpy(onp.linalg.cond)
lstsq = by_numpy(onp.linalg.lstsq)
matrix_power = by_numpy(onp.linalg.matrix_power)
matrix_rank = by_numpy(onp.linalg.matrix_rank)
multi_dot = by_numpy(onp.linalg.multi_dot)
qr = by_numpy(onp.linalg.qr)
