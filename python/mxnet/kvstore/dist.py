"""The store of a job of several ranks (docs/scaling.md)."""

import contextlib
import os

import numpy as np

from .. import _core, _files, autograd, error
from .. import ndarray as nd
from .. import optimizer as opt
from ..context import cpu
from . import compression, rows, states, world
from .kvstore import KVStore, _pairs, read_states
from .layout import CUT_FROM, Layouts

__all__ = ["DistKVStore"]

# Keys of one push or pull travel together up to this many bytes, or with many ranks up to a number
# that lets each of them have a part which is worth a message.
_JOINED_BYTES, _BYTES_OF_RANK = 1 << 20, 1 << 16

# Optimizers whose update of an element needs nothing of the other elements. Keys of others, and of
# classes derived from these, are not cut.
_ELEMENTWISE = """SGD Signum NAG Adam AdaGrad RMSProp AdaDelta Ftrl Adamax Nadam FTML
DCASGD""".split()


def _is_elementwise(optimizer):
    return any(type(optimizer) is getattr(opt, name, None) for name in _ELEMENTWISE)


@contextlib.contextmanager
def _urgent():
    """What is computed inside goes before what backward computes: other ranks wait for it."""
    before = _core.set_priority(1)
    try:
        with autograd.pause():
            yield
    finally:
        _core.set_priority(before)


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

    def check(self, what, arrays):
        """Raise ValueError where arrays are of another shape or, for a push, of another dtype."""
        for array in arrays:
            if what == "push" and array.dtype != self.dtype:
                raise error.ValueError(
                    f"KVStore.push: key={self.key!r} has dtype {np.dtype(array.dtype)}; expected "
                    f"{np.dtype(self.dtype)} as in init()"
                )
            if array.shape != self.layout.shape:
                raise error.ValueError(
                    f"KVStore.{what}: key={self.key!r} has shape {array.shape}; expected "
                    f"{self.layout.shape} as in init()"
                )

    @property
    def is_float32(self):
        return np.dtype(self.dtype) == np.float32

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
        self._wire = compression.Plain()
        self._controller = None

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
        value = value.as_in_context(cpu()).tostype("default").copy()
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
        self._keep(self._stored(key), value.as_in_context(cpu()).tostype("default"))

    def broadcast(self, key, value, out, priority=0):
        values = self._init(key, value)
        for k, arrays in _pairs(key, out):
            for array in arrays:
                values[k].copyto(array)

    def _new_tag(self):
        return self._world.new_tag()

    def _take_values_of_first(self, tag, arrays, label):
        with autograd.pause():
            value = arrays[0].as_in_context(cpu())
            self._world.share([value], tag, label)
            for array in arrays if self._world.rank else ():
                if array is not value:
                    value.copyto(array)

    # Steps.

    def push(self, key, value, priority=0):
        self._check_keys(key)
        pushed = {}
        for k, arrays in _pairs(key, value):
            pushed.setdefault(k, []).extend(arrays)
        entries = [self._stored(k) for k in pushed]
        if entries:
            _core.comm.note_push(f"push {entries[-1].key!r}")
        with _urgent():
            values = {entry.key: self._sum(entry.key, pushed[entry.key]) for entry in entries}
            sparse = [e for e in entries if values[e.key].stype == "row_sparse"]
            for entry in sparse:
                self._push_rows(entry, values[entry.key])
            for group in self._groups([e for e in entries if e not in sparse]):
                self._push_group(group, [values[e.key] for e in group], priority)

    def _note_step(self, batch_size):
        _core.comm.note_step(batch_size / self._world.size)

    def _push_rows(self, entry, value):
        """Add row-sparse gradients up at the owner of a key."""
        if entry.layout.is_cut:
            self._join([entry])  # updates of rows leave the others as they are
        label = f"push {entry.key!r}"
        parts = rows.collect(self._world, entry.layout.owner, value, entry.push_tag, label)
        if parts:
            self._apply([entry], [_add(parts)])

    def _groups(self, entries):
        """Keys that travel together: neighbours of one dtype."""
        most = max(_JOINED_BYTES, _BYTES_OF_RANK * self._world.size)
        group, size = [], 0
        for entry in entries:
            if group and (size + entry.bytes > most or entry.dtype != group[0].dtype):
                yield group
                group, size = [], 0
            group.append(entry)
            size += entry.bytes
        if group:
            yield group

    def _sum(self, key, arrays):
        """The sum of this rank's devices, on the host."""
        self._stored(key).check("push", arrays)
        total = arrays[0].as_in_context(cpu())
        for array in arrays[1:]:
            total = total + array.as_in_context(cpu())
        return total

    def _push_group(self, group, values, priority):
        """Add the values of all ranks up where they are owned, and update there."""
        rank, wire = self._world.rank, self._wire
        owned = [
            (e, v, e.layout.size_of(rank)) for e, v in zip(group, values) if e.stored is not None
        ]
        received = {
            peer: [wire.empty(entry, size) for entry, _, size in owned]
            for peer in (self._world.peers if owned else ())
        }
        sends = [
            (
                peer,
                [wire.encode(e, v, peer) for e, v in zip(group, values) if e.layout.size_of(peer)],
            )
            for peer in self._world.peers
        ]
        sends = [(peer, arrays) for peer, arrays in sends if arrays]
        self._transfer(group, sends, list(received.items()), "push", priority)
        sums = []
        for position, (entry, value, size) in enumerate(owned):
            parts = [
                wire.encode(entry, value, rank) if r == rank else received[r][position]
                for r in range(self._world.size)
            ]
            total = _add([wire.decode(entry, part, size) for part in parts])
            sums.append(total.reshape(entry.layout.shape_of(rank)))
        self._apply([entry for entry, _, _ in owned], sums)

    def _transfer(self, group, sends, receives, what, priority):
        first = group[0]
        more = f" and {len(group) - 1} more" if len(group) > 1 else ""
        tag = first.push_tag if what == "push" else first.pull_tag
        self._world.transfer(
            sends,
            receives,
            tag,
            f"{what} {first.key!r}{more}",
            priority or -first.number,
            tells_who_is_slow=what == "push",
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
            self._stored(k).check("pull", arrays)
            if arrays:
                wanted.setdefault(k, []).extend(arrays)
        with _urgent():
            entries = [self._stored(k) for k in wanted]
            sparse = [e for e in entries if e.stype != "default"]
            for entry in sparse:
                self._pull_rows(entry, wanted[entry.key])
            for group in self._groups([e for e in entries if e not in sparse]):
                self._pull_group(group, [wanted[entry.key] for entry in group], priority)

    def _pull_rows(self, entry, outs):
        """Bring a row-sparse value to all ranks."""
        values = None if entry.stored is None else [entry.stored] * self._world.size
        value = rows.hand_out(
            self._world, entry.layout.owner, values, entry, entry.pull_tag, f"pull {entry.key!r}"
        )
        for array in outs:
            kept = value if array.stype == "row_sparse" else value.tostype(array.stype)
            kept.as_in_context(array.context).copyto(array)

    def _rows_of(self, entry, numbers):
        """The rows of a value that this rank asks for."""
        numbers = numbers.as_in_context(cpu())
        if entry.layout.is_cut:
            whole = nd.empty(entry.layout.shape, dtype=entry.dtype)
            self._pull_group([entry], [[whole]], 0)
            return nd.sparse.retain(whole, numbers.reshape((-1,)))
        owner, label = entry.layout.owner, f"row_sparse_pull {entry.key!r}"
        asked = rows.collect_numbers(self._world, owner, numbers, entry.pull_tag, label)
        values = None
        if asked:
            values = [nd.sparse.retain(entry.stored, each) for each in asked]
        return rows.hand_out(self._world, owner, values, entry, entry.pull_tag, label)

    def _pull_group(self, group, outs, priority):
        """Bring the values of all owners together."""
        rank = self._world.rank
        targets = [_host_array(entry, arrays[0]) for entry, arrays in zip(group, outs)]
        own = [entry.stored.as_in_context(cpu()) for entry in group if entry.stored is not None]
        receives = [
            (
                peer,
                [e.layout.part(t, peer) for e, t in zip(group, targets) if e.layout.size_of(peer)],
            )
            for peer in self._world.peers
        ]
        receives = [(peer, arrays) for peer, arrays in receives if arrays]
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
        self._join([entry for entry in self._values.values() if entry.layout.is_cut])

    def _join(self, entries):
        """Give cut keys, with the optimizer's states, to one rank each; all ranks call."""
        for entry in entries:
            whole, parts = nd.empty(entry.layout.shape, dtype=entry.dtype), entry.layout
            self._pull_group([entry], [[whole]], 0)
            entry.layout, entry.stored = self._layouts.whole(parts.shape), None
            self._keep(entry, whole)
            if not isinstance(self._updater, opt.Updater):
                continue
            known = self._updater.states
            own = {entry.key: known.pop(entry.key)} if entry.key in known else {}
            self._updater.states_synced.pop(entry.key, None)
            found = self._world.gather(own, f"join {entry.key!r}", to=entry.layout.owner)
            if found:
                known.update(states.join(found, {entry.key: parts}))

    def set_gradient_compression(self, compression_params):
        """Send float32 gradients with fewer bits.

        Args:
            compression_params (dict): ``{"type": "2bit", "threshold": 0.5}`` as in 1.9.1: what is
                not sent is kept for later; ``{"type": "fp16"}`` or ``{"type": "bf16"}``.

        Raises:
            ValueError: The compression is unknown.
        """
        self._wire = compression.make(compression_params)

    def _layouts_by_key(self):
        return {key: entry.layout for key, entry in self._values.items()}

    def save_optimizer_states(self, fname, dump_optimizer=False):
        """Save the states of the optimizer, gathered from all ranks, by rank 0; all ranks call.

        The file is that of one process.
        """
        optimizer = self._need_states("save_optimizer_states").optimizer
        own = self._updater.states, optimizer._all_index_update_counts
        parts = self._world.gather(own, "save_optimizer_states", to=0)
        if self._world.rank == 0:
            found, counts = zip(*parts)
            whole = opt.get_updater(states.with_counts(optimizer, counts))
            whole.states = states.join(found, self._layouts_by_key())
            content = whole.get_states(dump_optimizer)
            _files.write_bytes(fname, content, "save_optimizer_states")
        self._world.barrier("save_optimizer_states")

    def _need_states(self, what):
        """The updater, whose states the store knows."""
        self._need_updater(what)
        if not isinstance(self._updater, opt.Updater):
            raise error.ValueError(
                f"KVStore.{what}: the updater is a function of the program, whose states are its "
                "own; set_optimizer() is expected"
            )
        return self._updater

    def load_optimizer_states(self, fname):
        """Load the states of the optimizer, read by rank 0, into all ranks; all ranks call."""
        whole = opt.get_updater(self._need_states("load_optimizer_states").optimizer)
        found = self._world.from_first(
            lambda: self._read_states(whole, fname), "load_optimizer_states"
        )
        if isinstance(found, Exception):
            raise found
        content, self._updater.optimizer = found
        kept = states.cut(content, self._layouts_by_key(), self._world.rank)
        self._updater.states = kept
        self._updater.states_synced = dict.fromkeys(kept, False)

    @staticmethod
    def _read_states(updater, fname):
        try:
            read_states(updater, fname)
        except (OSError, error.MXNetError) as problem:
            return problem  # which all ranks raise
        return updater.states, updater.optimizer

    # The job.

    def _send_command_to_servers(self, head, body):
        """Give a command to the function of `set_controller` on every rank; all ranks call."""
        for command, text in self._world.gather((head, body), "send_command_to_servers")[:1]:
            if self._controller is not None:
                self._controller(command, text)

    send_command_to_servers = _send_command_to_servers

    def set_controller(self, controller):
        """Set what commands are given to.

        Args:
            controller (function): ``controller(head, body)``.
        """
        self._controller = controller

    def get_num_dead_node(self, node_id=0, timeout=60):
        """Number of ranks that died: 0 in a job that goes on, as it ends with its first rank.

        Args:
            node_id (int): Accepted for compatibility.
            timeout (int): Accepted for compatibility.
        """
        return int(bool(_core.comm.failure()))

    num_dead_node = get_num_dead_node

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
