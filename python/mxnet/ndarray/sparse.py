"""Sparse arrays: compressed rows (CSR) and stored rows (row-sparse).

They hold, convert, slice, save and load their parts. An operator that gets one works on its dense
form and gives a dense result.
"""

import numpy as np

from .. import _core
from .._core import NDArray
from .._namespace import PREFIXES, operator_module
from ..error import NotSupportedForSparseNDArray
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
    "cast_storage",
    "retain",
]

_find_operator, __dir__ = operator_module(__name__, _core.op_function, (PREFIXES["sparse"], ""))


def __getattr__(name):
    return _find_operator(name)


class BaseSparseNDArray(NDArray):
    """An array of which only some elements are stored.

    Attributes:
        data (NDArray): The stored elements.
        indices (NDArray): Where they belong (int64).
    """

    def __init__(self, data, indices, shape):
        super().__init__()
        self.data = data
        self.indices = indices
        self._shape = tuple(int(size) for size in shape)

    shape = property(lambda self: self._shape, doc="Dimensions (tuple of int).")
    ndim = property(lambda self: len(self._shape), doc="Number of dimensions.")
    size = property(
        lambda self: int(np.prod(self._shape)), doc="Number of elements, stored or not."
    )
    dtype = property(lambda self: self.data.dtype, doc="NumPy type of the elements.")
    context = ctx = property(lambda self: self.data.context, doc="Where the array lives.")
    T = property(lambda self: self.tostype("default").T, doc="The transpose, dense.")
    grad = property(lambda self: None, doc="None: sparse arrays have no gradient.")

    def __repr__(self):
        shape = "x".join(map(str, self.shape))
        return f"\n<{type(self).__name__} {shape} @{self.context}>"

    def __reduce__(self):
        return _from_parts, self._parts()

    def _like(self, data):
        """The same places with other elements."""
        raise NotImplementedError

    def wait_to_read(self):
        """Waits until all writes to this array so far are done."""
        self.data.wait_to_read()

    def astype(self, dtype, copy=True):
        """The elements in another type."""
        return self._like(self.data.astype(dtype, copy=copy))

    def copy(self):
        """A copy of this array."""
        return self._like(self.data.copy())

    def copyto(self, other):
        """Copy into a dense or sparse array of the same shape, or into a new one of a context."""
        if not isinstance(other, NDArray):
            return self._like(self.data.as_in_context(other))
        if other.stype == "default":
            return self.tostype("default").copyto(other)
        if other.stype != self.stype or other.shape != self.shape:
            raise ValueError(
                f"copyto: the target is {other.stype} of shape {other.shape}; expected "
                f"{self.stype} of shape {self.shape}"
            )
        other.__dict__.update(self.copy().__dict__)
        return other

    def as_in_context(self, context):
        """This array if it is in `context`, else a copy there."""
        return self if self.context == context else self.copyto(context)

    def asnumpy(self):
        """A dense NumPy array with a copy of the elements."""
        raise NotImplementedError

    def tostype(self, stype):
        """The array in another kind of storage: 'default', 'csr' or 'row_sparse'."""
        if stype == self.stype:
            return self
        dense = dense_array(self.asnumpy(), self.context, self.dtype)
        return dense if stype == "default" else cast_storage(dense, stype)

    def check_format(self, full_check=True):
        """Raise ValueError unless the stored parts fit each other."""
        indices = self.indices.asnumpy()
        if full_check and indices.size and (indices.min() < 0 or indices.max() >= self._limit()):
            raise ValueError(
                f"check_format: indices of {type(self).__name__} are out of range; "
                f"expected 0 to {self._limit() - 1}"
            )

    def reshape(self, *shape, **kwargs):
        """Not there for sparse arrays."""
        raise NotSupportedForSparseNDArray("reshape", None)


