"""Sparse arrays: compressed rows (CSR) and stored rows (row-sparse).

The arrays are those of the core, of another storage kind; these are their Python classes and the
functions that make them. An operator without a kernel for them works on dense copies.
"""

import builtins  # operators found by __getattr__ hide `slice` and `max`

import numpy as np

from .. import _core, error
from .._core import NDArray
from .._namespace import PREFIXES, operator_module
from ._creation import array as dense_array

__all__ = [
    "BaseSparseNDArray",
    "CSRNDArray",
    "RowSparseNDArray",
    "csr_matrix",
    "row_sparse_array",
    "array",
    "zeros",
    "empty",
    "add",
    "subtract",
    "multiply",
    "divide",
]

_find_operator, __dir__ = operator_module(__name__, _core.op_function, (PREFIXES["sparse"], ""))
_cast_storage, _cast = (
    _core.op_function(name, name, __name__) for name in ("cast_storage", "Cast")
)
_slice = _core.op_function("slice", "slice", __name__)


def __getattr__(name):
    return _find_operator(name)


class BaseSparseNDArray(NDArray):
    """An array of which only some elements are stored.

    Its methods of arithmetic and its operators give sparse results where 1.9.1 does.
    """

    data = property(
        lambda self: _core.sparse_parts(self)[0],
        doc="A copy of the stored rows (row_sparse) or elements (csr).",
    )
    indices = property(
        lambda self: _core.sparse_parts(self)[1],
        doc="A copy of their row numbers (row_sparse) or columns (csr), int64.",
    )
    T = property(lambda self: self.tostype("default").T, doc="The transpose, dense.")

    # The parts under the names and numbers that programs of 1.9.1 know.

    def _data(self):
        return self.data

    def _aux_data(self, i):
        """Part `i` besides the values: indices (row_sparse), or indptr and indices (csr)."""
        return _core.sparse_parts(self)[:0:-1][i]

    def _aux_type(self, i):
        return self._aux_types[i]

    @property
    def _aux_types(self):
        return [part.dtype for part in _core.sparse_parts(self)[:0:-1]]

    @property
    def _num_aux(self):
        return len(self._aux_types)

    def __repr__(self):
        shape = "x".join(map(str, self.shape))
        return f"\n<{type(self).__name__} {shape} @{self.context}>"

    def astype(self, dtype, copy=True):
        """The elements in another type; without `copy` this array if it has that type."""
        if not copy and _core.same_dtype(self, dtype):
            return self
        result = zeros(self.stype, self.shape, self.context, dtype)
        self._copy_to(result)
        return result

    def copyto(self, other):
        """Copy into an array of the same shape, dense or of this kind, or to a context.

        Raises:
            TypeError: The target is sparse of another kind.
        """
        if isinstance(other, NDArray) and other.stype not in ("default", self.stype):
            raise error.TypeError(
                f"copyto does not support destination NDArray stype {other.stype}"
            )
        return NDArray.copyto(self, other)

    def tostype(self, stype):
        """A copy in another storage kind: 'default' or this array's own.

        Raises:
            ValueError: There is no conversion to this kind.
        """
        if stype not in ("default", self.stype):
            raise error.ValueError(f"cast_storage from {self.stype} to {stype} is not supported")
        return _cast_storage(self, stype=stype)

    def check_format(self, full_check=True):
        """Raise MXNetError unless indices are in range and in order (looked at if `full_check`)."""
        if full_check:
            _core.check_sparse(self)

    def reshape(self, *shape, **kwargs):
        """Not there for sparse arrays."""
        raise error.NotSupportedForSparseNDArray("reshape", None)

    def _at(self, idx):
        raise error.NotSupportedForSparseNDArray("_at", "x[idx]", idx)

    def _slice(self, start, stop):
        raise error.NotSupportedForSparseNDArray("_slice", None, start, stop)

    def __setitem__(self, key, value):
        if key != builtins.slice(None):
            raise error.ValueError(
                f"{type(self).__name__}: key={key} is not supported; expected [:]"
            )
        if not isinstance(value, NDArray):
            value = np.broadcast_to(np.asarray(value, self.dtype), self.shape)
            value = dense_array(value, self.context, self.dtype)
        if value.stype not in ("default", self.stype):
            value = value.tostype("default")
        if value is not self:
            value.as_in_context(self.context)._copy_to(self)


