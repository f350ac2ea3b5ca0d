"""Linear algebra."""

import numpy as onp

from .. import error
from .._core import NDArray
from . import fallback_linalg as fallback_linalg
from ._arguments import ARRAYS, check_array
from ._ops import operator
from .fallback_linalg import cond, lstsq, matrix_power, matrix_rank, multi_dot, qr

# The functions that take symbols, too.
OF_SYMBOLS = [
    *("cholesky", "det", "eig", "eigh", "eigvals", "eigvalsh", "inv", "norm", "pinv", "slogdet"),
    *("solve", "svd", "tensorinv", "tensorsolve"),
]
__all__ = [*OF_SYMBOLS, "cond", "lstsq", "matrix_power", "matrix_rank", "multi_dot", "qr"]

_norm, _absolute, _sum, _max, _min = map(
    operator, ("_npi_norm", "_npi_absolute", "_np_sum", "_np_max", "_np_min")
)
_cholesky, _det, _inv, _slogdet, _svd, _solve = map(
    operator, ("_npi_cholesky", "_npi_det", "_npi_inv", "_npi_slogdet", "_npi_svd", "_npi_solve")
)
_eig, _eigh, _eigvals, _eigvalsh = map(
    operator, ("_npi_eig", "_npi_eigh", "_npi_eigvals", "_npi_eigvalsh")
)
_pinv, _pinv_number = operator("_npi_pinv"), operator("_npi_pinv_scalar_rcond")
_tensorinv, _tensorsolve = operator("_npi_tensorinv"), operator("_npi_tensorsolve")

# What `flag` tells the operator of norms.
_OF_ALL_ELEMENTS, _OF_ORDER, _BY_SINGULAR_VALUES, _FROBENIUS, _NUCLEAR = -2, -1, 0, 1, 2


def norm(x, ord=None, axis=None, keepdims=False):
    """Norms of vectors or matrices.

    Args:
        x (ndarray or symbol): The elements.
        ord (number or str): Order of the norm. Of vectors any number, for
            ``sum(abs(x)**ord)**(1/ord)``: 0 counts what is not zero, infinities give the largest
            and the smallest magnitude. Of matrices 1 and -1 (sums of columns), infinities (sums of
            rows), 2 and -2 (singular values), 'fro' and 'nuc'. None is the root of the sum of
            squares; the texts 'inf' and '-inf' are the extremes of all magnitudes.
        axis (int or tuple of int): The axis of the vectors, or the two of the matrices. None is
            every axis without an `ord`, else the last two or the only one.
        keepdims (bool): Whether reduced axes stay with size 1.

    Returns:
        Array of x's dtype.

    Raises:
        TypeError: `x` is no array, or `axis` neither an integer nor a tuple.
        ValueError: There is no such norm.
    """
    check_array("norm", x=x)
    axis = _axes(axis)
    if ord is not None and isinstance(x, NDArray) and x.ndim == 0:
        raise error.ValueError(f"norm: ord={ord!r} of one number; expected vectors or matrices")
    if ord in ("inf", "-inf"):
        return _extreme(float(ord))(_absolute(x), axis=axis, keepdims=keepdims)
    if ord is None or isinstance(ord, str):
        return _norm(x, ord=2, axis=axis, keepdims=keepdims, flag=_flag(ord, axis))
    axes = axis
    if axes is None and isinstance(x, NDArray):
        axes = (-2, -1)[-min(x.ndim, 2) :] if x.ndim else ()
    if axes is not None and len(axes) == 2:
        return _matrix_norm(x, ord, axes, keepdims)
    if onp.isinf(ord):
        return _extreme(ord)(_absolute(x), axis=axes, keepdims=keepdims)
    return _norm(x, ord=ord, axis=axis, keepdims=keepdims, flag=_OF_ORDER)


def _axes(axis):
    if axis is None:
        return axis
    if isinstance(axis, tuple):
        if len(axis) not in (1, 2):
            raise error.ValueError(
                f"norm: axis={axis} names no vectors or matrices; expected one axis or two"
            )
        return axis
    if isinstance(axis, (int, onp.integer)):
        return (int(axis),)
    raise error.TypeError(f"norm: axis={axis!r} names no axes; expected an int or a tuple of int")


def _flag(ord, axis):
    if ord is None:
        return _OF_ALL_ELEMENTS if axis is None else _FROBENIUS
    if ord not in ("fro", "nuc"):
        raise error.ValueError(f"norm: ord={ord!r} is no norm; expected 'fro', 'nuc' or a number")
    return _FROBENIUS if ord == "fro" else _NUCLEAR


def _extreme(ord):
    return _max if ord > 0 else _min


def _matrix_norm(x, ord, axes, keepdims):
    """Norms of the order 2 by singular values, of 1 and infinity by sums of magnitudes."""
    if abs(ord) == 2:
        return _norm(x, ord=ord, axis=axes, keepdims=keepdims, flag=_BY_SINGULAR_VALUES)
    if abs(ord) != 1 and not onp.isinf(ord):
        raise error.ValueError(
            f"norm: ord={ord!r} is no norm of matrices; expected 1, 2, inf or their negatives, "
            "'fro' or 'nuc'"
        )
    row, column = axes
    summed, rest = (row, column) if abs(ord) == 1 else (column, row)
    sums = _sum(_absolute(x), axis=(summed,), keepdims=True)
    result = _extreme(ord)(sums, axis=(rest,), keepdims=True)
    return result if keepdims else _sum(result, axis=axes)


