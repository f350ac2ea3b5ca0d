"""Convolution layers."""

from ... import _elsewhere, error
from ...base import integer_types
from ..block import HybridBlock
from .activations import Activation

__all__ = [
    "Conv1D",
    "Conv2D",
    "Conv3D",
    "Conv1DTranspose",
    "Conv2DTranspose",
    "Conv3DTranspose",
]

__getattr__ = _elsewhere.getter(
    __name__,
    {
        "AvgPool1D": "gluon.nn.pool_layers",
        "AvgPool2D": "gluon.nn.pool_layers",
        "AvgPool3D": "gluon.nn.pool_layers",
        "GlobalAvgPool1D": "gluon.nn.pool_layers",
        "GlobalAvgPool2D": "gluon.nn.pool_layers",
        "GlobalAvgPool3D": "gluon.nn.pool_layers",
        "GlobalMaxPool1D": "gluon.nn.pool_layers",
        "GlobalMaxPool2D": "gluon.nn.pool_layers",
        "GlobalMaxPool3D": "gluon.nn.pool_layers",
        "MaxPool1D": "gluon.nn.pool_layers",
        "MaxPool2D": "gluon.nn.pool_layers",
        "MaxPool3D": "gluon.nn.pool_layers",
        "ReflectionPad2D": "gluon.nn.pool_layers",
        "_Pooling": "gluon.nn.pool_layers",
    },
)


def as_tuple(value, count, owner, what):
    """A number for each of `count` axes.

    Args:
        value (int or tuple of int): One number for all axes, or one for each.
        count (int): How many axes.
        owner (str): Whose argument it is, for messages.
        what (str): Name of the argument.
    """
    if isinstance(value, integer_types):
        return (int(value),) * count
    value = tuple(value)
    if len(value) != count:
        raise error.AssertionError(
            f"{owner}: {what}={value} has {len(value)} numbers; expected a number, or {count}"
        )
    return value


def check_layout(layout, allowed, owner):
    """Refuse a layout that an operator does not have."""
    if layout not in allowed:
        raise error.AssertionError(
            f"{owner}: layout={layout!r} is not known; expected {' or '.join(allowed)}"
        )


def describe(layer, weight):
    """What `repr` shows of a convolution with such a weight: all that is not as usual."""
    options = layer._kwargs
    count = len(options["kernel"])
    first, second = weight.shape[:2]
    parts = [
        f"{second or None} -> {first}",
        f"kernel_size={options['kernel']}",
        f"stride={options['stride']}",
    ]
    if options["pad"] != (0,) * count:
        parts.append(f"padding={options['pad']}")
    if options["dilate"] != (1,) * count:
        parts.append(f"dilation={options['dilate']}")
    if options["num_group"] != 1:
        parts.append(f"groups={options['num_group']}")
    if options["no_bias"]:
        parts.append("bias=False")
    if layer.act:
        parts.append(repr(layer.act))
    return f"{type(layer).__name__}({', '.join(parts)})"


class _Conv(HybridBlock):
    """Base of convolutions; `op_name` is the operator."""

    _layouts = ()  # of the subclass

    def __init__(
        self,
        channels,
        kernel_size,
        strides,
        padding,
        dilation,
        groups,
        layout,
        in_channels=0,
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        op_name="Convolution",
        adj=None,
        prefix=None,
        params=None,
    ):
        owner = type(self).__name__
        if self._layouts:
            check_layout(layout, self._layouts, owner)
        super().__init__(prefix=prefix, params=params)
        count = len(layout) - 2
        self._channels = channels
        self._in_channels = in_channels
        self._op_name = op_name
        self._kwargs = {
            "kernel": as_tuple(kernel_size, count, owner, "kernel_size"),
            "stride": as_tuple(strides, count, owner, "strides"),
            "dilate": as_tuple(dilation, count, owner, "dilation"),
            "pad": as_tuple(padding, count, owner, "padding"),
            "num_filter": channels,
            "num_group": groups,
            "no_bias": not use_bias,
            "layout": layout,
        }
        if adj is not None:
            self._kwargs["adj"] = as_tuple(adj, count, owner, "output_padding")
        with self.name_scope():
            self.weight = self.params.get(
                "weight",
                shape=self._weight_shape(),
                init=weight_initializer,
                allow_deferred_init=True,
            )
            self.bias = None
            if use_bias:
                self.bias = self.params.get(
                    "bias", shape=(channels,), init=bias_initializer, allow_deferred_init=True
                )
            self.act = Activation(activation, prefix=activation + "_") if activation else None

    def _weight_shape(self):
        """Shape of the weight, with 0 where the input's channels are not known."""
        groups, kernel = self._kwargs["num_group"], self._kwargs["kernel"]
        first, second = self._channels, self._in_channels // groups
        if self._op_name == "Deconvolution":
            first, second = self._in_channels, self._channels // groups
        if self._kwargs["layout"].endswith("C"):
            return (first, *kernel, second)
        return (first, second, *kernel)

    def _alias(self):
        return "conv"

    def hybrid_forward(self, F, x, weight, bias=None):
        inputs = (x, weight) if bias is None else (x, weight, bias)
        out = getattr(F, self._op_name)(*inputs, name="fwd", **self._kwargs)
        return out if self.act is None else self.act(out)

    def __repr__(self):
        return describe(self, self.weight)