class CSRNDArray(BaseSparseNDArray):
    """A matrix of which the elements of each row are stored one after the other."""

    indptr = property(
        lambda self: _core.sparse_parts(self)[2],
        doc="A copy of where each row begins in `data` and `indices` (int64).",
    )

    def asscipy(self):
        """A scipy.sparse.csr_matrix with a copy of the elements."""
        import scipy.sparse

        parts = tuple(part.asnumpy() for part in _core.sparse_parts(self))
        return scipy.sparse.csr_matrix(parts, shape=self.shape)

    def __getitem__(self, key):
        if isinstance(key, tuple):
            raise error.ValueError("Multi-dimension indexing is not supported")
        if isinstance(key, (int, np.integer)):
            if not -self.shape[0] <= key < self.shape[0]:
                raise error.IndexError(
                    f"index {key} is out of bounds for axis 0 with size {self.shape[0]}"
                )
            key = builtins.slice(int(key) % self.shape[0], int(key) % self.shape[0] + 1)
        if not isinstance(key, builtins.slice) or key.step not in (None, 1):
            raise error.ValueError("CSRNDArray only supports continuous slicing on axis 0")
        begin, end, _ = key.indices(self.shape[0])
        return _slice(self, begin=(begin,), end=(builtins.max(begin, end),))


class RowSparseNDArray(BaseSparseNDArray):
    """An array of which some rows (along the first axis) are stored, and the rest is zero."""

    def retain(self, rows):
        """Only the rows with the given numbers (NDArray or list of int)."""
        rows = rows if isinstance(rows, NDArray) else dense_array(rows, self.context, np.int64)
        return _core.op_function("_sparse_retain", "retain", __name__)(self, rows)

    def __getitem__(self, key):
        if key != builtins.slice(None):
            raise error.ValueError(f"RowSparseNDArray: key={key} is not supported; expected [:]")
        return self


for _class in (CSRNDArray, RowSparseNDArray):
    _class.__module__ = __name__
_core.set_sparse_types(CSRNDArray, RowSparseNDArray)


def add(lhs, rhs):
    """Sum of arrays or numbers; sparse for two sparse arrays of one kind and shape."""
    return lhs + rhs


def subtract(lhs, rhs):
    """Difference of arrays or numbers; sparse for two sparse arrays of one kind and shape."""
    return lhs - rhs


def multiply(lhs, rhs):
    """Product of arrays or numbers; sparse where one factor is."""
    return lhs * rhs


def divide(lhs, rhs):
    """Quotient of arrays or numbers; sparse for a CSR matrix over a row, column or number."""
    return lhs / rhs


def _sparse(stype, parts, shape, ctx, dtype):
    """An array of parts given as NumPy arrays: data, indices and, for csr, indptr."""
    data, *indices = parts
    data = dense_array(data, ctx, dtype)
    indices = (dense_array(part, ctx, np.int64) for part in indices)
    return _core.sparse_array(stype, shape, data, *indices)


def _check_shape(given, shape):
    if shape is not None and tuple(given) != tuple(shape):
        raise error.ValueError(f"Shape mismatch detected. {tuple(given)} v.s. {tuple(shape)}")


def _is_shape(arg):
    return all(isinstance(size, (int, np.integer)) for size in arg)


def _to_stype(source, stype, shape, ctx, dtype):
    """A sparse array out of something that is array-like."""
    if isinstance(source, BaseSparseNDArray) and source.stype != stype:
        raise error.ValueError(f"Unexpected input type: {type(source).__name__}")
    result = array(source, ctx, dtype) if _is_sparse(source) else _dense(source, ctx, dtype)
    result = result.tostype(stype)
    _check_shape(result.shape, shape)
    return result


def _is_sparse(source):
    return hasattr(source, "tocsr") or isinstance(source, BaseSparseNDArray)


def _dense(source, ctx, dtype):
    return dense_array(source, ctx, getattr(source, "dtype", None) if dtype is None else dtype)


def _dtype_of(values, dtype):
    return dtype or getattr(values, "dtype", None) or np.float32


