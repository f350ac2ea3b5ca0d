"""SqueezeNet (arXiv:1602.07360)."""

from .... import error
from ... import nn
from ...block import HybridBlock
from ...contrib.nn import HybridConcurrent
from ..model_store import load_pretrained

__all__ = ["SqueezeNet", "squeezenet1_0", "squeezenet1_1"]


def _make_conv(channels, kernel_size, padding=0):
    conv = nn.HybridSequential(prefix="")
    conv.add(nn.Conv2D(channels, kernel_size, padding=padding), nn.Activation("relu"))
    return conv


def _make_fire(squeeze, expand):
    """Few channels, and then many of two kernel sizes."""
    both = HybridConcurrent(axis=1, prefix="")
    fire = nn.HybridSequential(prefix="")
    fire.add(_make_conv(squeeze, 1))
    both.add(_make_conv(expand, 1), _make_conv(expand, 3, 1))
    fire.add(both)
    return fire


def _pool():
    return nn.MaxPool2D(pool_size=3, strides=2, ceil_mode=True)


# Stem (channels and kernel size), and what follows: channels of fires, or None for pooling.
_VERSIONS = {
    "1.0": ((96, 7), [None, 16, 16, 32, None, 32, 48, 48, 64, None, 64]),
    "1.1": ((64, 3), [None, 16, 16, None, 32, 32, None, 48, 48, 64, 64]),
}


class SqueezeNet(HybridBlock):
    """A network with few parameters.

    Args:
        version (str): '1.0' or '1.1'.
        classes (int): Number of classes.
    """

    def __init__(self, version, classes=1000, **kwargs):
        super().__init__(**kwargs)
        if version not in _VERSIONS:
            raise error.AssertionError(
                f"SqueezeNet: version={version!r} is not known; expected '1.0' or '1.1'"
            )
        (channels, kernel_size), steps = _VERSIONS[version]
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            self.features.add(
                nn.Conv2D(channels, kernel_size=kernel_size, strides=2), nn.Activation("relu")
            )
            for squeeze in steps:
                self.features.add(_pool() if squeeze is None else _make_fire(squeeze, 4 * squeeze))
            self.features.add(nn.Dropout(0.5))
            self.output = nn.HybridSequential(prefix="")
            self.output.add(
                nn.Conv2D(classes, kernel_size=1),
                nn.Activation("relu"),
                nn.AvgPool2D(13),
                nn.Flatten(),
            )

    def hybrid_forward(self, F, x):
        return self.output(self.features(x))


def get_squeezenet(version, pretrained=False, ctx=None, root=None, **kwargs):
    """SqueezeNet 1.0 or 1.1; see `get_model` for the other arguments."""
    net = SqueezeNet(version, **kwargs)
    if pretrained:
        load_pretrained(net, f"squeezenet{version}", root, ctx)
    return net


def squeezenet1_0(**kwargs):
    """SqueezeNet 1.0; see `get_model` for the arguments."""
    return get_squeezenet("1.0", **kwargs)


def squeezenet1_1(**kwargs):
    """SqueezeNet 1.1; see `get_model` for the arguments."""
    return get_squeezenet("1.1", **kwargs)
