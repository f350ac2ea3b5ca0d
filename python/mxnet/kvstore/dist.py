"""The store of a job of several ranks (docs/scaling.md)."""

import os

import numpy as np

from .. import _core, autograd, error
from .. import ndarray as nd
from .. import optimizer as opt
from ..context import cpu
from . import world
from .kvstore import KVStore, _pairs
from .layout import CUT_FROM, Layouts

__all__ = ["DistKVStore"]

# Keys of one push or pull travel together up to this many bytes.
_JOINED_BYTES = 1 << 20

# Optimizers whose update of an element needs nothing of the other elements. Keys of others, and of
# classes derived from these, are not cut.
_ELEMENTWISE = """SGD Signum NAG Adam AdaGrad RMSProp AdaDelta Ftrl Adamax Nadam FTML
DCASGD""".split()


def _is_elementwise(optimizer):
    return any(type(optimizer) is getattr(opt, name, None) for name in _ELEMENTWISE)


class _Entry:
    """What a store knows of a key.

    Attributes:
        key (int or str): The key.
        number (int): How many keys were initialized before.
        layout (Layout): Who owns what.
        dtype: Of the values.
        stype (str): Kind of storage of the values.
        stored (NDArray): What this rank owns; None for nothing.
        push_tag, pull_tag (int): For messages to, and from, owners.
    """

    def __init__(self, key, number, value, layout, tags):
        self.key, self.number, self.layout = key, number, layout
        self.dtype, self.stype = value.dtype, value.stype
        self.push_tag, self.pull_tag = tags
        self.stored = None

    @property
    def bytes(self):
        """Size of the values."""
        return self.layout.bounds[-1] * np.dtype(self.dtype).itemsize


