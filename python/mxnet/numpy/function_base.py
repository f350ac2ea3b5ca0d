"""Grids of coordinates."""

from .. import error
from ._shapes import reshape
from .stride_tricks import broadcast_arrays

__all__ = ["meshgrid"]


def meshgrid(*xi, **kwargs):
    """Arrays of coordinates on a grid.

    Args:
        *xi (ndarray): The coordinates along each axis, in one dimension.
        **kwargs: `indexing`, 'xy' or 'ij' (whether the first array runs along the second axis or
            the first); `sparse` (bool), whether arrays have size 1 along the other axes; `copy`
            (bool), True.

    Returns:
        list of ndarray: An array for each axis.
    """
    sparse, copy = kwargs.pop("sparse", False), kwargs.pop("copy", True)
    indexing = kwargs.pop("indexing", "xy")
    if kwargs:
        raise error.TypeError(
            f"meshgrid: {next(iter(kwargs))} is an unexpected argument; expected sparse, copy or "
            "indexing"
        )
    if indexing not in ("xy", "ij"):
        raise error.ValueError(f"meshgrid: indexing={indexing!r} is unknown; expected 'xy' or 'ij'")
    places = list(range(len(xi)))
    if indexing == "xy" and len(xi) > 1:
        places[:2] = [1, 0]
    grids = [
        reshape(x, (1,) * place + (-1,) + (1,) * (len(xi) - place - 1))
        for x, place in zip(xi, places)
    ]
    if sparse:
        return [grid.copy() for grid in grids] if copy else grids
    return broadcast_arrays(*grids) if grids else []
