"""Random shapes and arrays, and arrays of a given kind."""

import numpy as np

from .. import error
from .. import ndarray as nd
from .comparisons import to_numpy
from .sparse import rand_sparse_ndarray
from .surroundings import default_context
from .tolerances import default_dtype

__all__ = [
    "rand_shape_2d",
    "rand_shape_3d",
    "rand_shape_nd",
    "rand_coord_2d",
    "rand_ndarray",
    "random_arrays",
    "random_uniform_arrays",
    "random_sample",
    "create_2d_tensor",
    "create_vector",
    "get_identity_mat",
    "get_identity_mat_batch",
    "np_reduce",
    "collapse_sum_like",
    "new_matrix_with_real_eigvals_2d",
    "new_matrix_with_real_eigvals_nd",
    "new_orthonormal_matrix_2d",
    "new_sym_matrix_with_real_eigvals_2d",
    "new_sym_matrix_with_real_eigvals_nd",
]


def _shape(sizes, allow_zero_size):
    low = 0 if allow_zero_size else 1
    return tuple(int(np.random.randint(low, size + 1)) for size in sizes)


def rand_shape_2d(dim0=10, dim1=10, allow_zero_size=False):
    """A random shape of two dimensions, up to the given ones."""
    return _shape((dim0, dim1), allow_zero_size)


def rand_shape_3d(dim0=10, dim1=10, dim2=10, allow_zero_size=False):
    """A random shape of three dimensions, up to the given ones."""
    return _shape((dim0, dim1, dim2), allow_zero_size)


def rand_shape_nd(num_dim, dim=10, allow_zero_size=False):
    """A random shape with sizes up to `dim`."""
    return tuple(np.random.randint(0 if allow_zero_size else 1, dim + 1, size=num_dim).tolist())


def rand_coord_2d(x_low, x_high, y_low, y_high):
    """Two random integers, each from its range without the end."""
    return int(np.random.randint(x_low, x_high)), int(np.random.randint(y_low, y_high))


def rand_ndarray(
    shape,
    stype="default",
    density=None,
    dtype=None,
    modifier_func=None,
    shuffle_csr_indices=False,
    distribution=None,
    ctx=None,
):
    """A random array: of normal random numbers if it is dense, else see `rand_sparse_ndarray`."""
    if stype == "default":
        values = random_arrays(tuple(shape))
        return nd.array(values, ctx=ctx or default_context(), dtype=dtype or default_dtype())
    return rand_sparse_ndarray(
        shape,
        stype,
        density=density,
        dtype=dtype,
        distribution=distribution,
        modifier_func=modifier_func,
        shuffle_csr_indices=shuffle_csr_indices,
        ctx=ctx,
    )[0]


def random_arrays(*shapes):
    """NumPy arrays of normal random numbers; one array for one shape."""
    arrays = [np.array(np.random.randn(*shape), dtype=default_dtype()) for shape in shapes]
    return arrays[0] if len(arrays) == 1 else arrays


def random_uniform_arrays(*shapes, **kwargs):
    """A list of NumPy arrays of uniform random numbers.

    Args:
        *shapes (tuple of int): Their shapes.
        **kwargs: ``low`` (0) and ``high`` (1), and ``dtype`` (float32).
    """
    low, high = kwargs.pop("low", 0.0), kwargs.pop("high", 1.0)
    dtype = kwargs.pop("dtype", default_dtype())
    if kwargs:
        raise error.TypeError(
            f"random_uniform_arrays: {next(iter(kwargs))} is not known; low, high or dtype is "
            "expected"
        )
    return [np.random.uniform(low, high, size=shape).astype(dtype) for shape in shapes]


def random_sample(population, k):
    """`k` different elements of a sequence in random order."""
    return [population[i] for i in np.random.permutation(len(population))[:k]]


def create_vector(size, dtype=np.int64):
    """An NDArray of 0, 1, 2 and so on."""
    return nd.arange(0, size, dtype=dtype)


def create_2d_tensor(rows, columns, dtype=np.int64):
    """An NDArray of which each row holds its own number."""
    return nd.arange(0, rows, dtype=dtype).reshape((rows, 1)).broadcast_to((rows, columns))


def get_identity_mat(size):
    """A matrix with ones on its diagonal."""
    return nd.eye(size)


def get_identity_mat_batch(size):
    """Two such matrices in one array."""
    return nd.stack(nd.eye(size), nd.eye(size))


def np_reduce(dat, axis, keepdims, numpy_reduce_func):
    """Apply a reduction of NumPy along an axis or several.

    Args:
        dat (numpy.ndarray): The array.
        axis (int, tuple of int or None): The axes; None is all.
        keepdims (bool): Whether they stay with size 1.
        numpy_reduce_func (function): The reduction, with an argument ``axis``.
    """
    axes = range(dat.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
    axes = sorted(each % dat.ndim for each in axes)
    result = dat
    for each in reversed(axes):
        result = numpy_reduce_func(result, axis=each)
    if keepdims:
        sizes = [1 if i in axes else size for i, size in enumerate(dat.shape)]
        result = np.asarray(result).reshape(sizes)
    return result


def collapse_sum_like(a, shape):
    """The sum of an array over the axes along which `shape` was broadcast to its shape."""
    a = to_numpy(a)
    added = tuple(range(a.ndim - len(shape)))
    stretched = tuple(
        i + len(added) for i, size in enumerate(shape) if size == 1 != a.shape[i + len(added)]
    )
    return a.sum(axis=added + stretched, keepdims=True).reshape(shape)


def new_orthonormal_matrix_2d(n):
    """A random matrix of which the rows are orthonormal."""
    return np.linalg.qr(np.random.uniform(-10, 10, (n, n)))[0]


def new_matrix_with_real_eigvals_2d(n):
    """A random matrix with real eigenvalues."""
    basis = new_orthonormal_matrix_2d(n)
    triangle = np.triu(np.random.uniform(-10, 10, (n, n)))
    return basis @ triangle @ basis.T


def new_sym_matrix_with_real_eigvals_2d(n):
    """A random symmetric matrix."""
    basis = new_orthonormal_matrix_2d(n)
    return basis @ np.diag(np.random.uniform(-10, 10, n)) @ basis.T


def _matrices(shape, make):
    count = int(np.prod(shape[:-2]))
    return np.stack([make(shape[-1]) for _ in range(count)]).reshape(shape)


def new_matrix_with_real_eigvals_nd(shape):
    """Random matrices with real eigenvalues in the last two axes."""
    return _matrices(shape, new_matrix_with_real_eigvals_2d)


def new_sym_matrix_with_real_eigvals_nd(shape):
    """Random symmetric matrices in the last two axes."""
    return _matrices(shape, new_sym_matrix_with_real_eigvals_2d)