def csr_matrix(arg1, shape=None, ctx=None, dtype=None):
    """A CSR matrix.

    Args:
        arg1: A dense or CSR array, a SciPy matrix, a shape, a tuple (data, indices, indptr), or a
            tuple (data, (rows, columns)).
        shape (tuple of int): Dimensions; told from the indices when left out.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): None is the type of the elements given.
    """
    if isinstance(arg1, tuple) and len(arg1) == 3:
        data, indices, indptr = (_to_numpy(part) for part in arg1)
        shape = shape or (len(indptr) - 1, int(indices.max()) + 1 if indices.size else 0)
        return _sparse("csr", (data, indices, indptr), shape, ctx, _dtype_of(arg1[0], dtype))
    if isinstance(arg1, tuple) and len(arg1) == 2 and not _is_shape(arg1):
        data, (rows, columns) = _to_numpy(arg1[0]), (_to_numpy(part) for part in arg1[1])
        shape = shape or (int(rows.max()) + 1, int(columns.max()) + 1)
        parts = _from_coordinates(data, rows.astype(np.int64), columns.astype(np.int64), shape)
        return _sparse("csr", parts, shape, ctx, dtype or data.dtype)
    if isinstance(arg1, tuple):
        if len(arg1) != 2:
            raise error.ValueError(f"csr_matrix: shape={arg1} is not possible; expected two sizes")
        _check_shape(arg1, shape)
        return zeros("csr", arg1, ctx, dtype)
    return _to_stype(arg1, "csr", shape, ctx, dtype)


def _from_coordinates(data, rows, columns, shape):
    """Data, indices and indptr; elements in one place are added up."""
    if rows.size and (rows.min() < 0 or rows.max() >= shape[0]):
        raise error.ValueError(
            f"csr_matrix: a row number is out of range; expected 0 to {shape[0] - 1}"
        )
    places, inverse = np.unique(rows * shape[1] + columns, return_inverse=True)
    values = np.zeros(places.size, data.dtype)
    np.add.at(values, inverse.reshape(-1), data)
    counts = np.bincount(places // builtins.max(shape[1], 1), minlength=shape[0])
    return values, places % builtins.max(shape[1], 1), np.concatenate([[0], np.cumsum(counts)])


def row_sparse_array(arg1, shape=None, ctx=None, dtype=None):
    """A row-sparse array.

    Args:
        arg1: A dense or row-sparse array, a shape, or a tuple (data, indices) of rows and their
            numbers.
        shape (tuple of int): Dimensions; told from the indices when left out.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): None is the type of the elements given.
    """
    if isinstance(arg1, tuple) and len(arg1) == 2 and not _is_shape(arg1):
        data, indices = (_to_numpy(part) for part in arg1)
        shape = shape or (int(indices.max()) + 1 if indices.size else 0,) + data.shape[1:]
        if indices.size > 1 and (np.diff(indices) <= 0).any():
            # Of a row that is given several times the last one counts.
            indices, last = np.unique(indices[::-1], return_index=True)
            data = data[::-1][last]
        return _sparse("row_sparse", (data, indices), shape, ctx, _dtype_of(arg1[0], dtype))
    if isinstance(arg1, tuple):
        _check_shape(arg1, shape)
        return zeros("row_sparse", arg1, ctx, dtype)
    return _to_stype(arg1, "row_sparse", shape, ctx, dtype)


def _to_numpy(part):
    return part.asnumpy() if isinstance(part, NDArray) else np.asarray(part)


def array(source_array, ctx=None, dtype=None):
    """A copy of a sparse array or a SciPy matrix."""
    if hasattr(source_array, "tocsr"):
        matrix = source_array.tocsr()
        matrix.sort_indices()
        parts = matrix.data, matrix.indices, matrix.indptr
        return _sparse("csr", parts, matrix.shape, ctx, dtype or matrix.dtype)
    if not isinstance(source_array, BaseSparseNDArray):
        raise error.AssertedValueError(
            f"sparse.array: source_array is a {type(source_array).__name__}; expected a sparse "
            "array or a SciPy matrix (tostype makes one of a dense array)"
        )
    copy = source_array.copy() if ctx is None else source_array.copyto(ctx)
    return copy if dtype is None else copy.astype(dtype, copy=False)


def zeros(stype, shape, ctx=None, dtype=None, **kwargs):
    """An array of zeros: nothing is stored.

    Args:
        stype (str): 'default', 'csr' or 'row_sparse'.
        shape (tuple of int): Dimensions.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): None is float32.
    """
    dtype = np.float32 if dtype is None else dtype
    shape = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
    if stype == "default":
        return dense_array(np.zeros(shape), ctx, dtype)
    return _core.sparse_zeros(stype, shape, ctx, dtype)


def empty(stype, shape, ctx=None, dtype=None):
    """The same as `zeros`."""
    return zeros(stype, shape, ctx, dtype)
