"""Checkpoints, and the trainer of the first versions, under the path that MXNet has them at."""

from . import _elsewhere
from .checkpoint import BatchEndParam, load_checkpoint, load_params, save_checkpoint

__all__ = [
    "BatchEndParam",
    "FeedForward",  # noqa: F822
    "load_checkpoint",
    "load_params",
    "save_checkpoint",
]

# What trains, which few programs ask for here.
__getattr__ = _elsewhere.getter(
    __name__,
    {
        "FeedForward": "feed_forward",
        "_create_kvstore": "module.by_hand:create_kvstore",
        "_create_sparse_kvstore": "module.by_hand:create_sparse_kvstore",
        "_initialize_kvstore": "module.by_hand:initialize_kvstore",
        "_multiple_callbacks": "module.by_hand:call_all",
        "_update_params": "module.by_hand:update_params",
        "_update_params_on_kvstore": "module.by_hand:update_params_on_kvstore",
    },
)
