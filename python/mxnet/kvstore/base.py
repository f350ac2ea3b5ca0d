"""What every key-value store offers, and how one is created."""

from .. import error

__all__ = ["KVStoreBase", "TestStore", "create", "is_distributed"]

DISTRIBUTED = """dist dist_sync dist_device_sync dist_sync_device dist_async dist_async_device
dist_device_async p3 dist_sync_p3 dist_async_p3 dist_device_sync_p3""".split()


def is_distributed(name):
    """Whether a store of that name is one of a job of several ranks.

    Args:
        name (str, KVStoreBase or None): Name of a store, or a store.
    """
    return (name if isinstance(name, str) else getattr(name, "type", "")) in DISTRIBUTED


class KVStoreBase:
    """Base of stores that add gradients of several devices up and keep parameters.

    Subclasses that `register` are created by their names.
    """

    OPTIMIZER = "optimizer"

    kv_registry = {}
    # What makes the stores of this library, by name.
    _makers = {}

    @staticmethod
    def register(klass):
        """Register a class of stores under its own name; usable as a decorator."""
        if not isinstance(klass, type):
            raise error.AssertedTypeError(
                f"KVStoreBase.register: klass={klass!r} is no class; expected one"
            )
        KVStoreBase.kv_registry[klass.__name__.lower()] = klass
        return klass

    def _missing(self, what):
        return error.NotImplementedError(f"{type(self).__name__} does not define {what}")

    def broadcast(self, key, value, out, priority=0):
        """Store `value` under `key` and copy it to `out`."""
        raise self._missing("broadcast()")

    def pushpull(self, key, value, out=None, priority=0):
        """Add the arrays of `value` up and copy the result to `out`."""
        raise self._missing("pushpull()")

    def set_optimizer(self, optimizer):
        """Update stored values with an optimizer when gradients are pushed."""
        raise self._missing("set_optimizer()")

    @staticmethod
    def is_capable(capability):
        """Whether the store has a capability, such as ``optimizer``."""
        raise error.NotImplementedError("a KVStore class defines is_capable(capability)")

    def save_optimizer_states(self, fname, dump_optimizer=False):
        """Save the states of the optimizer to a file."""
        raise self._missing("save_optimizer_states()")

    def load_optimizer_states(self, fname):
        """Load the states of the optimizer from a file."""
        raise self._missing("load_optimizer_states()")

    def _add_up(self, keys, grads):
        """Let gradients, lists of arrays by key, become their sums."""
        for key, arrays in zip(keys, grads):
            self.pushpull(key, arrays, priority=-key)

    def _step(self, keys, grads, weights):
        """Update stored weights by gradients; those that are not None become the new ones."""
        for key, arrays, out in zip(keys, grads, weights):
            self.pushpull(key, arrays, out, priority=-key)

    def _new_tag(self):
        """A number for `_take_values_of_first`, equal on all ranks."""
        return 0

    def _take_values_of_first(self, tag, arrays, label):
        """Let arrays, copies of one value on several devices, become those of rank 0."""

    def _note_step(self, batch_size):
        """Hear that a training step has been made.

        Args:
            batch_size (float): Samples of the step: of all ranks together where their gradients
                are added up, of this rank where none waits for another.
        """

    @property
    def type(self):
        """Name of the kind of store."""
        raise self._missing("type")

    @property
    def rank(self):
        """Number of this worker."""
        raise self._missing("rank")

    @property
    def num_workers(self):
        """Number of workers."""
        raise self._missing("num_workers")


def check_capability(capability):
    """Raises ValueError for a capability that stores are not asked for."""
    if capability.lower() != KVStoreBase.OPTIMIZER:
        raise error.ValueError(
            f"KVStore.is_capable: capability={capability!r} is unknown; optimizer is expected"
        )


def _arrays(value):
    """One array, or a list of them, as a list."""
    return value if isinstance(value, (list, tuple)) else [value]


@KVStoreBase.register
class TestStore(KVStoreBase):
    """The least that a `Trainer` needs of a store: it adds up, and keeps nothing.

    For programs that test with a registered store, whose name is ``teststore``.
    """

    __test__ = False  # no class of tests, whatever its name

    def broadcast(self, key, value, out, priority=0):
        for array in _arrays(out):
            array[:] = value

    def pushpull(self, key, value, out=None, priority=0):
        arrays = _arrays(value)
        total = arrays[0]
        for array in arrays[1:]:
            total = total + array.as_in_context(total.context)
        for array in arrays if out is None else _arrays(out):
            array[:] = total

    @staticmethod
    def is_capable(capability):
        check_capability(capability)
        return False

    @property
    def type(self):
        return "teststore"

    @property
    def rank(self):
        return 0

    @property
    def num_workers(self):
        return 1


def create(name="local"):
    """Create a store.

    Args:
        name (str): ``local``, ``device`` or ``nccl`` for the devices of one machine, or the name of
            a registered class; ``dist_sync`` and its like for the ranks of a job. Capital letters
            make no difference.

    Returns:
        KVStoreBase: The store.

    Raises:
        ValueError: There is no such store.
    """
    if not isinstance(name, str):
        raise error.TypeError(
            f"kvstore.create: name={name!r} is a {type(name).__name__}; a string is expected"
        )
    name = name.lower()
    if name in KVStoreBase.kv_registry:
        return KVStoreBase.kv_registry[name]()
    if name not in KVStoreBase._makers:
        known = sorted({*KVStoreBase._makers, *KVStoreBase.kv_registry})
        raise error.ValueError(
            f"kvstore.create: name={name!r} is unknown; one of {', '.join(known)} is expected"
        )
    return KVStoreBase._makers[name](name)
