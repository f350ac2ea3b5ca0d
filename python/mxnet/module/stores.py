"""Which store adds up gradients, and whether the optimizer runs in it."""

import os

from .. import error
from .. import kvstore as kvs

__all__ = ["choose_store"]

# Above this many elements in a parameter, "local" adds gradients up but devices update.
_LARGEST_ON_KVSTORE = 16 * 1024 * 1024


def choose_store(kvstore, num_device, largest, owner):
    """The store for a network on `num_device` devices.

    Args:
        kvstore (str, KVStore or None): Its name, the store, or None.
        num_device (int): How many devices there are; one needs none of the stores of one process.
        largest (int): Number of elements of the largest parameter.
        owner (str): Whose argument it is, for messages.

    Returns:
        tuple: The KVStore or None, and whether the optimizer runs in it.

    Raises:
        TypeError: `kvstore` is something else.
    """
    if kvstore is None:
        return None, False
    on_kvstore = os.environ.get("MXNET_UPDATE_ON_KVSTORE", "1") != "0"
    if isinstance(kvstore, kvs.KVStoreBase):
        return kvstore, on_kvstore
    if not isinstance(kvstore, str):
        raise error.TypeError(
            f"{owner}: kvstore is a {type(kvstore).__name__}; a name such as 'local', a KVStore or "
            "None is expected"
        )
    store = kvs.create(kvstore)
    if num_device == 1 and not kvs.base.is_distributed(store):
        return None, False
    return store, on_kvstore and (kvstore != "local" or largest <= _LARGEST_ON_KVSTORE)
