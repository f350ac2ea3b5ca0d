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
    if "device" in name:
        return importlib.import_module("mxnet.kvstore.dist_device").DeviceDistKVStore(name)
    return importlib.import_module("mxnet.kvstore.dist").DistKVStore(name)


def _make_nccl(name):
    return importlib.import_module("mxnet.kvstore.nccl").NCCLKVStore(name)


KVStoreBase._makers.update(dict.fromkeys(base.DISTRIBUTED, _make_distributed), nccl=_make_nccl)

_missing = _absent.getter(__name__)


def __getattr__(name):
    if name == "JobCheckpoint":
        return importlib.import_module("mxnet.kvstore.job_checkpoint").JobCheckpoint
    return _missing(name)
