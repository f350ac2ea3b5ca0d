"""Pooling layers."""

from ... import error
from ...base import integer_types
from ..block import HybridBlock
from .conv_layers import as_tuple, check_layout

__all__ = [
    "MaxPool1D",
    "MaxPool2D",
    "MaxPool3D",
    "AvgPool1D",
    "AvgPool2D",
    "AvgPool3D",
    "GlobalMaxPool1D",
    "GlobalMaxPool2D",
    "GlobalMaxPool3D",
    "GlobalAvgPool1D",
    "GlobalAvgPool2D",
    "GlobalAvgPool3D",
    "ReflectionPad2D",
]


class _Pooling(HybridBlock):
    """Base of pooling layers."""

    _layouts = ()  # of the subclass

    def __init__(
        self,
        pool_size,
        strides,
        padding,
        ceil_mode,
        global_pool,
        pool_type,
        layout,
        count_include_pad=None,
        **kwargs,
    ):
        owner = type(self).__name__
        if self._layouts:
            check_layout(layout, self._layouts, owner)
        super().__init__(**kwargs)
        count = len(layout) - 2
        if strides is None:
            strides = pool_size
        self._kwargs = {
            "kernel": as_tuple(pool_size, count, owner, "pool_size"),
            "stride": as_tuple(strides, count, owner, "strides"),
            "pad": as_tuple(padding, count, owner, "padding"),
            "global_pool": global_pool,
            "pool_type": pool_type,
            "layout": layout,
            "pooling_convention": "full" if ceil_mode else "valid",
        }
        if count_include_pad is not None:
            self._kwargs["count_include_pad"] = count_include_pad

    def _alias(self):
        return "pool"

    def hybrid_forward(self, F, x):
        return F.Pooling(x, name="fwd", **self._kwargs)

    def __repr__(self):
        options = self._kwargs
        ceil_mode = options["pooling_convention"] == "full"
        return (
            f"{type(self).__name__}(size={options['kernel']}, stride={options['stride']}, "
            f"padding={options['pad']}, ceil_mode={ceil_mode}, "
            f"global_pool={options['global_pool']}, pool_type={options['pool_type']}, "
            f"layout={options['layout']})"
        )


class MaxPool1D(_Pooling):
    """The greatest element of each window over width.

    Args:
        pool_size (int): Size of the window.
        strides (int): Steps of the window; None is its size.
        padding (int): Elements around the input.
        layout (str): 'NCW' or 'NWC'.
        ceil_mode (bool): Whether a window that does not fit whole counts.
    """

    _layouts = ("NCW", "NWC")

    def __init__(
        self,
        pool_size=2,
        strides=None,
        padding=0,
        layout="NCW",
        ceil_mode=False,
        **kwargs,
    ):
        super().__init__(pool_size, strides, padding, ceil_mode, False, "max", layout, **kwargs)


class MaxPool2D(_Pooling):
    """The greatest element of each window over height and width.

    Args:
        pool_size (int or tuple of int): Size of the window.
        strides (int or tuple of int): Steps of the window; None is its size.
        padding (int or tuple of int): Elements around the input.
        layout (str): 'NCHW' or 'NHWC'.
        ceil_mode (bool): Whether a window that does not fit whole counts.
    """

    _layouts = ("NCHW", "NHWC")

    def __init__(
        self,
        pool_size=(2, 2),
        strides=None,
        padding=0,
        layout="NCHW",
        ceil_mode=False,
        **kwargs,
    ):
        super().__init__(pool_size, strides, padding, ceil_mode, False, "max", layout, **kwargs)


class MaxPool3D(_Pooling):
    """The greatest element of each window over depth, height and width.

    Args:
        pool_size (int or tuple of int): Size of the window.
        strides (int or tuple of int): Steps of the window; None is its size.
        padding (int or tuple of int): Elements around the input.
        layout (str): 'NCDHW' or 'NDHWC'.
        ceil_mode (bool): Whether a window that does not fit whole counts.
    """

    _layouts = ("NCDHW", "NDHWC")

    def __init__(
        self,
        pool_size=(2, 2, 2),
        strides=None,
        padding=0,
        ceil_mode=False,
        layout="NCDHW",
        **kwargs,
    ):
        super().__init__(pool_size, strides, padding, ceil_mode, False, "max", layout, **kwargs)


class AvgPool1D(_Pooling):
    """The mean element of each window over width.

    Args:
        pool_size (int): Size of the window.
        strides (int): Steps of the window; None is its size.
        padding (int): Elements around the input.
        layout (str): 'NCW' or 'NWC'.
        ceil_mode (bool): Whether a window that does not fit whole counts.
        count_include_pad (bool): Whether the elements around the input count.
    """

    _layouts = ("NCW", "NWC")

    def __init__(
        self,
        pool_size=2,
        strides=None,
        padding=0,
        layout="NCW",
        ceil_mode=False,
        count_include_pad=True,
        **kwargs,
    ):
        super().__init__(
            pool_size,
            strides,
            padding,
            ceil_mode,
            False,
            "avg",
            layout,
            count_include_pad,
            **kwargs,
        )


