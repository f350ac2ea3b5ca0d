"""The store for the devices of one machine."""

import numpy as np

from .. import _files, error
from ..ndarray import NDArray, sparse
from ..optimizer import Updater, get_updater
from . import compression
from .base import KVStoreBase, check_capability

__all__ = ["KVStore", "read_states"]


def read_states(updater, fname):
    """Give an updater the optimizer states in a file.

    Raises:
        OSError: The file cannot be read.
        ValueError: It holds no states; the message names the file.
    """
    content = _files.read_bytes(fname, "load_optimizer_states")
    try:
        updater.set_states(content)
    except ValueError as cause:
        raise error.ValueError(f"load_optimizer_states: file={fname!r} ({cause})") from cause


def _pairs(key, value):
    """Keys with their values as lists of arrays, one for each device."""
    if not isinstance(key, (list, tuple)):
        key, value = [key], [value]
    if len(key) != len(value):
        raise error.AssertedValueError(
            f"KVStore: there are {len(key)} keys and {len(value)} values; one value "
            "for each key is expected"
        )
    return [(k, _arrays(k, v)) for k, v in zip(key, value)]


def _arrays(key, value):
    value = [value] if isinstance(value, NDArray) else value
    if not isinstance(value, (list, tuple)) or not all(isinstance(v, NDArray) for v in value):
        raise error.AssertedTypeError(
            f"KVStore: the value of key {key!r} is of type {type(value).__name__}; expected an "
            "NDArray or a list of them"
        )
    return list(value)


def _replace(_, received, stored):
    if received.stype not in ("default", stored.stype):
        received = received.tostype("default")
    received.copyto(stored)