class Conv1D(_Conv):
    """A convolution over width.

    Args:
        channels (int): Number of filters.
        kernel_size (int): Size of the window.
        strides (int): Steps of the window.
        padding (int): Zeros around the input.
        dilation (int): Distance of the elements in the window.
        groups (int): Number of groups of channels that do not see each other.
        layout (str): 'NCW'.
        activation (str): See `Activation`; None for none.
        use_bias (bool): Whether there is a bias.
        weight_initializer (Initializer or str): Initializer of the weight.
        bias_initializer (Initializer or str): Initializer of the bias.
        in_channels (int): Channels of the input; 0 to find out in the first forward pass.
    """

    _layouts = ("NCW",)

    def __init__(
        self,
        channels,
        kernel_size,
        strides=1,
        padding=0,
        dilation=1,
        groups=1,
        layout="NCW",
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_channels=0,
        **kwargs,
    ):
        super().__init__(
            channels,
            kernel_size,
            strides,
            padding,
            dilation,
            groups,
            layout,
            in_channels,
            activation,
            use_bias,
            weight_initializer,
            bias_initializer,
            **kwargs,
        )


class Conv2D(_Conv):
    """A convolution over height and width.

    Args:
        channels (int): Number of filters.
        kernel_size (int or tuple of int): Size of the window.
        strides (int or tuple of int): Steps of the window.
        padding (int or tuple of int): Zeros around the input.
        dilation (int or tuple of int): Distance of the elements in the window.
        groups (int): Number of groups of channels that do not see each other.
        layout (str): 'NCHW' or 'NHWC'.
        activation (str): See `Activation`; None for none.
        use_bias (bool): Whether there is a bias.
        weight_initializer (Initializer or str): Initializer of the weight.
        bias_initializer (Initializer or str): Initializer of the bias.
        in_channels (int): Channels of the input; 0 to find out in the first forward pass.
    """

    _layouts = ("NCHW", "NHWC")

    def __init__(
        self,
        channels,
        kernel_size,
        strides=(1, 1),
        padding=(0, 0),
        dilation=(1, 1),
        groups=1,
        layout="NCHW",
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_channels=0,
        **kwargs,
    ):
        super().__init__(
            channels,
            kernel_size,
            strides,
            padding,
            dilation,
            groups,
            layout,
            in_channels,
            activation,
            use_bias,
            weight_initializer,
            bias_initializer,
            **kwargs,
        )


class Conv3D(_Conv):
    """A convolution over depth, height and width.

    Args:
        channels (int): Number of filters.
        kernel_size (int or tuple of int): Size of the window.
        strides (int or tuple of int): Steps of the window.
        padding (int or tuple of int): Zeros around the input.
        dilation (int or tuple of int): Distance of the elements in the window.
        groups (int): Number of groups of channels that do not see each other.
        layout (str): 'NCDHW' or 'NDHWC'.
        activation (str): See `Activation`; None for none.
        use_bias (bool): Whether there is a bias.
        weight_initializer (Initializer or str): Initializer of the weight.
        bias_initializer (Initializer or str): Initializer of the bias.
        in_channels (int): Channels of the input; 0 to find out in the first forward pass.
    """

    _layouts = ("NCDHW", "NDHWC")

    def __init__(
        self,
        channels,
        kernel_size,
        strides=(1, 1, 1),
        padding=(0, 0, 0),
        dilation=(1, 1, 1),
        groups=1,
        layout="NCDHW",
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_channels=0,
        **kwargs,
    ):
        super().__init__(
            channels,
            kernel_size,
            strides,
            padding,
            dilation,
            groups,
            layout,
            in_channels,
            activation,
            use_bias,
            weight_initializer,
            bias_initializer,
            **kwargs,
        )


