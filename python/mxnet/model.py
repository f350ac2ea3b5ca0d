"""Checkpoints, and the trainer of the first versions, under the path that MXNet has them at."""

import importlib

from .checkpoint import BatchEndParam, load_checkpoint, load_params, save_checkpoint

__all__ = [
    "BatchEndParam",
    "FeedForward",  # noqa: F822
    "load_checkpoint",
    "load_params",
    "save_checkpoint",
]


def __getattr__(name):
    if name == "FeedForward":  # needs everything that trains, which few programs ask for
        return importlib.import_module("mxnet.feed_forward").FeedForward
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