class CSRNDArray(BaseSparseNDArray):
    """A matrix of which the elements of each row are stored one after the other.

    Attributes:
        indptr (NDArray): Where each row begins in `data` and `indices` (int64).
    """

    stype = property(lambda self: "csr", doc="Kind of storage.")

    def __init__(self, data, indptr, indices, shape):
        super().__init__(data, indices, shape)
        self.indptr = indptr

    def _parts(self):
        return self.stype, self.shape, self.data, [self.indptr, self.indices]

    def _like(self, data):
        return CSRNDArray(data, self.indptr, self.indices, self.shape)

    def _limit(self):
        return self.shape[1]

    def asnumpy(self):
        """A dense NumPy array with a copy of the elements."""
        dense = np.zeros(self.shape, self.dtype)
        indptr = self.indptr.asnumpy()
        rows = np.repeat(np.arange(self.shape[0]), np.diff(indptr))
        dense[rows, self.indices.asnumpy()] = self.data.asnumpy()
        return dense

    def asscipy(self):
        """A scipy.sparse.csr_matrix with a copy of the elements."""
        import scipy.sparse

        return scipy.sparse.csr_matrix(
            (self.data.asnumpy(), self.indices.asnumpy(), self.indptr.asnumpy()), shape=self.shape
        )

    def __getitem__(self, key):
        if isinstance(key, (int, np.integer)):
            if not -self.shape[0] <= key < self.shape[0]:
                raise IndexError(
                    f"index {key} is out of bounds for axis 0 with size {self.shape[0]}"
                )
            key = slice(int(key) % self.shape[0], int(key) % self.shape[0] + 1)
        if not isinstance(key, slice) or key.step not in (None, 1):
            raise ValueError(
                f"CSRNDArray: key={key} is not supported; expected a row or a range of rows"
            )
        begin, end, _ = key.indices(self.shape[0])
        indptr = self.indptr.asnumpy()[begin : max(begin, end) + 1]
        first, last = int(indptr[0]), int(indptr[-1])
        return CSRNDArray(
            self.data[first:last],
            dense_array(indptr - first, self.context, np.int64),
            self.indices[first:last],
            (len(indptr) - 1, self.shape[1]),
        )

    def __setitem__(self, key, value):
        if key != slice(None):
            raise ValueError(f"CSRNDArray: key={key} is not supported; expected [:]")
        array(value, self.context, self.dtype).tostype("csr").copyto(self)


class RowSparseNDArray(BaseSparseNDArray):
    """An array of which some rows (along the first axis) are stored, and the rest is zero."""

    stype = property(lambda self: "row_sparse", doc="Kind of storage.")

    def _parts(self):
        return self.stype, self.shape, self.data, [self.indices]

    def _like(self, data):
        return RowSparseNDArray(data, self.indices, self.shape)

    def _limit(self):
        return self.shape[0]

    def asnumpy(self):
        """A dense NumPy array with a copy of the elements."""
        dense = np.zeros(self.shape, self.dtype)
        dense[self.indices.asnumpy()] = self.data.asnumpy()
        return dense

    def retain(self, rows):
        """Only the rows with the given numbers."""
        return retain(self, rows)

    def __getitem__(self, key):
        if key != slice(None):
            raise ValueError(f"RowSparseNDArray: key={key} is not supported; expected [:]")
        return self

    def __setitem__(self, key, value):
        if key != slice(None):
            raise ValueError(f"RowSparseNDArray: key={key} is not supported; expected [:]")
        array(value, self.context, self.dtype).tostype("row_sparse").copyto(self)


def _from_parts(stype, shape, data, aux):
    """An array out of the parts that files hold."""
    if stype == "csr":
        return CSRNDArray(data, aux[0], aux[1], shape)
    return RowSparseNDArray(data, aux[0], shape)


def cast_storage(data, stype):
    """An array in another kind of storage.

    Args:
        data (NDArray): Dense or sparse; of two dimensions for 'csr'.
        stype (str): 'default', 'csr' or 'row_sparse'.

    Raises:
        ValueError: There is no such kind of storage for this array.
    """
    if data.stype != "default":
        return data.tostype(stype)
    values = data.asnumpy()
    if stype == "default":
        return data
    if stype == "csr" and values.ndim == 2:
        rows, columns = values.nonzero()
        indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=values.shape[0]))])
        parts = values[rows, columns], indptr, columns
        return _csr(*parts, values.shape, data.context, data.dtype)
    if stype == "row_sparse" and values.ndim > 0:
        stored = np.flatnonzero(values.reshape(values.shape[0], -1).any(axis=1))
        return _row_sparse(values[stored], stored, values.shape, data.context, data.dtype)
    raise ValueError(
        f"tostype: stype={stype!r} is not possible for {values.ndim} dimensions; "
        "expected 'default', 'row_sparse', or 'csr' for two dimensions"
    )