def _several(outputs):
    """Outputs of an operator: a tuple of arrays, or a list of symbols, as in 1.9.1."""
    outputs = list(outputs)
    return tuple(outputs) if isinstance(outputs[0], NDArray) else outputs


def svd(a):
    """Singular value decomposition of matrices.

    Args:
        a (ndarray or symbol): Matrices of shape (..., m, n) with m <= n.

    Returns:
        tuple of ndarray: Left vectors (..., m, m), singular values (..., m) from large to small,
        right vectors (..., m, n): ``a = (ut * l[..., None, :]) @ v``.

    Raises:
        MXNetError: There are more rows than columns.
    """
    check_array("svd", a=a)
    return _several(_svd(a))


def cholesky(a):
    """Lower triangular matrices whose product with their transposes is `a`.

    Args:
        a (ndarray or symbol): Symmetric positive definite matrices of shape (..., n, n).

    Raises:
        MXNetError: A matrix is not positive definite.
    """
    check_array("cholesky", a=a)
    return _cholesky(a)


def inv(a):
    """Inverse matrices.

    Args:
        a (ndarray or symbol): Matrices of shape (..., n, n).

    Raises:
        MXNetError: A matrix is singular.
    """
    check_array("inv", a=a)
    return _inv(a)


def det(a):
    """Determinants.

    Args:
        a (ndarray or symbol): Matrices of shape (..., n, n).

    Returns:
        Array of shape (...).
    """
    check_array("det", a=a)
    return _det(a)


def slogdet(a):
    """Signs and logarithms of the magnitudes of determinants.

    Args:
        a (ndarray or symbol): Matrices of shape (..., n, n).

    Returns:
        list of ndarray: Signs and logarithms, each of shape (...).
    """
    check_array("slogdet", a=a)
    return list(_slogdet(a))


def solve(a, b):
    """Solutions x of ``a @ x = b``.

    Args:
        a (ndarray or symbol): Matrices of shape (..., n, n).
        b (ndarray or symbol): Right sides of shape (..., n) or (..., n, k).

    Returns:
        Array of b's shape.

    Raises:
        MXNetError: A matrix is singular.
    """
    check_array("solve", a=a, b=b)
    return _solve(a, b)


def tensorinv(a, ind=2):
    """The inverse of a tensor as a map between its first and its other axes.

    Args:
        a (ndarray or symbol): Tensor with as many elements before axis `ind` as from there on.
        ind (int): How many axes come first.

    Returns:
        Array of shape ``a.shape[ind:] + a.shape[:ind]``.

    Raises:
        MXNetError: There is no inverse.
    """
    check_array("tensorinv", a=a)
    return _tensorinv(a, ind=ind)


def tensorsolve(a, b, axes=None):
    """The tensor x with ``tensordot(a, x, x.ndim) = b``.

    Args:
        a (ndarray or symbol): Tensor of shape b.shape + x.shape, but for `axes`.
        b (ndarray or symbol): The right side.
        axes (tuple of int): Axes of `a` that are moved to its end first.

    Raises:
        MXNetError: There is no solution.
    """
    check_array("tensorsolve", a=a, b=b)
    return _tensorsolve(a, b, a_axes=axes)


def pinv(a, rcond=1e-15, hermitian=False):
    """Pseudo-inverse matrices.

    Args:
        a (ndarray or symbol): Matrices of shape (..., m, n).
        rcond (number, ndarray or symbol): Singular values up to this part of the largest count as
            zero; an array has the shape (...).
        hermitian (bool): False.

    Returns:
        Array of shape (..., n, m).

    Raises:
        NotImplementedError: `hermitian` is True.
    """
    check_array("pinv", a=a)
    if hermitian:
        raise error.NotImplementedError(
            f"pinv: hermitian={hermitian} is not implemented; expected False"
        )
    if isinstance(rcond, ARRAYS):
        return _pinv(a, rcond, hermitian=hermitian)
    return _pinv_number(a, rcond=rcond, hermitian=hermitian)


def eigvals(a):
    """Eigenvalues, which have to be real.

    Args:
        a (ndarray or symbol): Matrices of shape (..., n, n).

    Returns:
        Array of shape (..., n); float64 for integers.

    Raises:
        MXNetError: An eigenvalue is complex.
    """
    check_array("eigvals", a=a)
    return _eigvals(a)


def eig(a):
    """Eigenvalues and eigenvectors, which have to be real.

    Args:
        a (ndarray or symbol): Matrices of shape (..., n, n).

    Returns:
        tuple of ndarray: Values (..., n) and vectors (..., n, n), one in each column; float64 for
        integers.

    Raises:
        MXNetError: An eigenvalue is complex.
    """
    check_array("eig", a=a)
    return _several(_eig(a))


def eigvalsh(a, UPLO="L"):
    """Eigenvalues of symmetric matrices.

    Args:
        a (ndarray or symbol): Matrices of shape (..., n, n), of which one triangle is read.
        UPLO (str): "L" for the lower triangle, "U" for the upper one.

    Returns:
        Array of shape (..., n) from small to large; float64 for integers.
    """
    check_array("eigvalsh", a=a)
    return _eigvalsh(a, UPLO=UPLO)


def eigh(a, UPLO="L"):
    """Eigenvalues and eigenvectors of symmetric matrices.

    Args:
        a (ndarray or symbol): Matrices of shape (..., n, n), of which one triangle is read.
        UPLO (str): "L" for the lower triangle, "U" for the upper one.

    Returns:
        tuple of ndarray: Values (..., n) from small to large and vectors (..., n, n), one in each
        column; float64 for integers.
    """
    check_array("eigh", a=a)
    return _several(_eigh(a, UPLO=UPLO))
