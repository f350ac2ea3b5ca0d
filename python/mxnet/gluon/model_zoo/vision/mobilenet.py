"""MobileNet (arXiv:1704.04861) and MobileNetV2 (arXiv:1801.04381)."""

from ... import nn
from ...block import HybridBlock
from ..model_store import load_pretrained

__all__ = [
    "MobileNet",
    "MobileNetV2",
    "get_mobilenet",
    "get_mobilenet_v2",
    "mobilenet1_0",
    "mobilenet0_75",
    "mobilenet0_5",
    "mobilenet0_25",
    "mobilenet_v2_1_0",
    "mobilenet_v2_0_75",
    "mobilenet_v2_0_5",
    "mobilenet_v2_0_25",
]


class RELU6(HybridBlock):
    """ReLU cut off at 6."""

    def hybrid_forward(self, F, x):
        return F.clip(x, 0, 6, name="relu6")


def _add_conv(out, channels=1, kernel=1, stride=1, pad=0, num_group=1, active=True, relu6=False):
    """Add a convolution with batch normalization and, if `active`, an activation to `out`."""
    out.add(
        nn.Conv2D(channels, kernel, stride, pad, groups=num_group, use_bias=False),
        nn.BatchNorm(scale=True),
    )
    if active:
        out.add(RELU6() if relu6 else nn.Activation("relu"))


def _scaled(channels, multiplier):
    return [int(each * multiplier) for each in channels]


class LinearBottleneck(HybridBlock):
    """More channels, a convolution for each, and fewer channels without activation.

    Args:
        in_channels (int): Channels of the input.
        channels (int): Channels of the output.
        t (int): Channels inside, as a multiple of `in_channels`.
        stride (int): Step of the convolution; with 1 and equal channels there is a short cut.
    """

    def __init__(self, in_channels, channels, t, stride, **kwargs):
        super().__init__(**kwargs)
        self.use_shortcut = stride == 1 and in_channels == channels
        inside = in_channels * t
        with self.name_scope():
            self.out = nn.HybridSequential()
            _add_conv(self.out, inside, relu6=True)
            _add_conv(self.out, inside, 3, stride, 1, num_group=inside, relu6=True)
            _add_conv(self.out, channels, active=False)

    def hybrid_forward(self, F, x):
        out = self.out(x)
        return F.elemwise_add(out, x) if self.use_shortcut else out


class MobileNet(HybridBlock):
    """Convolutions of each channel alone, followed by convolutions of 1 x 1.

    Args:
        multiplier (float): Factor of all numbers of channels.
        classes (int): Number of classes.
    """

    def __init__(self, multiplier=1.0, classes=1000, **kwargs):
        super().__init__(**kwargs)
        channels = [64, 128, 128, 256, 256, *[512] * 6, 1024, 1024]
        inputs = _scaled([32, *channels[:-1]], multiplier)
        strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1]
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            with self.features.name_scope():
                _add_conv(self.features, inputs[0], 3, 2, 1)
                for before, after, stride in zip(inputs, _scaled(channels, multiplier), strides):
                    _add_conv(self.features, before, 3, stride, 1, num_group=before)
                    _add_conv(self.features, after)
                self.features.add(nn.GlobalAvgPool2D(), nn.Flatten())
            self.output = nn.Dense(classes)

    def hybrid_forward(self, F, x):
        return self.output(self.features(x))


class MobileNetV2(HybridBlock):
    """Bottlenecks with short cuts between the narrow ends.

    Args:
        multiplier (float): Factor of all numbers of channels.
        classes (int): Number of classes.
    """

    def __init__(self, multiplier=1.0, classes=1000, **kwargs):
        super().__init__(**kwargs)
        channels = [16, *[24] * 2, *[32] * 3, *[64] * 4, *[96] * 3, *[160] * 3, 320]
        inputs = _scaled([32, *channels[:-1]], multiplier)
        strides = [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1]
        last = int(1280 * multiplier) if multiplier > 1 else 1280
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="features_")
            with self.features.name_scope():
                _add_conv(self.features, inputs[0], 3, 2, 1, relu6=True)
                rows = zip(inputs, _scaled(channels, multiplier), strides)
                for number, (before, after, stride) in enumerate(rows):
                    expansion = 6 if number else 1
                    self.features.add(LinearBottleneck(before, after, expansion, stride))
                _add_conv(self.features, last, relu6=True)
                self.features.add(nn.GlobalAvgPool2D())
            self.output = nn.HybridSequential(prefix="output_")
            with self.output.name_scope():
                self.output.add(nn.Conv2D(classes, 1, use_bias=False, prefix="pred_"), nn.Flatten())

    def hybrid_forward(self, F, x):
        return self.output(self.features(x))


def _version(multiplier):
    """A multiplier as it stands in names of files."""
    return f"{multiplier:.2f}"[:-1] if f"{multiplier:.2f}".endswith("0") else f"{multiplier:.2f}"


def get_mobilenet(multiplier, pretrained=False, ctx=None, root=None, **kwargs):
    """MobileNet.

    Args:
        multiplier (float): Factor of all numbers of channels.
        pretrained, ctx, root, **kwargs: See `get_model`.
    """
    net = MobileNet(multiplier, **kwargs)
    if pretrained:
        load_pretrained(net, f"mobilenet{_version(multiplier)}", root, ctx)
    return net


def get_mobilenet_v2(multiplier, pretrained=False, ctx=None, root=None, **kwargs):
    """MobileNetV2; see `get_mobilenet` for the arguments."""
    net = MobileNetV2(multiplier, **kwargs)
    if pretrained:
        load_pretrained(net, f"mobilenetv2_{_version(multiplier)}", root, ctx)
    return net


def mobilenet1_0(**kwargs):
    """MobileNet with the multiplier 1.0; see `get_model` for the arguments."""
    return get_mobilenet(1.0, **kwargs)


def mobilenet0_75(**kwargs):
    """MobileNet with the multiplier 0.75; see `get_model` for the arguments."""
    return get_mobilenet(0.75, **kwargs)


def mobilenet0_5(**kwargs):
    """MobileNet with the multiplier 0.5; see `get_model` for the arguments."""
    return get_mobilenet(0.5, **kwargs)


def mobilenet0_25(**kwargs):
    """MobileNet with the multiplier 0.25; see `get_model` for the arguments."""
    return get_mobilenet(0.25, **kwargs)


def mobilenet_v2_1_0(**kwargs):
    """MobileNetV2 with the multiplier 1.0; see `get_model` for the arguments."""
    return get_mobilenet_v2(1.0, **kwargs)


def mobilenet_v2_0_75(**kwargs):
    """MobileNetV2 with the multiplier 0.75; see `get_model` for the arguments."""
    return get_mobilenet_v2(0.75, **kwargs)


def mobilenet_v2_0_5(**kwargs):
    """MobileNetV2 with the multiplier 0.5; see `get_model` for the arguments."""
    return get_mobilenet_v2(0.5, **kwargs)


def mobilenet_v2_0_25(**kwargs):
    """MobileNetV2 with the multiplier 0.25; see `get_model` for the arguments."""
    return get_mobilenet_v2(0.25, **kwargs)
