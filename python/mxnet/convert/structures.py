"""Networks of torchvision and timm where those of the model zoo compute something else."""

import re

from ..gluon import nn
from ..gluon.model_zoo.vision import mobilenet, resnet

__all__ = ["structure"]


class _Bottleneck(resnet.BottleneckV1):
    """Its step is that of the middle convolution, and no convolution has a bias."""

    def _fill(self, channels, stride, in_channels):
        inner = channels // 4
        self.body.add(
            nn.Conv2D(inner, 1, use_bias=False, in_channels=in_channels),
            nn.BatchNorm(),
            nn.Activation("relu"),
            nn.Conv2D(inner, 3, stride, 1, use_bias=False, in_channels=inner),
            nn.BatchNorm(),
            nn.Activation("relu"),
            nn.Conv2D(channels, 1, use_bias=False, in_channels=inner),
            nn.BatchNorm(),
        )


class _ResNetV2(resnet.ResNetV2):
    """It normalizes neither the picture nor behind the first convolution."""

    def _add_stem(self, channels, thumbnail):
        self.features.add(nn.Conv2D(channels, 7, 2, 3, use_bias=False), nn.MaxPool2D(3, 2, 1))


class _MobileNetV2(mobilenet.MobileNetV2):
    """The first block does not widen, and the last layer is dense with a bias."""

    def __init__(self, classes=1000, **kwargs):
        super().__init__(classes=classes, **kwargs)
        with self.name_scope():
            block = next(x for x in self.features if isinstance(x, mobilenet.LinearBottleneck))
            narrow = nn.HybridSequential()
            narrow.add(*list(block.out)[3:])
            block.out = narrow
            self.output = nn.HybridSequential(prefix="output_")
            with self.output.name_scope():
                self.output.add(nn.Flatten(), nn.Dense(classes))


def structure(name, classes):
    """The network that torchvision or timm has in the place of one of the zoo.

    Args:
        name (str): Its name in the zoo; see `zoo_names.has_structure`.
        classes (int): Number of classes.
    """
    if name == "mobilenetv2_1.0":
        return _MobileNetV2(classes)
    layers, version = map(int, re.findall(r"\d+", name))
    kind, counts, channels = resnet._SPECIFICATIONS[layers]
    if version == 1:
        return resnet.ResNetV1(_Bottleneck, counts, channels, classes=classes)
    block = resnet._VERSIONS[2][1][kind]
    return _ResNetV2(block, counts, channels, classes=classes)