class AvgPool2D(_Pooling):
    """The mean element of each window over height and width.

    Args:
        pool_size (int or tuple of int): Size of the window.
        strides (int or tuple of int): Steps of the window; None is its size.
        padding (int or tuple of int): Elements around the input.
        layout (str): 'NCHW' or 'NHWC'.
        ceil_mode (bool): Whether a window that does not fit whole counts.
        count_include_pad (bool): Whether the elements around the input count.
    """

    _layouts = ("NCHW", "NHWC")

    def __init__(
        self,
        pool_size=(2, 2),
        strides=None,
        padding=0,
        ceil_mode=False,
        layout="NCHW",
        count_include_pad=True,
        **kwargs,
    ):
        super().__init__(
            pool_size,
            strides,
            padding,
            ceil_mode,
            False,
            "avg",
            layout,
            count_include_pad,
            **kwargs,
        )


class AvgPool3D(_Pooling):
    """The mean element of each window over depth, height and width.

    Args:
        pool_size (int or tuple of int): Size of the window.
        strides (int or tuple of int): Steps of the window; None is its size.
        padding (int or tuple of int): Elements around the input.
        layout (str): 'NCDHW' or 'NDHWC'.
        ceil_mode (bool): Whether a window that does not fit whole counts.
        count_include_pad (bool): Whether the elements around the input count.
    """

    _layouts = ("NCDHW", "NDHWC")

    def __init__(
        self,
        pool_size=(2, 2, 2),
        strides=None,
        padding=0,
        ceil_mode=False,
        layout="NCDHW",
        count_include_pad=True,
        **kwargs,
    ):
        super().__init__(
            pool_size,
            strides,
            padding,
            ceil_mode,
            False,
            "avg",
            layout,
            count_include_pad,
            **kwargs,
        )


class GlobalMaxPool1D(_Pooling):
    """The greatest element of each channel over width.

    Args:
        layout (str): 'NCW' or 'NWC'.
    """

    _layouts = ("NCW", "NWC")

    def __init__(self, layout="NCW", **kwargs):
        super().__init__((1,), None, 0, True, True, "max", layout, **kwargs)


class GlobalMaxPool2D(_Pooling):
    """The greatest element of each channel over height and width.

    Args:
        layout (str): 'NCHW' or 'NHWC'.
    """

    _layouts = ("NCHW", "NHWC")

    def __init__(self, layout="NCHW", **kwargs):
        super().__init__((1, 1), None, 0, True, True, "max", layout, **kwargs)


class GlobalMaxPool3D(_Pooling):
    """The greatest element of each channel over depth, height and width.

    Args:
        layout (str): 'NCDHW' or 'NDHWC'.
    """

    _layouts = ("NCDHW", "NDHWC")

    def __init__(self, layout="NCDHW", **kwargs):
        super().__init__((1, 1, 1), None, 0, True, True, "max", layout, **kwargs)


class GlobalAvgPool1D(_Pooling):
    """The mean element of each channel over width.

    Args:
        layout (str): 'NCW' or 'NWC'.
    """

    _layouts = ("NCW", "NWC")

    def __init__(self, layout="NCW", **kwargs):
        super().__init__((1,), None, 0, True, True, "avg", layout, **kwargs)


class GlobalAvgPool2D(_Pooling):
    """The mean element of each channel over height and width.

    Args:
        layout (str): 'NCHW' or 'NHWC'.
    """

    _layouts = ("NCHW", "NHWC")

    def __init__(self, layout="NCHW", **kwargs):
        super().__init__((1, 1), None, 0, True, True, "avg", layout, **kwargs)


class GlobalAvgPool3D(_Pooling):
    """The mean element of each channel over depth, height and width.

    Args:
        layout (str): 'NCDHW' or 'NDHWC'.
    """

    _layouts = ("NCDHW", "NDHWC")

    def __init__(self, layout="NCDHW", **kwargs):
        super().__init__((1, 1, 1), None, 0, True, True, "avg", layout, **kwargs)


class ReflectionPad2D(HybridBlock):
    """Continues a picture beyond its borders by its mirror image.

    Args:
        padding (int or tuple of int): How far: one number for all sides, or 8 numbers, a pair for
            each axis of the input.
    """

    def __init__(self, padding=0, **kwargs):
        super().__init__(**kwargs)
        if isinstance(padding, integer_types):
            padding = (0, 0, 0, 0, padding, padding, padding, padding)
        if len(padding) != 8:
            raise error.AssertionError(
                f"ReflectionPad2D: padding={padding} has {len(padding)} numbers; expected 8, or a "
                "number"
            )
        self._padding = padding

    def hybrid_forward(self, F, x):
        return F.pad(x, mode="reflect", pad_width=self._padding)
