"""Random sparse arrays."""

import numpy as np

from .. import error
from .. import ndarray as nd
from .elements import assign_each
from .surroundings import default_context
from .tolerances import default_dtype

__all__ = [
    "rand_sparse_ndarray",
    "create_sparse_array",
    "create_sparse_array_zd",
    "shuffle_csr_column_indices",
]


def shuffle_csr_column_indices(csr):
    """Put the column numbers of each row of a CSR array into random order, in place."""
    indptr, indices = csr.indptr.asnumpy(), csr.indices.asnumpy()
    for begin, end in zip(indptr, indptr[1:]):
        np.random.shuffle(indices[begin:end])
    csr.indices[:] = indices


def _values(shape, dtype, data_init, modifier_func):
    values = np.random.rand(*shape).astype(dtype)
    if data_init is not None:
        values.fill(data_init)
    return values if modifier_func is None else assign_each(values, modifier_func)


def _row_sparse(shape, density, dtype, data_init, rsp_indices, modifier_func, ctx):
    if rsp_indices is not None:
        rows = np.asarray(rsp_indices, dtype=np.int64)
        if len(rows) > shape[0]:
            raise error.ValueError(
                f"rand_sparse_ndarray: rsp_indices has {len(rows)} entries; at most {shape[0]} "
                "are expected, as the array has rows"
            )
    else:
        rows = np.flatnonzero(np.random.rand(shape[0]) < density)
    if not len(rows):
        empty = nd.sparse.zeros("row_sparse", shape, ctx=ctx, dtype=dtype)
        return empty, (np.array([], dtype=dtype), np.array([], dtype=np.int64))
    values = _values((len(rows), *shape[1:]), dtype, data_init, modifier_func)
    array = nd.sparse.row_sparse_array((values, rows), shape=shape, ctx=ctx, dtype=dtype)
    return array, (values, rows)


def _uniform_places(shape, density):
    """Places of stored elements, each with the same chance."""
    size = shape[0] * shape[1]
    chosen = np.random.choice(size, int(round(density * size)), replace=False)
    return chosen % shape[0], chosen // shape[0]


def _power_law_places(shape, density):
    """Places of stored elements: one in the first column, two in the next, then four and so on."""
    rows, columns = shape
    left = int(rows * columns * density)
    if left < 2 * rows:
        raise error.ValueError(
            f"rand_sparse_ndarray: density={density} is too small for a power law over the shape "
            f"{shape}; at least {2 * rows} stored elements are expected"
        )
    counts = np.ones(rows, dtype=np.int64)
    left -= rows
    wanted = 2
    for row in range(rows):
        extra = min(wanted - 1, columns - 1, left)
        counts[row] += extra
        left -= extra
        wanted = min(2 * wanted, columns)
    row_numbers = np.repeat(np.arange(rows), counts)
    return row_numbers, np.concatenate([np.arange(count) for count in counts])


def _csr(shape, density, dtype, distribution, data_init, modifier_func, shuffle, ctx):
    places = {"uniform": _uniform_places, "powerlaw": _power_law_places}.get(distribution)
    if places is None:
        raise error.ValueError(
            f"rand_sparse_ndarray: distribution={distribution!r} is unknown for csr; uniform or "
            "powerlaw is expected"
        )
    rows, columns = places(shape, density)
    values = _values((len(rows),), dtype, data_init, modifier_func)
    array = nd.sparse.csr_matrix((values, (rows, columns)), shape=shape, ctx=ctx, dtype=dtype)
    if shuffle:
        shuffle_csr_column_indices(array)
    return array, (array.indptr, array.indices, array.data)


def rand_sparse_ndarray(
    shape,
    stype,
    density=None,
    dtype=None,
    distribution=None,
    data_init=None,
    rsp_indices=None,
    modifier_func=None,
    shuffle_csr_indices=False,
    ctx=None,
):
    """A random sparse array and the parts it was made of.

    Args:
        shape (tuple of int): Dimensions; two for csr.
        stype (str): ``row_sparse`` or ``csr``.
        density (float): Share of rows (row_sparse) or elements (csr) that are stored; None is a
            random one.
        dtype (str or type): None is float32.
        distribution (str): Of the places: ``uniform``, for csr also ``powerlaw``.
        data_init (float): Value of all stored elements; None is random numbers from [0, 1).
        rsp_indices (list of int): Rows that are stored, in place of `density`.
        modifier_func (function): Makes each stored element from the random one.
        shuffle_csr_indices (bool): Whether the columns of a row are in random order.
        ctx (Context): Where; None is `default_context`.

    Returns:
        tuple: The array, and values and row numbers (row_sparse) or its indptr, indices and data
        (csr).
    """
    ctx = ctx or default_context()
    density = np.random.rand() if density is None else density
    dtype = default_dtype() if dtype is None else dtype
    distribution = distribution or "uniform"
    if stype == "csr":
        if len(shape) != 2:
            raise error.ValueError(
                f"rand_sparse_ndarray: shape={shape} has {len(shape)} dimensions; two are "
                "expected for csr"
            )
        return _csr(
            shape, density, dtype, distribution, data_init, modifier_func, shuffle_csr_indices, ctx
        )
    if stype != "row_sparse":
        raise error.AssertedValueError(
            f"rand_sparse_ndarray: stype={stype!r} is unknown; row_sparse or csr is expected"
        )
    if distribution != "uniform":
        raise AssertionError(f"Distribution {distribution} not supported for row_sparse")
    return _row_sparse(shape, density, dtype, data_init, rsp_indices, modifier_func, ctx)


def create_sparse_array(
    shape,
    stype,
    data_init=None,
    rsp_indices=None,
    dtype=None,
    modifier_func=None,
    density=0.5,
    shuffle_csr_indices=False,
):
    """A random sparse array; see `rand_sparse_ndarray` for the arguments."""
    return rand_sparse_ndarray(
        shape,
        stype,
        density=density,
        dtype=dtype,
        data_init=data_init,
        rsp_indices=rsp_indices,
        modifier_func=modifier_func,
        shuffle_csr_indices=shuffle_csr_indices,
    )[0]


def create_sparse_array_zd(
    shape,
    stype,
    density,
    data_init=None,
    rsp_indices=None,
    dtype=None,
    modifier_func=None,
    shuffle_csr_indices=False,
):
    """`create_sparse_array` with a density, which may be 0: nothing is stored then."""
    if density == 0:
        return nd.sparse.zeros(stype, shape, ctx=default_context(), dtype=dtype or default_dtype())
    return create_sparse_array(
        shape, stype, data_init, rsp_indices, dtype, modifier_func, density, shuffle_csr_indices
    )
