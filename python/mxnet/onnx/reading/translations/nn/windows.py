"""What convolutions and poolings share: kernels, strides, dilations and pads."""

import math

from ..... import error
from ...values import Size

__all__ = ["Window", "pad_spatial"]


class Window:
    """A window that moves over the spatial axes of (batch, channels, ...).

    Args:
        node (Node): The node.
        shape (tuple of int or Size): Shape of the data.
        kernel (tuple of int): Size of the window.
        ceil (bool): Whether windows that stick out at the end count.

    Attributes:
        begin, end (tuple of int): Pads before and after each axis. With `ceil`, windows may need
            `extra` more after it.
    """

    def __init__(self, node, shape, kernel, ceil=False):
        self._node = node
        self.kernel = tuple(int(size) for size in kernel)
        rank = len(self.kernel)
        self.stride = tuple(node.attr("strides") or (1,) * rank)
        self.dilation = tuple(node.attr("dilations") or (1,) * rank)
        pads = tuple(node.attr("pads") or (0,) * 2 * rank)
        if rank != len(shape) - 2 or len(pads) != 2 * rank or len(self.stride) != rank:
            raise error.ValueError(
                f"{node.title}: kernel_shape={self.kernel} of {node.proto.op_type} does not fit "
                f"{len(shape)} axes and its strides and pads; one number for each spatial axis is "
                "expected"
            )
        if min(*self.kernel, *self.stride, *self.dilation, 1) < 1 or min(pads, default=0) < 0:
            raise error.ValueError(
                f"{node.title}: kernel_shape, strides, dilations or pads of {node.proto.op_type} "
                "are negative or 0; positive ones are expected"
            )
        self.begin, self.end = pads[:rank], pads[rank:]
        self.spatial = shape[2:]
        self.ceil = ceil
        self._resolve(node, node.attr("auto_pad", "NOTSET"))

    @property
    def reach(self):
        """Sizes of the window with its dilation."""
        return tuple((k - 1) * d + 1 for k, d in zip(self.kernel, self.dilation))

    def _resolve(self, node, mode):
        if mode in ("NOTSET", ""):
            return
        rank = len(self.kernel)
        self.ceil = False
        if mode == "VALID":
            self.begin = self.end = (0,) * rank
        elif mode in ("SAME_UPPER", "SAME_LOWER"):
            if any(isinstance(size, Size) for size in self.spatial) and max(self.stride) > 1:
                raise node.refuse("auto_pad", mode, "input_shapes of import_model, or pads")
            totals = [
                max(reach - stride, 0)
                if isinstance(size, Size)
                else max((-(-size // stride) - 1) * stride + reach - size, 0)
                for size, stride, reach in zip(self.spatial, self.stride, self.reach)
            ]
            small = tuple(total // 2 for total in totals)
            large = tuple(total - total // 2 for total in totals)
            self.begin, self.end = (small, large) if mode == "SAME_UPPER" else (large, small)
        else:
            raise node.refuse("auto_pad", mode, "NOTSET, VALID, SAME_UPPER or SAME_LOWER")

    @property
    def is_even(self):
        """Whether pads are the same on both sides."""
        return self.begin == self.end

    def outputs(self):
        """Sizes of the result.

        With `ceil`, a window counts as long as it begins within the data or the pad before it.
        """
        sizes = []
        for i, size in enumerate(self.spatial):
            room = size + self.begin[i] + self.end[i] - self.reach[i]
            count = (-(-room // self.stride[i]) if self.ceil else room // self.stride[i]) + 1
            if self.ceil and (count - 1) * self.stride[i] >= size + self.begin[i]:
                count -= 1
            sizes.append(max(count, 0))
        return tuple(sizes)

    def extra(self):
        """What windows need after the pad at the end of each axis."""
        return tuple(
            max((count - 1) * stride + reach - size - before - after, 0)
            for count, stride, reach, size, before, after in zip(
                self.outputs(), self.stride, self.reach, self.spatial, self.begin, self.end
            )
        )

    def offsets(self):
        """Places of the window's elements from its beginning, in order."""
        self._node.check_steps(self.count(), "places in the window")
        places = [()]
        for size, dilation in zip(self.kernel, self.dilation):
            places = [(*place, i * dilation) for place in places for i in range(size)]
        return places

    def count(self):
        """Number of elements of the window."""
        return math.prod(self.kernel)


def pad_spatial(node, x, begin, end, number):
    """Data with a number around its spatial axes."""
    if not any(begin) and not any(end):
        return x
    if x.rank in (4, 5) and x.dtype == "float32":
        width = [0, 0, 0, 0]
        for pair in zip(begin, end):
            width += pair
        return node.op(
            "Pad", x, mode="constant", pad_width=tuple(width), constant_value=float(number)
        )
    for axis, counts in enumerate(zip(begin, end), 2):
        parts = []
        for count in counts:
            shape = (*x.shape[:axis], count, *x.shape[axis + 1 :])
            parts.append(node.full(shape, number, x.dtype) if count else None)
        x = node.concat([p for p in (parts[0], x, parts[1]) if p is not None], axis)
    return x