def _index_array(values, ctx):
    return dense_array(values, ctx, np.int64)


def _csr(data, indptr, indices, shape, ctx, dtype):
    return CSRNDArray(
        dense_array(data, ctx, dtype), _index_array(indptr, ctx), _index_array(indices, ctx), shape
    )


def _row_sparse(data, indices, shape, ctx, dtype):
    return RowSparseNDArray(dense_array(data, ctx, dtype), _index_array(indices, ctx), shape)


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
        return _csr(data, indptr, indices, shape, ctx, _dtype_of(arg1[0], dtype))
    if isinstance(arg1, tuple) and len(arg1) == 2 and not isinstance(arg1[0], int):
        data, (rows, columns) = _to_numpy(arg1[0]), (_to_numpy(part) for part in arg1[1])
        shape = shape or (int(rows.max()) + 1, int(columns.max()) + 1)
        order = np.lexsort((columns, rows))
        indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))])
        return _csr(data[order], indptr, columns[order], shape, ctx, _dtype_of(arg1[0], dtype))
    if isinstance(arg1, tuple):
        return zeros("csr", arg1, ctx, dtype)
    return array(arg1, ctx, dtype).tostype("csr")


def row_sparse_array(arg1, shape=None, ctx=None, dtype=None):
    """A row-sparse array.

    Args:
        arg1: A dense or row-sparse array, a shape, or a tuple (data, indices) of rows and their
            numbers.
        shape (tuple of int): Dimensions; told from the indices when left out.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): None is the type of the elements given.
    """
    if isinstance(arg1, tuple) and len(arg1) == 2 and not isinstance(arg1[0], int):
        data, indices = (_to_numpy(part) for part in arg1)
        shape = shape or (int(indices.max()) + 1 if indices.size else 0,) + data.shape[1:]
        order = np.argsort(indices, kind="stable")
        return _row_sparse(data[order], indices[order], shape, ctx, _dtype_of(arg1[0], dtype))
    if isinstance(arg1, tuple):
        return zeros("row_sparse", arg1, ctx, dtype)
    return array(arg1, ctx, dtype).tostype("row_sparse")


def _to_numpy(part):
    return part.asnumpy() if isinstance(part, NDArray) else np.asarray(part)


def array(source_array, ctx=None, dtype=None):
    """An array like the source: sparse for a sparse array or a SciPy matrix, else dense."""
    if hasattr(source_array, "tocsr"):
        matrix = source_array.tocsr()
        matrix.sort_indices()
        return _csr(
            matrix.data, matrix.indptr, matrix.indices, matrix.shape, ctx, dtype or matrix.dtype
        )
    if isinstance(source_array, BaseSparseNDArray):
        copy = source_array.copy()
        copy = copy if dtype is None else copy.astype(dtype)
        return copy if ctx is None else copy.as_in_context(ctx)
    if isinstance(source_array, np.ndarray) and dtype is None:
        dtype = source_array.dtype
    return dense_array(source_array, ctx, dtype)


def zeros(stype, shape, ctx=None, dtype=None, **kwargs):
    """An array of zeros: nothing is stored.

    Args:
        stype (str): 'default', 'csr' or 'row_sparse'.
        shape (tuple of int): Dimensions.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): None is float32.
    """
    dtype = dtype or np.float32
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    if stype == "csr":
        return _csr([], np.zeros(shape[0] + 1), [], shape, ctx, dtype)
    if stype == "row_sparse":
        return _row_sparse(np.zeros((0,) + shape[1:]), [], shape, ctx, dtype)
    if stype != "default":
        raise ValueError(
            f"zeros: stype={stype!r} is not known; expected default, csr or row_sparse"
        )
    return dense_array(np.zeros(shape), ctx, dtype)


def empty(stype, shape, ctx=None, dtype=None):
    """The same as `zeros`."""
    return zeros(stype, shape, ctx, dtype)


def retain(data, indices):
    """Only some of the stored rows of a row-sparse array.

    Args:
        data (RowSparseNDArray): The array.
        indices (NDArray): Numbers of the rows to keep.
    """
    stored = data.indices.asnumpy()
    keep = np.isin(stored, _to_numpy(indices).astype(np.int64))
    return _row_sparse(
        data.data.asnumpy()[keep], stored[keep], data.shape, data.context, data.dtype
    )
