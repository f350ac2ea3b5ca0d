"""Key-value stores: where gradients of several devices meet."""

import importlib

from .. import _absent
from . import base, kvstore
from .base import KVStoreBase, create
from .kvstore import KVStore, read_states

__all__ = ["JobCheckpoint", "KVStore", "KVStoreBase", "create"]  # noqa: F822


def _make_distributed(name):
    # Joins the job, which few programs ask for.
    if "async" in name:
        return importlib.import_module("mxnet.kvstore.dist_async").AsyncKVStore(name)
    return importlib.import_module("mxnet.kvstore.dist").DistKVStore(name)


KVStoreBase._makers.update(dict.fromkeys(base.DISTRIBUTED, _make_distributed))

_missing = _absent.getter(__name__)


def __getattr__(name):
    if name == "JobCheckpoint":
        return importlib.import_module("mxnet.kvstore.job_checkpoint").JobCheckpoint
    return _missing(name)
