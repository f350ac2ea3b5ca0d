"""Convolutions that learn where the elements of their windows lie."""

from ...block import HybridBlock
from ...nn import Activation
from ...nn.conv_layers import as_tuple, check_layout, describe

__all__ = ["DeformableConvolution", "ModulatedDeformableConvolution"]


class DeformableConvolution(HybridBlock):
    """A convolution whose windows' elements are moved, as another convolution of the input tells
    (arXiv:1703.06211).

    Args:
        channels (int): Number of filters.
        kernel_size (int or tuple of int): Size of the window.
        strides (int or tuple of int): Steps of the window.
        padding (int or tuple of int): Zeros around the input.
        dilation (int or tuple of int): Distance of the elements in the window.
        groups (int): Number of groups of channels that do not see each other.
        num_deformable_group (int): Number of groups of channels that move together.
        layout (str): 'NCHW'.
        use_bias (bool): Whether there is a bias.
        in_channels (int): Channels of the input; 0 to find out in the first forward pass.
        activation (str): See `Activation`; None for none.
        weight_initializer, bias_initializer (Initializer or str): Initializers of the filters.
        offset_weight_initializer, offset_bias_initializer (Initializer or str): Initializers of the
            convolution that tells the moves.
        offset_use_bias (bool): Whether that one has a bias.
    """

    _numbers = 2  # that the other convolution tells of each element: down, right
    _prefix_name = "deformable_conv"

    def __init__(
        self,
        channels,
        kernel_size=(1, 1),
        strides=(1, 1),
        padding=(0, 0),
        dilation=(1, 1),
        groups=1,
        num_deformable_group=1,
        layout="NCHW",
        use_bias=True,
        in_channels=0,
        activation=None,
        weight_initializer=None,
        bias_initializer="zeros",
        offset_weight_initializer="zeros",
        offset_bias_initializer="zeros",
        offset_use_bias=True,
        op_name=None,
        adj=None,
        prefix=None,
        params=None,
    ):
        owner = type(self).__name__
        check_layout(layout, ("NCHW",), owner)
        super().__init__(prefix=prefix, params=params)
        self._op_name = op_name or owner
        window = {
            "kernel": as_tuple(kernel_size, 2, owner, "kernel_size"),
            "stride": as_tuple(strides, 2, owner, "strides"),
            "dilate": as_tuple(dilation, 2, owner, "dilation"),
            "pad": as_tuple(padding, 2, owner, "padding"),
            "num_group": groups,
            "layout": layout,
        }
        kernel = window["kernel"]
        moves = self._numbers * kernel[0] * kernel[1] * num_deformable_group
        self._moves = 2 * moves // self._numbers
        self._kwargs = {
            **window,
            "num_filter": channels,
            "no_bias": not use_bias,
            "num_deformable_group": num_deformable_group,
        }
        self._offset_kwargs = {**window, "num_filter": moves, "no_bias": not offset_use_bias}
        with self.name_scope():
            self._add("offset", moves, offset_weight_initializer, in_channels, "weight")
            self._add("offset", moves, offset_use_bias and offset_bias_initializer)
            self._add("deformable_conv", channels, weight_initializer, in_channels, "weight")
            self._add("deformable_conv", channels, use_bias and bias_initializer)
            self.act = Activation(activation, prefix=activation + "_") if activation else None

    def _add(self, owner, count, init, in_channels=0, kind="bias"):
        """Give the block a parameter; none for a bias that is not wanted."""
        parameter = None
        if kind == "weight" or init is not False:
            groups, kernel = self._kwargs["num_group"], self._kwargs["kernel"]
            shape = (count, in_channels // groups, *kernel) if kind == "weight" else (count,)
            parameter = self.params.get(
                f"{owner}_{kind}", shape=shape, init=init, allow_deferred_init=True
            )
        setattr(self, f"{owner}_{kind}", parameter)

    def _alias(self):
        return self._prefix_name

    def hybrid_forward(
        self,
        F,
        x,
        offset_weight,
        deformable_conv_weight,
        offset_bias=None,
        deformable_conv_bias=None,
    ):
        offset = [x, offset_weight] if offset_bias is None else [x, offset_weight, offset_bias]
        moves = self._split(F, F.Convolution(*offset, cudnn_off=True, **self._offset_kwargs))
        inputs = [x, *moves, deformable_conv_weight]
        if deformable_conv_bias is not None:
            inputs.append(deformable_conv_bias)
        out = getattr(F.contrib, self._op_name)(*inputs, name="fwd", **self._kwargs)
        return out if self.act is None else self.act(out)

    def _split(self, F, moves):
        """The operator's inputs from what the other convolution tells."""
        return [moves]

    def __repr__(self):
        return describe(self, self.deformable_conv_weight)


class ModulatedDeformableConvolution(DeformableConvolution):
    """The same with a factor for each element of the window too, from 0 to 2 (arXiv:1811.11168).

    Args:
        channels, kernel_size, strides, padding, dilation, groups, num_deformable_group, layout,
            use_bias, in_channels, activation, weight_initializer, bias_initializer,
            offset_weight_initializer, offset_bias_initializer, offset_use_bias: See
            `DeformableConvolution`.
    """

    _numbers = 3
    _prefix_name = "modulated_deformable_conv"

    def _split(self, F, moves):
        offset = F.slice_axis(moves, axis=1, begin=0, end=self._moves)
        mask = F.slice_axis(moves, axis=1, begin=self._moves, end=None)
        return [offset, F.sigmoid(mask) * 2]
