"""Residual networks: V1 (arXiv:1512.03385) and V2 (arXiv:1603.05027)."""

from .... import error
from ... import nn
from ...block import HybridBlock
from ..model_store import load_pretrained

__all__ = [
    "ResNetV1",
    "ResNetV2",
    "BasicBlockV1",
    "BasicBlockV2",
    "BottleneckV1",
    "BottleneckV2",
    "get_resnet",
    "resnet18_v1",
    "resnet34_v1",
    "resnet50_v1",
    "resnet101_v1",
    "resnet152_v1",
    "resnet18_v2",
    "resnet34_v2",
    "resnet50_v2",
    "resnet101_v2",
    "resnet152_v2",
]


def _conv3x3(channels, stride, in_channels):
    return nn.Conv2D(
        channels,
        kernel_size=3,
        strides=stride,
        padding=1,
        use_bias=False,
        in_channels=in_channels,
    )


class _BlockV1(HybridBlock):
    """Base of blocks whose sum goes through ReLU."""

    # Files show in which order MXNet adds.
    _short_cut_first = True

    def __init__(self, channels, stride, downsample=False, in_channels=0, **kwargs):
        super().__init__(**kwargs)
        self.body = nn.HybridSequential(prefix="")
        self._fill(channels, stride, in_channels)
        self.downsample = None
        if downsample:
            self.downsample = nn.HybridSequential(prefix="")
            self.downsample.add(
                nn.Conv2D(
                    channels,
                    kernel_size=1,
                    strides=stride,
                    use_bias=False,
                    in_channels=in_channels,
                ),
                nn.BatchNorm(),
            )

    def hybrid_forward(self, F, x):
        residual = x
        x = self.body(x)
        if self.downsample is not None:
            residual = self.downsample(residual)
        total = residual + x if self._short_cut_first else x + residual
        return F.Activation(total, act_type="relu")


class BasicBlockV1(_BlockV1):
    """Two convolutions beside a short cut.

    Args:
        channels (int): Channels of the output.
        stride (int): Step of the first convolution.
        downsample (bool): Whether the short cut is a convolution.
        in_channels (int): Channels of the input; 0 to find out in the first forward pass.
    """

    def _fill(self, channels, stride, in_channels):
        self.body.add(
            _conv3x3(channels, stride, in_channels),
            nn.BatchNorm(),
            nn.Activation("relu"),
            _conv3x3(channels, 1, channels),
            nn.BatchNorm(),
        )


