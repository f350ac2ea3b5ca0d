"""Which rank owns which elements of a key."""

import math

__all__ = ["Layout", "Layouts"]

# A key of at least that many elements is cut into equal parts, one for each rank, unless
# MXNET_KVSTORE_BIGARRAY_BOUND says otherwise.
CUT_FROM = 131072


class Layout:
    """The cut of one key: rank r owns the elements from ``bounds[r]`` to ``bounds[r + 1]``.

    Args:
        shape (tuple of int): Shape of the key.
        bounds (list of int): One more than there are ranks.
    """

    def __init__(self, shape, bounds):
        self.shape = tuple(shape)
        self.bounds = bounds

    @property
    def is_cut(self):
        """Whether more than one rank owns a part."""
        return self.owner is None

    @property
    def owner(self):
        """The rank that owns all of it, or None."""
        size = self.bounds[-1]
        return next((r for r in range(len(self.bounds) - 1) if self.size_of(r) == size), None)

    def size_of(self, rank):
        """Number of elements that a rank owns."""
        return self.bounds[rank + 1] - self.bounds[rank]

    def part(self, array, rank):
        """The elements of an array that a rank owns, as a flat view."""
        flat = array.reshape((-1,))
        return flat if self.size_of(rank) == flat.size else flat[self._range(rank)]

    def _range(self, rank):
        return slice(self.bounds[rank], self.bounds[rank + 1])

    def shape_of(self, rank):
        """Shape in which a rank stores its part."""
        return self.shape if self.owner == rank else (self.size_of(rank),)


class Layouts:
    """Gives keys to ranks: whole ones to whoever owns least so far, large ones in equal parts.

    Args:
        size (int): Number of ranks.
        cut_from (int): Number of elements from which a key is cut.
    """

    def __init__(self, size, cut_from):
        self._owned = [0] * size
        self._cut_from = cut_from

    def whole(self, shape):
        """The layout of a key that one rank owns."""
        size = math.prod(shape)
        owner = self._owned.index(min(self._owned))
        self._owned[owner] += size
        return Layout(shape, [0 if rank <= owner else size for rank in range(len(self._owned) + 1)])

    def choose(self, shape):
        """The layout of a key that may be cut."""
        size, ranks = math.prod(shape), len(self._owned)
        if size < max(self._cut_from, ranks):
            return self.whole(shape)
        return Layout(shape, [size * rank // ranks for rank in range(ranks + 1)])
