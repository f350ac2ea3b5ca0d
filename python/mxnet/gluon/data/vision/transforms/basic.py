"""Chains of transforms, and how pictures become tensors."""

import random

from ..... import error
from ..... import ndarray as nd
from ....block import HybridBlock
from ....nn import Sequential

__all__ = ["Compose", "RandomApply", "Cast", "ToTensor", "Normalize"]


class Compose(Sequential):
    """Transforms one after the other.

    Args:
        transforms (list of Block): The transforms.

    Example:
        >>> transform = Compose([Resize(224), ToTensor()])
    """

    def __init__(self, transforms):
        super().__init__()
        with self.name_scope():
            self.add(*transforms)


class RandomApply(Sequential):
    """Applies a transform, or several one after the other, or none.

    Args:
        transforms (Block or list of Block): The transforms.
        p (float): Probability that they are applied.
    """

    def __init__(self, transforms, p=0.5):
        super().__init__()
        self.add(*(transforms if isinstance(transforms, (list, tuple)) else [transforms]))
        self.p = p

    def forward(self, x, *args):
        return super().forward(x, *args) if random.random() < self.p else x


class Cast(HybridBlock):
    """Turns the elements into another type.

    Args:
        dtype (str): The type.
    """

    def __init__(self, dtype="float32"):
        super().__init__()
        self._dtype = dtype

    def hybrid_forward(self, F, x):
        return F.cast(x, dtype=self._dtype)


class ToTensor(HybridBlock):
    """Numbers from 0 to 255 of shape (H, W, C) become float32 from 0 to 1 of shape (C, H, W).

    Inputs:
        A picture, or pictures of shape (N, H, W, C).
    """

    def hybrid_forward(self, F, x):
        x = F.cast(x, dtype="float32") / 255.0
        return F.swapaxes(F.swapaxes(x, dim1=-1, dim2=-3), dim1=-1, dim2=-2)


class Normalize(HybridBlock):
    """Subtracts a mean from each channel and divides it by a standard deviation.

    Args:
        mean (float or tuple of float): The mean, for all channels or for each.
        std (float or tuple of float): The standard deviation.

    Inputs:
        Pictures of shape (C, H, W) or (N, C, H, W), as `ToTensor` gives them.
    """

    def __init__(self, mean=0.0, std=1.0):
        super().__init__()
        self._mean = self._as_tuple("mean", mean)
        self._std = self._as_tuple("std", std)

    @staticmethod
    def _as_tuple(name, value):
        values = (value,) if isinstance(value, (int, float)) else tuple(value)
        if len(values) not in (1, 3):
            raise error.ValueError(
                f"Normalize: {name}={value} has {len(values)} numbers; expected 1 or 3"
            )
        return values

    def hybrid_forward(self, F, x):
        def channels(values):
            if len(values) == 1:
                return F.full((1, 1, 1), values[0])
            return F.concat(*[F.full((1, 1, 1), value) for value in values], dim=0)

        # The last three axes are those of a picture, whether there is one for the batch or not.
        return F.broadcast_div(F.broadcast_sub(x, channels(self._mean)), channels(self._std))


def check_size(owner, size):
    """Width and height from one number or two.

    Args:
        owner (str): Whose argument it is, for messages.
        size (int or tuple of int): The argument.
    """
    sizes = (size, size) if isinstance(size, int) else tuple(size)
    if len(sizes) != 2 or any(each <= 0 for each in sizes):
        raise error.ValueError(
            f"{owner}: size={size} is no size; expected a positive number, or width and height"
        )
    return sizes


class PictureBlock(HybridBlock):
    """Base of transforms that work on the pixels of arrays; a batch goes picture by picture.

    They can stand in a HybridSequential, which then must not be hybridized.
    """

    def forward(self, x):
        if not isinstance(x, nd.NDArray):
            raise error.NotImplementedError(
                f"{type(self).__name__}: {x!r} is of type {type(x).__name__}; expected an NDArray, "
                "without hybridize() of the transforms"
            )
        if x.ndim == 4:
            return nd.stack(*[self.apply_to(picture) for picture in x])
        if x.ndim != 3:
            raise error.ValueError(
                f"{type(self).__name__}: the picture has the shape {x.shape}; expected (height, "
                "width, channels), or a batch of such"
            )
        return self.apply_to(x)

    def apply_to(self, picture):
        """The transformed picture; a subclass defines it."""
        raise error.NotImplementedError(f"{type(self).__name__}: apply_to is not defined")
