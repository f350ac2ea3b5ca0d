"""What convolutions and pooling have in common: windows, and the order of axes."""


def tuple_of(given, rank, default):
    """One number for each spatial axis."""
    return tuple(given) if given else (default,) * rank


def is_channels_last(layout):
    """Whether a layout such as NHWC has its channels at the end."""
    return layout is not None and layout.endswith("C")


def to_channels_first(g, value, rank):
    """(batch, spatial..., channels) as ONNX has it: (batch, channels, spatial...)."""
    return g.Transpose(value, perm=[0, rank - 1, *range(1, rank - 1)])


def to_channels_last(g, value, rank):
    """The way back."""
    return g.Transpose(value, perm=[0, *range(2, rank), 1])
