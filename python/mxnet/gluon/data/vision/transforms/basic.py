"""Chains of transforms, and how pictures become tensors."""

import itertools
import random

from ..... import error
from ..... import ndarray as nd
from ....block import Block, HybridBlock
from ....nn import HybridSequential, Sequential

__all__ = ["Compose", "RandomApply", "Cast", "ToTensor", "Normalize"]


class Compose(Sequential):
    """Transforms one after the other.

    Neighbours that can be hybridized become one hybridized block.

    Args:
        transforms (list of Block): The transforms.

    Example:
        >>> transform = Compose([Resize(224), ToTensor()])
    """

    def __init__(self, transforms):
        super().__init__()
        with self.name_scope():
            groups = itertools.groupby(transforms, lambda each: isinstance(each, HybridBlock))
            for hybrid, group in groups:
                blocks = list(group)
                self.add(*(self._as_one(blocks) if hybrid else blocks))

    @staticmethod
    def _as_one(blocks):
        if len(blocks) == 1:
            return blocks
        block = HybridSequential()
        block.add(*blocks)
        block.hybridize()
        return [block]


class RandomApply(Sequential):
    """Applies a transform, or several one after the other, or none.

    Args:
        transforms (Block, function or list of Block): The transforms.
        p (float): Probability that they are applied.
    """

    def __init__(self, transforms, p=0.5):
        super().__init__()
        self.transforms = Compose(transforms) if isinstance(transforms, list) else transforms
        self.p = p

    def forward(self, x, *args):
        return x if self.p < random.random() else self.transforms(x, *args)


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
        return F.image.to_tensor(x)


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
        values = (value,) if isinstance(value, (int, float)) else tuple(map(float, value))
        if len(values) not in (1, 3):
            raise error.ValueError(
                f"Normalize: {name}={value} has {len(values)} numbers; expected 1 or 3"
            )
        return values

    def hybrid_forward(self, F, x):
        return F.image.normalize(x, mean=self._mean, std=self._std)


def check_size(owner, size):
    """Width and height from one number or two.

    Args:
        owner (str): Whose argument it is, for messages.
        size (int or tuple of int): The argument.
    """
    sizes = tuple(size) if isinstance(size, (tuple, list)) else (size, size)
    if len(sizes) != 2 or any(int(each) != each or each <= 0 for each in sizes):
        raise error.ValueError(
            f"{owner}: size={size} is no size; expected a positive number, or width and height"
        )
    return int(sizes[0]), int(sizes[1])


class PictureBlock(Block):
    """Base of transforms that need the size of their picture, or draw in Python.

    A batch goes picture by picture.
    """

    def forward(self, x):
        if not isinstance(x, nd.NDArray):
            raise error.NotImplementedError(
                f"{type(self).__name__}: {x!r} is of type {type(x).__name__}; expected an NDArray"
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
