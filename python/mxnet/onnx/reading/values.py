"""What tensors of an ONNX graph become: constants, symbols, or numbers that follow from sizes."""

import itertools

import numpy as np

from ... import error

__all__ = ["Size", "Value", "is_known", "sample", "stored_shape"]


class Size:
    """A size that the file leaves open, such as that of a batch.

    It is told by what it is for two choices of all open sizes. Shapes of results follow by
    inference for both; what is equal in both is known, and two sizes are the same if they are so in
    both.

    Args:
        first, second (int): The size in both cases.
    """

    __slots__ = ("first", "second")
    _numbers = itertools.count(2)

    def __init__(self, first, second):
        self.first, self.second = first, second

    @classmethod
    def new(cls):
        """A size that equals no other one. Many numbers divide it, as a reshape may ask for."""
        number = next(cls._numbers)
        return cls(2520 * number, 2520 * (2 * number + 1))

    def __eq__(self, other):
        if isinstance(other, Size):
            return (self.first, self.second) == (other.first, other.second)
        return False

    def __hash__(self):
        return hash((self.first, self.second))

    def __repr__(self):
        return "?"


def is_known(shape):
    """Whether all sizes of a shape are numbers."""
    return not any(isinstance(size, Size) for size in shape)


def sample(shape, case):
    """A shape for the first or second choice (`case` 0 or 1) of the open sizes."""
    return tuple(
        (size.second if case else size.first) if isinstance(size, Size) else size for size in shape
    )


def merge(first, second):
    """The shape that is `first` and `second` in the two cases."""
    return tuple(a if a == b else Size(a, b) for a, b in zip(first, second))


def stored_shape(shape):
    """The shape of the array that holds a tensor: arrays have at least one axis."""
    return tuple(shape) or (1,)


class Value:
    """A tensor of the graph.

    Args:
        shape (tuple of int or Size): Its shape in ONNX; () is held in an array of shape (1,).
        dtype (str): Its dtype in ONNX.
        symbol (Symbol): What computes it; None for constants, until they meet a symbol.
        arrays (tuple of numpy.ndarray): Its contents for the two choices of open sizes, if they
            follow from the file and from sizes alone, else None. One array twice is a constant.
        name (str): A constant's name in the file.
    """

    __slots__ = ("shape", "dtype", "symbol", "arrays", "name")

    def __init__(self, shape, dtype, symbol=None, arrays=None, name=None):
        self.shape = tuple(shape)
        self.dtype = dtype
        self.symbol = symbol
        self.arrays = arrays
        self.name = name

    @classmethod
    def constant(cls, array, dtype=None, name=None):
        """A constant with the contents of a NumPy array, in the dtype in which it is computed."""
        return cls(array.shape, dtype or array.dtype.name, arrays=(array, array), name=name)

    @property
    def is_constant(self):
        """Whether the contents follow from the file alone."""
        return self.arrays is not None and self.arrays[0] is self.arrays[1]

    @property
    def rank(self):
        """Number of axes."""
        return len(self.shape)

    @property
    def is_empty(self):
        """Whether it has no elements."""
        return 0 in self.shape

    def array(self):
        """The contents of a constant, or None."""
        return self.arrays[0] if self.is_constant else None

    def like(self, shape=None, dtype=None):
        """The same array called another dtype, or () instead of (1,) and the other way round."""
        shape = self.shape if shape is None else tuple(shape)
        if self.symbol is not None and stored_shape(shape) != stored_shape(self.shape):
            raise error.InternalError(
                f"an array of shape {list(self.shape)} taken for one of {list(shape)}"
            )
        arrays = self.arrays
        if arrays is not None and shape != self.shape:
            first = arrays[0].reshape(sample(shape, 0))
            same = self.is_constant
            arrays = (first, first if same else arrays[1].reshape(sample(shape, 1)))
        return Value(shape, dtype or self.dtype, self.symbol, arrays, self.name)

    def __repr__(self):
        kind = "constant" if self.is_constant else "tensor"
        return f"{kind} {list(self.shape)} {self.dtype}"


def broadcast_shapes(*shapes):
    """The shape of a pointwise result.

    Raises:
        ValueError: The shapes do not fit.
    """
    rank = max(map(len, shapes))
    result = []
    for sizes in zip(*[(1,) * (rank - len(shape)) + tuple(shape) for shape in shapes]):
        others = {size for size in sizes if size != 1}
        if len(others) > 1:
            raise error.ValueError(
                f"import_model: shapes={[list(s) for s in shapes]} do not fit each other; shapes "
                "that broadcast are expected"
            )
        result.append(others.pop() if others else 1)
    return tuple(result)


def as_integers(array):
    """The elements of an array as a flat list of int."""
    return [int(number) for number in np.asarray(array).reshape(-1)]
