"""Layers that turn channels into positions (arXiv:1609.05158)."""

from ... import error
from ...base import integer_types
from ..block import HybridBlock

__all__ = ["PixelShuffle1D", "PixelShuffle2D", "PixelShuffle3D"]


def _factors(factor, count, owner):
    if isinstance(factor, integer_types):
        return (factor,) * count
    factors = tuple(int(each) for each in factor)
    if len(factors) != count:
        raise error.AssertionError(
            f"{owner}: factor={factor} has {len(factors)} numbers; expected {count}"
        )
    return factors


class PixelShuffle1D(HybridBlock):
    """Shape (N, f * C, W) becomes (N, C, W * f).

    Args:
        factor (int or tuple of int): The factor f.
    """

    def __init__(self, factor):
        super().__init__()
        self._factor = int(factor)

    def hybrid_forward(self, F, x):
        x = F.reshape(x, (0, -4, -1, self._factor, 0))
        x = F.transpose(x, (0, 1, 3, 2))
        return F.reshape(x, (0, 0, -3))

    def __repr__(self):
        return f"{type(self).__name__}({self._factor})"


class PixelShuffle2D(HybridBlock):
    """Shape (N, f1 * f2 * C, H, W) becomes (N, C, H * f1, W * f2).

    Args:
        factor (int or tuple of int): The factors f1 and f2.
    """

    def __init__(self, factor):
        super().__init__()
        self._factors = _factors(factor, 2, "PixelShuffle2D")

    def hybrid_forward(self, F, x):
        f1, f2 = self._factors
        x = F.reshape(x, (0, -4, -1, f1 * f2, 0, 0))
        x = F.reshape(x, (0, 0, -4, f1, f2, 0, 0))
        x = F.transpose(x, (0, 1, 4, 2, 5, 3))
        return F.reshape(x, (0, 0, -3, -3))

    def __repr__(self):
        return f"{type(self).__name__}({self._factors})"


class PixelShuffle3D(HybridBlock):
    """Shape (N, f1 * f2 * f3 * C, D, H, W) becomes (N, C, D * f1, H * f2, W * f3).

    Args:
        factor (int or tuple of int): The factors f1, f2 and f3.
    """

    def __init__(self, factor):
        super().__init__()
        self._factors = _factors(factor, 3, "PixelShuffle3D")

    def hybrid_forward(self, F, x):
        f1, f2, f3 = self._factors
        x = F.reshape(x, (0, -4, -1, f1 * f2 * f3, 0, 0, 0))  # N, C, f1 f2 f3, D, H, W
        x = F.swapaxes(x, 2, 3)  # N, C, D, f1 f2 f3, H, W
        x = F.reshape(x, (0, 0, 0, -4, f1, f2 * f3, 0, 0))
        x = F.reshape(x, (0, 0, -3, 0, 0, 0))  # N, C, D f1, f2 f3, H, W
        x = F.swapaxes(x, 3, 4)
        x = F.reshape(x, (0, 0, 0, 0, -4, f2, f3, 0))
        x = F.reshape(x, (0, 0, 0, -3, 0, 0))  # N, C, D f1, H f2, f3, W
        x = F.swapaxes(x, 4, 5)
        return F.reshape(x, (0, 0, 0, 0, -3))

    def __repr__(self):
        return f"{type(self).__name__}({self._factors})"
