"""VGG (arXiv:1409.1556)."""

from ....initializer import Xavier
from ... import nn
from ...block import HybridBlock
from ..model_store import load_pretrained

__all__ = [
    "VGG",
    "get_vgg",
    "vgg11",
    "vgg13",
    "vgg16",
    "vgg19",
    "vgg11_bn",
    "vgg13_bn",
    "vgg16_bn",
    "vgg19_bn",
]

# Number of layers in each stage.
_STAGES = {11: [1, 1, 2, 2, 2], 13: [2, 2, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4]}
_FILTERS = [64, 128, 256, 512, 512]


class VGG(HybridBlock):
    """Convolutions in stages, each of which ends with pooling, and dense layers.

    Args:
        layers (list of int): Number of convolutions in each stage.
        filters (list of int): Number of filters in each stage.
        classes (int): Number of classes.
        batch_norm (bool): Whether convolutions are followed by batch normalization.
    """

    def __init__(self, layers, filters, classes=1000, batch_norm=False, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = self._make_features(layers, filters, batch_norm)
            for _ in range(2):
                self.features.add(
                    nn.Dense(4096, activation="relu", weight_initializer="normal"),
                    nn.Dropout(rate=0.5),
                )
            self.output = nn.Dense(classes, weight_initializer="normal")

    @staticmethod
    def _make_features(layers, filters, batch_norm):
        features = nn.HybridSequential(prefix="")
        for count, channels in zip(layers, filters):
            for _ in range(count):
                init = Xavier(rnd_type="gaussian", factor_type="out", magnitude=2)
                features.add(nn.Conv2D(channels, kernel_size=3, padding=1, weight_initializer=init))
                if batch_norm:
                    features.add(nn.BatchNorm())
                features.add(nn.Activation("relu"))
            features.add(nn.MaxPool2D(strides=2))
        return features

    def hybrid_forward(self, F, x):
        return self.output(self.features(x))


def get_vgg(num_layers, pretrained=False, ctx=None, root=None, **kwargs):
    """VGG with 11, 13, 16 or 19 layers; see `get_model` for the other arguments."""
    net = VGG(_STAGES[num_layers], _FILTERS, **kwargs)
    if pretrained:
        ending = "_bn" if kwargs.get("batch_norm") else ""
        load_pretrained(net, f"vgg{num_layers}{ending}", root, ctx)
    return net


def vgg11(**kwargs):
    """VGG-11; see `get_model` for the arguments."""
    return get_vgg(11, **kwargs)


def vgg13(**kwargs):
    """VGG-13; see `get_model` for the arguments."""
    return get_vgg(13, **kwargs)


def vgg16(**kwargs):
    """VGG-16; see `get_model` for the arguments."""
    return get_vgg(16, **kwargs)


def vgg19(**kwargs):
    """VGG-19; see `get_model` for the arguments."""
    return get_vgg(19, **kwargs)


def vgg11_bn(**kwargs):
    """VGG-11 with batch normalization; see `get_model` for the arguments."""
    return get_vgg(11, batch_norm=True, **kwargs)


def vgg13_bn(**kwargs):
    """VGG-13 with batch normalization; see `get_model` for the arguments."""
    return get_vgg(13, batch_norm=True, **kwargs)


def vgg16_bn(**kwargs):
    """VGG-16 with batch normalization; see `get_model` for the arguments."""
    return get_vgg(16, batch_norm=True, **kwargs)


def vgg19_bn(**kwargs):
    """VGG-19 with batch normalization; see `get_model` for the arguments."""
    return get_vgg(19, batch_norm=True, **kwargs)
