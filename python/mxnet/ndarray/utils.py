"""Reading and writing arrays, and functions that make dense or sparse ones."""
from . import _creation

__all__ = ["zeros", "empty", "array", "load", "load_frombuffer", "save"]


def _module(stype):
    if stype in (None, "default"):
        return None
    from . import sparse
    return sparse


def zeros(shape, ctx=None, dtype=None, stype=None, **kwargs):
    """An array of zeros.

    Args:
        shape (int or tuple of int): Dimensions.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): None is float32.
        stype (str): Kind of storage: 'default', 'csr' or 'row_sparse'.
    """
    sparse = _module(stype)
    if sparse:
        return sparse.zeros(stype, shape, ctx, dtype)
    return _creation.zeros(shape, ctx, dtype, **kwargs)


def empty(shape, ctx=None, dtype=None, stype=None):
    """An array whose elements are not set; see `zeros` for the arguments."""
    sparse = _module(stype)
    return sparse.zeros(stype, shape, ctx, dtype) if sparse else _creation.empty(shape, ctx, dtype)


def array(source_array, ctx=None, dtype=None):
    """An array with the elements of a list, a NumPy array, a SciPy matrix or another array.

    Args:
        source_array (array_like): The elements.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): None is the type of an array of this library, and float32 for
            anything else.
    """
    if hasattr(source_array, "tocsr") or getattr(source_array, "stype", "default") != "default":
        from . import sparse
        return sparse.array(source_array, ctx, dtype)
    return _creation.array(source_array, ctx, dtype)