class DistKVStore(KVStore):
    """Keeps values by key, each in one rank of the job; adds up what all ranks push.

    Every rank makes the same calls with the same keys. Calls return at once; arrays are ready when
    they are read. Sums are taken in the order of the ranks.

    Args:
        name (str): Name of the kind of store, such as ``dist_sync``.
    """

    def __init__(self, name="dist_sync"):
        super().__init__(name)
        self._world = world.join()
        bound = int(os.environ.get("MXNET_KVSTORE_BIGARRAY_BOUND", CUT_FROM))
        self._layouts = Layouts(self._world.size, bound)
        self._may_cut = True
        self._tag = self._world.new_tag()

    # Values.

    def init(self, key, value):
        self._init(key, value)

    def _init(self, key, value):
        """Initialize keys with the values of rank 0; returns those values by key."""
        self._check_keys(key)
        pairs = [(k, arrays[0]) for k, arrays in _pairs(key, value)]
        for k, _ in pairs:
            if k in self._values:
                raise error.ValueError(f"KVStore.init: key {k!r} has a value; push() changes it")
        self._world.check_equal(
            [(k, v.shape, str(v.dtype), v.stype) for k, v in pairs], "init of keys"
        )
        return {k: self._init_one(k, v) for k, v in pairs}

    def _init_one(self, key, value):
        dense = value.stype == "default"
        cut = dense and self._may_cut
        layout = (self._layouts.choose if cut else self._layouts.whole)(value.shape)
        tags = self._world.new_tag(), self._world.new_tag()
        entry = _Entry(key, len(self._values), value, layout, tags)
        value = value.tostype("default").as_in_context(cpu()).copy()
        self._world.share([value], entry.pull_tag, f"init of {key!r}")
        self._keep(entry, value)
        self._values[key] = entry
        return value

    def _keep(self, entry, value):
        """Store this rank's part of a dense value."""
        rank = self._world.rank
        if entry.layout.size_of(rank) == 0:
            return
        part = entry.layout.part(value, rank).reshape(entry.layout.shape_of(rank))
        entry.stored = part.copy() if entry.stype == "default" else part.tostype(entry.stype)

    def _assign(self, key, value):
        self._keep(self._stored(key), value.tostype("default").as_in_context(cpu()))

    def broadcast(self, key, value, out, priority=0):
        values = self._init(key, value)
        for k, arrays in _pairs(key, out):
            for array in arrays:
                values[k].copyto(array)

    # Steps.

    def push(self, key, value, priority=0):
        self._check_keys(key)
        pushed = {}
        for k, arrays in _pairs(key, value):
            pushed.setdefault(k, []).extend(arrays)
        entries = [self._stored(k) for k in pushed]
        if entries:
            _core.comm.note_step(f"push {entries[-1].key!r}")
        with autograd.pause():
            for group in self._groups(entries):
                self._push_group(group, [self._sum(e.key, pushed[e.key]) for e in group], priority)

    def _groups(self, entries):
        """Keys that travel together: neighbours of one dtype, up to _JOINED_BYTES."""
        group, size = [], 0
        for entry in entries:
            if group and (size + entry.bytes > _JOINED_BYTES or entry.dtype != group[0].dtype):
                yield group
                group, size = [], 0
            group.append(entry)
            size += entry.bytes
        if group:
            yield group

    def _sum(self, key, arrays):
        """The sum of this rank's devices, on the host."""
        total = arrays[0].as_in_context(cpu())
        for array in arrays[1:]:
            total = total + array.as_in_context(cpu())
        return total

    def _push_group(self, group, values, priority):
        """Add the values of all ranks up where they are owned, and update there."""
        rank, owned = self._world.rank, [e for e in group if e.stored is not None]
        sizes = [entry.layout.size_of(rank) for entry in owned]
        received = {
            peer: nd.empty((sum(sizes),), dtype=group[0].dtype)
            for peer in (self._world.peers if owned else ())
        }
        receives = [(peer, [array]) for peer, array in received.items()]
        self._transfer(group, self._parts(group, values), receives, "push", priority)
        sums, begin = [], 0
        by_key = {entry.key: value for entry, value in zip(group, values)}
        for entry, size in zip(owned, sizes):
            own = entry.layout.part(by_key[entry.key], rank)
            parts = [
                own if r == rank else received[r][begin : begin + size]
                for r in range(self._world.size)
            ]
            sums.append(_add(parts).reshape(entry.layout.shape_of(rank)))
            begin += size
        self._apply(owned, sums)

    def _parts(self, group, arrays):
        """Messages with the parts of arrays that each other rank owns."""
        messages = []
        for peer in self._world.peers:
            owned = [(e, array) for e, array in zip(group, arrays) if e.layout.size_of(peer)]
            if owned:
                messages.append((peer, [e.layout.part(array, peer) for e, array in owned]))
        return messages

    def _transfer(self, group, sends, receives, what, priority):
        first = group[0]
        more = f" and {len(group) - 1} more" if len(group) > 1 else ""
        tag = first.push_tag if what == "push" else first.pull_tag
        self._world.transfer(
            sends, receives, tag, f"{what} {first.key!r}{more}", priority or -first.number
        )

    def _apply(self, entries, sums):
        """Update what is stored with sums."""
        if not entries:
            return
        self._update([e.key for e in entries], sums, [e.stored for e in entries])

    def pull(self, key, out=None, priority=0, ignore_sparse=True):
        wanted = {}
        for k, arrays in _pairs(key, out):
            arrays = [a for a in arrays if a.stype == "default" or not ignore_sparse]
            if arrays:
                wanted.setdefault(k, []).extend(arrays)
        with autograd.pause():
            for group in self._groups([self._stored(k) for k in wanted]):
                self._pull_group(group, [wanted[entry.key] for entry in group], priority)

    def _pull_group(self, group, outs, priority):
        """Bring the values of all owners together."""
        rank = self._world.rank
        targets = [_host_array(entry, arrays[0]) for entry, arrays in zip(group, outs)]
        own = [entry.stored for entry in group if entry.stored is not None]
        receives = self._parts(group, targets)
        sends = [(peer, own) for peer in self._world.peers] if own else []
        self._transfer(group, sends, receives, "pull", priority)
        for entry, target, arrays in zip(group, targets, outs):
            if entry.stored is not None:
                entry.stored.reshape((-1,)).copyto(entry.layout.part(target, rank))
            for array in arrays:
                if array is not target:
                    target.copyto(array)

    # Optimizers.

    def set_optimizer(self, optimizer):
        super().set_optimizer(optimizer)
        if not _is_elementwise(optimizer):
            self._join_parts()

    def _set_updater(self, updater):
        super()._set_updater(updater)
        self._join_parts()

    def _join_parts(self):
        """Let one rank own all of each key, for updates that need whole arrays."""
        self._may_cut = False
        cut = [entry for entry in self._values.values() if entry.layout.is_cut]
        for entry in cut:
            whole = nd.empty(entry.layout.shape, dtype=entry.dtype)
            self._pull_group([entry], [[whole]], 0)
            entry.layout, entry.stored = self._layouts.whole(entry.layout.shape), None
            self._keep(entry, whole)

    # The job.

    @property
    def rank(self):
        return self._world.rank

    @property
    def num_workers(self):
        return self._world.size

    def barrier(self):
        """Wait until all ranks are here.

        Raises:
            MXNetError: A rank died or hangs; the message names it.
        """
        self._world.barrier()

    def _barrier(self):
        self.barrier()


def _add(parts):
    """The sum in the order of the ranks."""
    total = parts[0]
    for number, part in enumerate(parts[1:]):
        if number == 0:
            total = total + part
        else:
            total += part
    return total


def _host_array(entry, array):
    """`array` itself where messages can be written into it, or one to copy from."""
    fits = array.context.device_type != "gpu" and array.dtype == entry.dtype
    return array if fits else nd.empty(entry.layout.shape, dtype=entry.dtype)
