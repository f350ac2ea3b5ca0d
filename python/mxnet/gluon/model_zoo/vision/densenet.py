"""DenseNet (arXiv:1608.06993)."""

from ... import nn
from ...block import HybridBlock
from ...contrib.nn import HybridConcurrent
from ..model_store import load_pretrained

__all__ = ["DenseNet", "densenet121", "densenet161", "densenet169", "densenet201"]


def _make_layer(growth_rate, bn_size, dropout):
    """What it gets, with `growth_rate` new channels."""
    new = nn.HybridSequential(prefix="")
    new.add(
        nn.BatchNorm(),
        nn.Activation("relu"),
        nn.Conv2D(bn_size * growth_rate, kernel_size=1, use_bias=False),
        nn.BatchNorm(),
        nn.Activation("relu"),
        nn.Conv2D(growth_rate, kernel_size=3, padding=1, use_bias=False),
    )
    if dropout:
        new.add(nn.Dropout(dropout))
    both = HybridConcurrent(axis=1, prefix="")
    both.add(nn.Identity(), new)
    return both


def _make_stage(count, bn_size, growth_rate, dropout, number):
    stage = nn.HybridSequential(prefix=f"stage{number}_")
    with stage.name_scope():
        for _ in range(count):
            stage.add(_make_layer(growth_rate, bn_size, dropout))
    return stage


def _make_transition(channels):
    """Half of the channels and of the size."""
    transition = nn.HybridSequential(prefix="")
    transition.add(
        nn.BatchNorm(),
        nn.Activation("relu"),
        nn.Conv2D(channels, kernel_size=1, use_bias=False),
        nn.AvgPool2D(pool_size=2, strides=2),
    )
    return transition


class DenseNet(HybridBlock):
    """Layers that see the outputs of all layers before.

    Args:
        num_init_features (int): Channels of the stem.
        growth_rate (int): New channels of each layer.
        block_config (list of int): Number of layers in each stage.
        bn_size (int): Channels inside of a layer, as a multiple of `growth_rate`.
        dropout (float): Rate of dropout after each layer.
        classes (int): Number of classes.
    """

    def __init__(
        self,
        num_init_features,
        growth_rate,
        block_config,
        bn_size=4,
        dropout=0,
        classes=1000,
        **kwargs,
    ):
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            self.features.add(
                nn.Conv2D(num_init_features, kernel_size=7, strides=2, padding=3, use_bias=False),
                nn.BatchNorm(),
                nn.Activation("relu"),
                nn.MaxPool2D(pool_size=3, strides=2, padding=1),
            )
            channels = num_init_features
            for number, count in enumerate(block_config, 1):
                self.features.add(_make_stage(count, bn_size, growth_rate, dropout, number))
                channels += count * growth_rate
                if number < len(block_config):
                    channels //= 2
                    self.features.add(_make_transition(channels))
            self.features.add(
                nn.BatchNorm(), nn.Activation("relu"), nn.AvgPool2D(pool_size=7), nn.Flatten()
            )
            self.output = nn.Dense(classes)

    def hybrid_forward(self, F, x):
        return self.output(self.features(x))


# Channels of the stem, growth rate, number of layers in each stage.
_SPECIFICATIONS = {
    121: (64, 32, [6, 12, 24, 16]),
    161: (96, 48, [6, 12, 36, 24]),
    169: (64, 32, [6, 12, 32, 32]),
    201: (64, 32, [6, 12, 48, 32]),
}


def get_densenet(num_layers, pretrained=False, ctx=None, root=None, **kwargs):
    """DenseNet with 121, 161, 169 or 201 layers; see `get_model` for the other arguments."""
    net = DenseNet(*_SPECIFICATIONS[num_layers], **kwargs)
    if pretrained:
        load_pretrained(net, f"densenet{num_layers}", root, ctx)
    return net


def densenet121(**kwargs):
    """DenseNet-121; see `get_model` for the arguments."""
    return get_densenet(121, **kwargs)


def densenet161(**kwargs):
    """DenseNet-161; see `get_model` for the arguments."""
    return get_densenet(161, **kwargs)


def densenet169(**kwargs):
    """DenseNet-169; see `get_model` for the arguments."""
    return get_densenet(169, **kwargs)


def densenet201(**kwargs):
    """DenseNet-201; see `get_model` for the arguments."""
    return get_densenet(201, **kwargs)
