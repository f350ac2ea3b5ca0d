"""Key-value stores: where gradients of several devices meet."""

from .. import _absent
from . import base, kvstore
from .base import KVStoreBase, create
from .kvstore import KVStore, read_states

__all__ = ["KVStore", "KVStoreBase", "create"]

__getattr__ = _absent.getter(__name__)