class KVStore(KVStoreBase):
    """Keeps values by key; adds up what several devices push.

    Args:
        name (str): Name of the kind of store.

    Example:
        >>> store = mx.kv.create("local")
        >>> store.init("w", mx.nd.zeros(2))
        >>> store.push("w", [mx.nd.ones(2), mx.nd.ones(2)])
        >>> store.pull("w", out=array)  # array is now [2, 2]
    """

    def __init__(self, name="local"):
        self._name = name
        self._values = {}
        self._updater = None
        self._key_type = None

    def _check_keys(self, key):
        """Raise TypeError for keys of other types, ValueError where ints and strings are mixed."""
        for k in key if isinstance(key, (list, tuple)) else [key]:
            if not isinstance(k, (str, int, np.integer)):
                raise error.AssertedTypeError(
                    f"KVStore: key {k!r} is of type {type(k).__name__}; expected a str or an int"
                )
            kind = str if isinstance(k, str) else int
            self._key_type = self._key_type or kind
            if kind is not self._key_type:
                raise error.ValueError(
                    f"KVStore: key {k!r} is not of the type of earlier keys; expected "
                    f"{self._key_type.__name__} for all keys of one store"
                )

    def _stored(self, key):
        if key not in self._values:
            raise error.ValueError(f"KVStore: key {key!r} has no value; init() it first")
        return self._values[key]

    def _assign(self, key, value):
        """Set the stored value of a key."""
        value.copyto(self._stored(key))

    def init(self, key, value):
        """Store copies of values under keys that have none.

        Args:
            key (str or int, or a list): The keys.
            value (NDArray, or a list): Their values.
        """
        self._check_keys(key)
        for k, arrays in _pairs(key, value):
            if k in self._values:
                raise error.ValueError(f"KVStore.init: key {k!r} has a value; push() changes it")
            self._values[k] = arrays[0].copy()

    def push(self, key, value, priority=0):
        """Add up the arrays of each key; the sum updates the stored value, or replaces it.

        Args:
            key (str or int, or a list): The keys.
            value (NDArray, or lists): Arrays of each key, one for each device.
            priority (int): Accepted for compatibility.
        """
        self._check_keys(key)
        pushed = {}
        for k, arrays in _pairs(key, value):
            pushed.setdefault(k, []).extend(arrays)
        keys = list(pushed)
        sums = [self._sum(k, pushed[k]) for k in keys]
        self._update(keys, sums, [self._values[k] for k in keys])

    def _update(self, keys, sums, stored):
        """Change stored arrays by sums: with the updater, or by taking their place."""
        if isinstance(self._updater, Updater):
            self._updater(keys, sums, stored)  # one call updates many
            return
        update = self._updater or _replace
        for k, total, local in zip(keys, sums, stored):
            update(k, total, local)

    def _sum(self, key, arrays):
        """The sum on the device and in the dtype of the stored value.

        Of one array that is there and has it, that array itself.
        """
        stored = self._stored(key)
        total = arrays[0].as_in_context(stored.context)
        for array in arrays[1:]:
            total = total + array.as_in_context(stored.context)
        return total.astype(stored.dtype, copy=False)

    def pull(self, key, out=None, priority=0, ignore_sparse=True):
        """Copy stored values to arrays.

        Args:
            key (str or int, or a list): The keys.
            out (NDArray, or lists): Arrays of each key, one for each device.
            priority (int): Accepted for compatibility.
            ignore_sparse (bool): Whether to leave sparse arrays in `out` as they are
                (`row_sparse_pull` fills those).

        Raises:
            AssertionError: `out` is missing.
            ValueError: A key has no value.
        """
        if out is None:
            raise error.AssertionError("KVStore.pull: out is missing; expected arrays to fill")
        self._check_keys(key)
        for k, arrays in _pairs(key, out):
            value = self._stored(k)
            for array in arrays:
                if array.stype == "default" or not ignore_sparse:
                    value.copyto(array)

    def pushpull(self, key, value, out=None, priority=0):
        """`push`, then `pull` to `out`, or to `value` if it is not given."""
        self.push(key, value, priority)
        self.pull(key, value if out is None else out, priority)

    def _add_up(self, keys, grads):
        self.push(keys, grads)  # one call for all of them
        self.pull(keys, grads, ignore_sparse=False)

    def _step(self, keys, grads, weights):
        self.push(keys, grads)
        wanted = [(key, arrays) for key, arrays in zip(keys, weights) if arrays is not None]
        if wanted:
            self.pull(*map(list, zip(*wanted)))

    def broadcast(self, key, value, out, priority=0):
        """`init`, then `pull`."""
        self.init(key, value)
        self.pull(key, out, priority)

    def row_sparse_pull(self, key, out=None, priority=0, row_ids=None):
        """Copy some rows of stored values to row-sparse arrays.

        Args:
            key (str or int, or a list): The keys.
            out (RowSparseNDArray, or lists): Arrays of each key, one for each device.
            priority (int): Accepted for compatibility.
            row_ids (NDArray, or lists): Numbers of the rows for each array; one for all arrays of
                a key will do.

        Raises:
            ValueError: `out` or `row_ids` is missing or does not fit, or an array is not
                row-sparse.
        """
        if out is None or row_ids is None:
            raise error.AssertedValueError(
                "row_sparse_pull: out or row_ids is missing; expected both"
            )
        if isinstance(row_ids, NDArray):
            row_ids = [row_ids] * (len(key) if isinstance(key, (list, tuple)) else 1)
        elif not isinstance(key, (list, tuple)):
            row_ids = [row_ids]
        keys = key if isinstance(key, (list, tuple)) else [key]
        for (k, arrays), (_, rows) in zip(_pairs(key, out), _pairs(keys, row_ids)):
            rows = rows * len(arrays) if len(rows) == 1 else rows
            if len(rows) != len(arrays):
                raise error.ValueError(
                    f"row_sparse_pull: {len(rows)} row_ids were given for {len(arrays)} arrays of "
                    f"key {k!r}; expected one, or as many"
                )
            entry = self._stored(k)
            for array, ids in zip(arrays, rows):
                if array.stype != "row_sparse":
                    raise error.ValueError(
                        f"row_sparse_pull: an array of key {k!r} is {array.stype}; expected "
                        "row_sparse"
                    )
                self._rows_of(entry, ids).copyto(array)

    def _rows_of(self, value, numbers):
        """Some rows of a stored value, as a row-sparse array."""
        return sparse.retain(value, numbers.reshape((-1,)))

    @staticmethod
    def is_capable(capability):
        check_capability(capability)
        return True

    def set_gradient_compression(self, compression_params):
        """Compress gradients between machines; within one machine there is nothing to do.

        Raises:
            MXNetError: It is a store that adds up on the CPU, such as ``local``.
            ValueError: There is no such type or argument.
        """
        if "device" not in self.type and self.type != "nccl":
            raise error.MXNetError(
                f"set_gradient_compression: the store {self.type} compresses nothing; expected "
                "device or dist_sync, or no compression"
            )
        compression.make(compression_params)

    def set_optimizer(self, optimizer):
        self._updater = get_updater(optimizer)

    def _set_updater(self, updater):
        """Set what changes stored values when something is pushed.

        Args:
            updater (function): ``updater(key, received, stored)`` writes to `stored`.
        """
        self._updater = updater

    def _need_updater(self, what):
        if self._updater is None:
            raise error.AssertedValueError(
                f"KVStore.{what}: the store has no optimizer; set_optimizer() first"
            )

    def _barrier(self):
        """Wait for all workers; here there is one."""

    def save_optimizer_states(self, fname, dump_optimizer=False):
        self._need_updater("save_optimizer_states")
        states = self._updater.get_states(dump_optimizer)
        _files.write_bytes(fname, states, "save_optimizer_states")

    def load_optimizer_states(self, fname):
        self._need_updater("load_optimizer_states")
        read_states(self._updater, fname)

    @property
    def type(self):
        return self._name

    @property
    def rank(self):
        return 0

    @property
    def num_workers(self):
        return 1


KVStoreBase._makers.update(
    dict.fromkeys(
        """local device local_allreduce_cpu local_allreduce_device local_update_cpu""".split(),
        KVStore,
    )
)