class Conv1DTranspose(_Conv):
    """The transpose of `Conv1D`: goes from the shape of its output to that of its input.

    Args:
        channels (int): Number of filters.
        kernel_size (int): Size of the window.
        strides (int): Steps of the window.
        padding (int): Zeros around the output that are cut off.
        output_padding (int): What is added to one side of the output.
        dilation (int): Distance of the elements in the window.
        groups (int): Number of groups of channels that do not see each other.
        layout (str): 'NCW'.
        activation (str): See `Activation`; None for none.
        use_bias (bool): Whether there is a bias.
        weight_initializer (Initializer or str): Initializer of the weight.
        bias_initializer (Initializer or str): Initializer of the bias.
        in_channels (int): Channels of the input; 0 to find out in the first forward pass.
    """

    _layouts = ("NCW",)

    def __init__(
        self,
        channels,
        kernel_size,
        strides=1,
        padding=0,
        output_padding=0,
        dilation=1,
        groups=1,
        layout="NCW",
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_channels=0,
        **kwargs,
    ):
        super().__init__(
            channels,
            kernel_size,
            strides,
            padding,
            dilation,
            groups,
            layout,
            in_channels,
            activation,
            use_bias,
            weight_initializer,
            bias_initializer,
            op_name="Deconvolution",
            adj=output_padding,
            **kwargs,
        )


class Conv2DTranspose(_Conv):
    """The transpose of `Conv2D`: goes from the shape of its output to that of its input.

    Args:
        channels (int): Number of filters.
        kernel_size (int or tuple of int): Size of the window.
        strides (int or tuple of int): Steps of the window.
        padding (int or tuple of int): Zeros around the output that are cut off.
        output_padding (int or tuple of int): What is added to one side of the output.
        dilation (int or tuple of int): Distance of the elements in the window.
        groups (int): Number of groups of channels that do not see each other.
        layout (str): 'NCHW' or 'NHWC'.
        activation (str): See `Activation`; None for none.
        use_bias (bool): Whether there is a bias.
        weight_initializer (Initializer or str): Initializer of the weight.
        bias_initializer (Initializer or str): Initializer of the bias.
        in_channels (int): Channels of the input; 0 to find out in the first forward pass.
    """

    _layouts = ("NCHW", "NHWC")

    def __init__(
        self,
        channels,
        kernel_size,
        strides=(1, 1),
        padding=(0, 0),
        output_padding=(0, 0),
        dilation=(1, 1),
        groups=1,
        layout="NCHW",
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_channels=0,
        **kwargs,
    ):
        super().__init__(
            channels,
            kernel_size,
            strides,
            padding,
            dilation,
            groups,
            layout,
            in_channels,
            activation,
            use_bias,
            weight_initializer,
            bias_initializer,
            op_name="Deconvolution",
            adj=output_padding,
            **kwargs,
        )


class Conv3DTranspose(_Conv):
    """The transpose of `Conv3D`: goes from the shape of its output to that of its input.

    Args:
        channels (int): Number of filters.
        kernel_size (int or tuple of int): Size of the window.
        strides (int or tuple of int): Steps of the window.
        padding (int or tuple of int): Zeros around the output that are cut off.
        output_padding (int or tuple of int): What is added to one side of the output.
        dilation (int or tuple of int): Distance of the elements in the window.
        groups (int): Number of groups of channels that do not see each other.
        layout (str): 'NCDHW' or 'NDHWC'.
        activation (str): See `Activation`; None for none.
        use_bias (bool): Whether there is a bias.
        weight_initializer (Initializer or str): Initializer of the weight.
        bias_initializer (Initializer or str): Initializer of the bias.
        in_channels (int): Channels of the input; 0 to find out in the first forward pass.
    """

    _layouts = ("NCDHW", "NDHWC")

    def __init__(
        self,
        channels,
        kernel_size,
        strides=(1, 1, 1),
        padding=(0, 0, 0),
        output_padding=(0, 0, 0),
        dilation=(1, 1, 1),
        groups=1,
        layout="NCDHW",
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_channels=0,
        **kwargs,
    ):
        super().__init__(
            channels,
            kernel_size,
            strides,
            padding,
            dilation,
            groups,
            layout,
            in_channels,
            activation,
            use_bias,
            weight_initializer,
            bias_initializer,
            op_name="Deconvolution",
            adj=output_padding,
            **kwargs,
        )
