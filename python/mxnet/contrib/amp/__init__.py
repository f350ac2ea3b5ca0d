"""Mixed precision: float16 or bfloat16 where it is worth it, float32 where it is needed."""

from . import amp, lists, loss_scaler
from .amp import *  # noqa: F403, as 1.9.1 offers it

__all__ = ["amp", "lists", "loss_scaler", *amp.__all__]
