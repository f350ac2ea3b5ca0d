"""Inception v3 (arXiv:1512.00567)."""

from ... import nn
from ...block import HybridBlock
from ...contrib.nn import HybridConcurrent
from ..model_store import load_pretrained

__all__ = ["Inception3", "inception_v3"]


def _make_conv(channels, kernel_size, strides=1, padding=0):
    conv = nn.HybridSequential(prefix="")
    conv.add(
        nn.Conv2D(channels, kernel_size, strides, padding, use_bias=False),
        nn.BatchNorm(epsilon=0.001),
        nn.Activation("relu"),
    )
    return conv


def _average():
    return nn.AvgPool2D(pool_size=3, strides=1, padding=1)


def _largest():
    return nn.MaxPool2D(pool_size=3, strides=2)


def _make_branch(*layers):
    """Layers one after the other; a tuple has the arguments of a convolution."""
    branch = nn.HybridSequential(prefix="")
    for layer in layers:
        branch.add(_make_conv(*layer) if isinstance(layer, tuple) else layer())
    return branch


def _beside(*branches, prefix=""):
    """A function that makes branches side by side; each is a list of layers, or a function."""

    def make():
        both = HybridConcurrent(axis=1, prefix=prefix)
        with both.name_scope():
            for branch in branches:
                both.add(branch() if callable(branch) else _make_branch(*branch))
        return both

    return make


def _make_a(pool_channels, prefix):
    return _beside(
        [(64, 1)],
        [(48, 1), (64, 5, 1, 2)],
        [(64, 1), (96, 3, 1, 1), (96, 3, 1, 1)],
        [_average, (pool_channels, 1)],
        prefix=prefix,
    )()


def _make_b(prefix):
    return _beside([(384, 3, 2)], [(64, 1), (96, 3, 1, 1), (96, 3, 2)], [_largest], prefix=prefix)()


def _make_c(channels, prefix):
    row, column = ((1, 7), 1, (0, 3)), ((7, 1), 1, (3, 0))
    return _beside(
        [(192, 1)],
        [(channels, 1), (channels, *row), (192, *column)],
        [
            (channels, 1),
            (channels, *column),
            (channels, *row),
            (channels, *column),
            (192, *row),
        ],
        [_average, (192, 1)],
        prefix=prefix,
    )()


def _make_d(prefix):
    row, column = ((1, 7), 1, (0, 3)), ((7, 1), 1, (3, 0))
    return _beside(
        [(192, 1), (320, 3, 2)],
        [(192, 1), (192, *row), (192, *column), (192, 3, 2)],
        [_largest],
        prefix=prefix,
    )()


def _make_e(prefix):
    split = _beside([(384, (1, 3), 1, (0, 1))], [(384, (3, 1), 1, (1, 0))])

    def split_after(*layers):
        def make():
            branch = nn.HybridSequential(prefix="")
            branch.add(_make_branch(*layers))
            branch.add(split())
            return branch

        return make

    return _beside(
        [(320, 1)],
        split_after((384, 1)),
        split_after((448, 1), (384, 3, 1, 1)),
        [_average, (192, 1)],
        prefix=prefix,
    )()


class Inception3(HybridBlock):
    """Inception, version 3, for pictures of 299 x 299.

    Args:
        classes (int): Number of classes.
    """

    def __init__(self, classes=1000, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            self.features.add(
                _make_conv(32, 3, 2),
                _make_conv(32, 3),
                _make_conv(64, 3, 1, 1),
                _largest(),
                _make_conv(80, 1),
                _make_conv(192, 3),
                _largest(),
            )
            for number, channels in enumerate((32, 64, 64), 1):
                self.features.add(_make_a(channels, f"A{number}_"))
            self.features.add(_make_b("B_"))
            for number, channels in enumerate((128, 160, 160, 192), 1):
                self.features.add(_make_c(channels, f"C{number}_"))
            self.features.add(_make_d("D_"), _make_e("E1_"), _make_e("E2_"))
            self.features.add(nn.AvgPool2D(pool_size=8), nn.Dropout(0.5))
            self.output = nn.Dense(classes)

    def hybrid_forward(self, F, x):
        return self.output(self.features(x))


def inception_v3(pretrained=False, ctx=None, root=None, **kwargs):
    """Inception v3; see `get_model` for the arguments."""
    net = Inception3(**kwargs)
    if pretrained:
        load_pretrained(net, "inceptionv3", root, ctx)
    return net