class BottleneckV1(_BlockV1):
    """Three convolutions, the middle one with a fourth of the channels, beside a short cut.

    See `BasicBlockV1` for the arguments.
    """

    _short_cut_first = False

    def _fill(self, channels, stride, in_channels):
        self.body.add(
            nn.Conv2D(channels // 4, kernel_size=1, strides=stride),
            nn.BatchNorm(),
            nn.Activation("relu"),
            _conv3x3(channels // 4, 1, channels // 4),
            nn.BatchNorm(),
            nn.Activation("relu"),
            nn.Conv2D(channels, kernel_size=1, strides=1),
            nn.BatchNorm(),
        )


class _BlockV2(HybridBlock):
    """Base of blocks that normalize before each convolution."""

    def __init__(self, channels, stride, downsample=False, in_channels=0, **kwargs):
        super().__init__(**kwargs)
        self._make_layers(channels, stride, in_channels)
        self.downsample = None
        if downsample:
            self.downsample = nn.Conv2D(
                channels, 1, stride, use_bias=False, in_channels=in_channels
            )

    def hybrid_forward(self, F, x):
        residual = x
        for number, (norm, conv) in enumerate(self._layers()):
            x = F.Activation(norm(x), act_type="relu")
            if number == 0 and self.downsample is not None:
                residual = self.downsample(x)
            x = conv(x)
        return x + residual


class BasicBlockV2(_BlockV2):
    """Two convolutions beside a short cut; see `BasicBlockV1` for the arguments."""

    def _make_layers(self, channels, stride, in_channels):
        self.bn1 = nn.BatchNorm()
        self.conv1 = _conv3x3(channels, stride, in_channels)
        self.bn2 = nn.BatchNorm()
        self.conv2 = _conv3x3(channels, 1, channels)

    def _layers(self):
        return (self.bn1, self.conv1), (self.bn2, self.conv2)


class BottleneckV2(_BlockV2):
    """Three convolutions beside a short cut; see `BasicBlockV1` for the arguments."""

    def _make_layers(self, channels, stride, in_channels):
        self.bn1 = nn.BatchNorm()
        self.conv1 = nn.Conv2D(channels // 4, kernel_size=1, strides=1, use_bias=False)
        self.bn2 = nn.BatchNorm()
        self.conv2 = _conv3x3(channels // 4, stride, channels // 4)
        self.bn3 = nn.BatchNorm()
        self.conv3 = nn.Conv2D(channels, kernel_size=1, strides=1, use_bias=False)

    def _layers(self):
        return (self.bn1, self.conv1), (self.bn2, self.conv2), (self.bn3, self.conv3)


class _ResNet(HybridBlock):
    """What both versions share.

    Args:
        block (type): Class of the blocks.
        layers (list of int): Number of blocks in each stage.
        channels (list of int): Channels of the stem and of each stage.
        classes (int): Number of classes.
        thumbnail (bool): Whether pictures are small, so that the stem keeps their size.
    """

    def __init__(self, block, layers, channels, classes=1000, thumbnail=False, **kwargs):
        super().__init__(**kwargs)
        if len(layers) != len(channels) - 1:
            raise error.AssertionError(
                f"{type(self).__name__}: there are {len(channels)} channels for {len(layers)} "
                "stages; expected one more than stages"
            )
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            self._add_stem(channels[0], thumbnail)
            for number, count in enumerate(layers):
                stride = 1 if number == 0 else 2
                self.features.add(
                    self._make_stage(
                        block, count, channels[number + 1], stride, number + 1, channels[number]
                    )
                )
            self._add_top()
            self.output = nn.Dense(classes, in_units=channels[-1])

    def _add_stem(self, channels, thumbnail):
        if thumbnail:
            self.features.add(_conv3x3(channels, 1, 0))
            return
        self.features.add(
            nn.Conv2D(channels, 7, 2, 3, use_bias=False),
            nn.BatchNorm(),
            nn.Activation("relu"),
            nn.MaxPool2D(3, 2, 1),
        )

    @staticmethod
    def _make_stage(block, count, channels, stride, number, in_channels):
        stage = nn.HybridSequential(prefix=f"stage{number}_")
        with stage.name_scope():
            stage.add(
                block(channels, stride, channels != in_channels, in_channels=in_channels, prefix="")
            )
            for _ in range(count - 1):
                stage.add(block(channels, 1, False, in_channels=channels, prefix=""))
        return stage

    def hybrid_forward(self, F, x):
        return self.output(self.features(x))


class ResNetV1(_ResNet):
    """Residual network, version 1; the arguments are `block`, `layers`, `channels`, `classes` and
    `thumbnail`, whether pictures are small."""

    def _add_top(self):
        self.features.add(nn.GlobalAvgPool2D())


class ResNetV2(_ResNet):
    """Residual network, version 2; see `ResNetV1` for the arguments."""

    def _add_stem(self, channels, thumbnail):
        self.features.add(nn.BatchNorm(scale=False, center=False))
        super()._add_stem(channels, thumbnail)

    def _add_top(self):
        self.features.add(nn.BatchNorm(), nn.Activation("relu"), nn.GlobalAvgPool2D(), nn.Flatten())


# Kind of block, number of blocks in each stage, channels.
_SPECIFICATIONS = {
    18: ("basic", [2, 2, 2, 2], [64, 64, 128, 256, 512]),
    34: ("basic", [3, 4, 6, 3], [64, 64, 128, 256, 512]),
    50: ("bottleneck", [3, 4, 6, 3], [64, 256, 512, 1024, 2048]),
    101: ("bottleneck", [3, 4, 23, 3], [64, 256, 512, 1024, 2048]),
    152: ("bottleneck", [3, 8, 36, 3], [64, 256, 512, 1024, 2048]),
}
_VERSIONS = {
    1: (ResNetV1, {"basic": BasicBlockV1, "bottleneck": BottleneckV1}),
    2: (ResNetV2, {"basic": BasicBlockV2, "bottleneck": BottleneckV2}),
}


def get_resnet(version, num_layers, pretrained=False, ctx=None, root=None, **kwargs):
    """A residual network.

    Args:
        version (int): 1 or 2.
        num_layers (int): 18, 34, 50, 101 or 152.
        pretrained, ctx, root, **kwargs: See `get_model`.

    Raises:
        AssertionError: There is none of this version or number of layers.
    """
    if num_layers not in _SPECIFICATIONS or version not in _VERSIONS:
        raise error.AssertionError(
            f"get_resnet: version={version}, num_layers={num_layers} is not known; expected "
            f"version 1 or 2, and one of {', '.join(map(str, _SPECIFICATIONS))} layers"
        )
    kind, layers, channels = _SPECIFICATIONS[num_layers]
    network, blocks = _VERSIONS[version]
    net = network(blocks[kind], layers, channels, **kwargs)
    if pretrained:
        load_pretrained(net, f"resnet{num_layers}_v{version}", root, ctx)
    return net


def resnet18_v1(**kwargs):
    """ResNet-18, version 1; see `get_model` for the arguments."""
    return get_resnet(1, 18, **kwargs)


def resnet34_v1(**kwargs):
    """ResNet-34, version 1; see `get_model` for the arguments."""
    return get_resnet(1, 34, **kwargs)


def resnet50_v1(**kwargs):
    """ResNet-50, version 1; see `get_model` for the arguments."""
    return get_resnet(1, 50, **kwargs)


def resnet101_v1(**kwargs):
    """ResNet-101, version 1; see `get_model` for the arguments."""
    return get_resnet(1, 101, **kwargs)


def resnet152_v1(**kwargs):
    """ResNet-152, version 1; see `get_model` for the arguments."""
    return get_resnet(1, 152, **kwargs)


def resnet18_v2(**kwargs):
    """ResNet-18, version 2; see `get_model` for the arguments."""
    return get_resnet(2, 18, **kwargs)


def resnet34_v2(**kwargs):
    """ResNet-34, version 2; see `get_model` for the arguments."""
    return get_resnet(2, 34, **kwargs)


def resnet50_v2(**kwargs):
    """ResNet-50, version 2; see `get_model` for the arguments."""
    return get_resnet(2, 50, **kwargs)


def resnet101_v2(**kwargs):
    """ResNet-101, version 2; see `get_model` for the arguments."""
    return get_resnet(2, 101, **kwargs)


def resnet152_v2(**kwargs):
    """ResNet-152, version 2; see `get_model` for the arguments."""
    return get_resnet(2, 152, **kwargs)
