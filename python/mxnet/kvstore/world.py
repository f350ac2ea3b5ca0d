"""The ranks of a job, and what they tell each other outside of training steps."""

import atexit
import hashlib
import logging
import os
import pickle
import sys

import numpy as np

from .. import _core, error
from .. import ndarray as nd

__all__ = ["World", "join"]

_HOW_TO_START = "`remx launch -n 4 python train.py` or `mpirun -n 4 python train.py` starts ranks"
_world = None


def join():
    """The job that this process is a rank of; the same object at every call.

    Returns:
        World: The job, of one rank where no launcher started this process.

    Raises:
        MXNetError: MPI is wanted and not usable, or the process was started as a worker of
            parameter servers.
    """
    global _world
    if _world is None:
        _world = World()
    return _world


class World:
    """The ranks of a job. All ranks have to make the same calls in the same order.

    Attributes:
        rank (int): Number of this process.
        size (int): Number of processes.
    """

    def __init__(self):
        is_rank = _core.comm.is_rank_of_mpi()
        if not is_rank:
            _refuse_parameter_servers()
            logging.getLogger("mxnet").warning("kvstore: this job has one rank; %s", _HOW_TO_START)
        self.rank, self.size = _core.comm.open()
        self._tags = _core.comm.FIRST_TAG
        self._control = self.new_tag()
        if is_rank:
            self._watch_the_end()

    @property
    def peers(self):
        """All ranks but this one."""
        return [rank for rank in range(self.size) if rank != self.rank]

    def new_tag(self):
        """A number for messages that belong together; equal on all ranks."""
        self._tags += 1
        return self._tags

    def transfer(self, sends, receives, tag, label, priority=0, tells_who_is_slow=False):
        """Queue messages: lists of (rank, [arrays]) on the host.

        Args:
            sends (list): What goes to whom.
            receives (list): Where what comes from whom is written.
            tag (int): A number of `new_tag`; transfers of one tag run one after the other.
            label (str): What it is, for messages about ranks that do not come.
            priority (int): Among transfers that are ready, the highest starts first.
            tells_who_is_slow (bool): Whether messages come when their senders have computed, so
                that who waits for them waits for slow ranks.
        """
        if sends or receives:
            _core.comm.transfer(sends, receives, tag, priority, label, tells_who_is_slow)

    def share(self, arrays, tag, label):
        """Copy arrays of rank 0 to those of all other ranks, along a binary tree."""
        if self.size == 1:
            return
        lowest = self.rank & -self.rank or self.size
        if self.rank:
            self.transfer([], [(self.rank - lowest, arrays)], tag, label)
        children, distance = [], 1
        while distance < lowest and self.rank + distance < self.size:
            children.append(self.rank + distance)
            distance *= 2
        # Far ranks have the most to hand on.
        self.transfer([(child, arrays) for child in reversed(children)], [], tag, label)

    def gather(self, thing, label, to=None):
        """Things of all ranks, by rank; each rank brings one that can be pickled.

        Args:
            thing: This rank's.
            label (str): What it is.
            to (int): The only rank that gets them; the others get None. All do if not given.
        """
        content = np.frombuffer(pickle.dumps(thing), np.uint8)
        lengths = self._exchange(nd.array([content.size], dtype="int64"), [1] * self.size, label)
        sizes = [int(length.asscalar()) for length in lengths]
        parts = self._exchange(nd.array(content, dtype="uint8"), sizes, label, to)
        return parts and [pickle.loads(part.asnumpy().tobytes()) for part in parts]

    def from_first(self, make, label):
        """What `make()` returns on rank 0, on all ranks; it can be pickled."""
        content = pickle.dumps(make()) if self.rank == 0 else b""
        size = nd.array([len(content)], dtype="int64")
        self.share([size], self._control, label)
        array = nd.empty((int(size.asscalar()),), dtype="uint8")
        if self.rank == 0:
            array = nd.array(np.frombuffer(content, np.uint8), dtype="uint8")
        self.share([array], self._control, label)
        return pickle.loads(array.asnumpy().tobytes())

    def _exchange(self, own, sizes, label, to=None):
        """`own` of every rank, by rank; None where they go to another rank."""
        receives = []
        parts = None
        if to in (None, self.rank):
            parts = [
                own if r == self.rank else nd.empty((n,), dtype=own.dtype)
                for r, n in enumerate(sizes)
            ]
            receives = [(peer, [parts[peer]]) for peer in self.peers]
        sends = [(peer, [own]) for peer in self.peers if to in (None, peer)]
        self.transfer(sends, receives, self._control, label)
        return parts

    def barrier(self, label="barrier"):
        """Wait until all ranks are here.

        Raises:
            MXNetError: The job has failed; the message names the rank.
        """
        for part in self._exchange(nd.zeros((1,), dtype="uint8"), [1] * self.size, label):
            part.wait_to_read()

    def check_equal(self, things, label):
        """Raise ValueError where `things` of another rank have another text.

        Args:
            things: Anything whose `repr` tells what it is.
            label (str): What is compared.
        """
        digest = hashlib.sha256(repr(things).encode()).digest()
        for rank, other in enumerate(self.gather(digest, label)):
            if other != digest:
                raise error.ValueError(
                    f"kvstore: {label} of rank={rank} differs from that of rank {self.rank}; "
                    "expected the same keys, shapes and calls on all ranks"
                )

    # The end.

    def _watch_the_end(self):
        self._failed = False
        self._process = os.getpid()
        before = sys.excepthook

        def note_failure(*what):
            self._failed = True
            before(*what)
            sys.stderr.flush()
            _core.comm.begin_end(True)

        sys.excepthook = note_failure
        # Before the engine is stopped, whose exit function was registered earlier.
        atexit.register(self._leave)

    def _leave(self):
        """Let all ranks come to their ends: what is still on its way arrives."""
        if os.getpid() != self._process:
            return  # a forked child; the job is its parent's
        if not self._failed and not _core.comm.failure():
            try:
                _core.waitall()
            except error.MXNetError:
                self._failed = True
        _core.comm.begin_end(self._failed)
        while not _core.comm.wait_for_end(0.1):
            pass


def _refuse_parameter_servers():
    if os.environ.get("DMLC_ROLE") == "worker" and "DMLC_PS_ROOT_URI" in os.environ:
        raise error.MXNetError(
            "kvstore: DMLC_ROLE=worker asks for parameter servers, and this process is no rank of "
            f"MPI; {_HOW_TO_START}"
        )
