"""Processes that make batches for a loader."""

import multiprocessing
import os
import pickle
import random
import signal
import time
import traceback
import zlib
from multiprocessing import connection as connections

import numpy as np

from ... import error
from ... import random as array_random
from ..._numpy_mode import in_mode_of_caller
from . import shared_batch

__all__ = ["WorkerPool", "WorkerTimeoutError"]

# How often a worker without work looks whether its parent is still there.
_SECONDS_BETWEEN_LOOKS = 5


class WorkerTimeoutError(error.MXNetError, multiprocessing.TimeoutError):
    """A worker did not deliver a batch in time."""


class _RemoteTraceback(Exception):
    """Shows, as the cause of an error, where it happened in the worker."""

    def __init__(self, text):
        super().__init__(text)
        self.text = text

    def __str__(self):
        return "\n" + self.text


class _Failure:
    """An error of a worker: what kind, and where."""

    def __init__(self, number, problem):
        self.number = number
        self.text = traceback.format_exc()
        self.summary = f"{type(problem).__name__}: {problem}"
        self.problem = problem

    def __getstate__(self):
        state = dict(vars(self))
        try:
            pickle.loads(pickle.dumps(self.problem))
        except Exception:
            state["problem"] = None  # its class cannot be sent; the text says what it was
        return state

    def throw(self):
        problem = self.problem or error.MXNetError(
            f"DataLoader: worker {self.number} failed ({self.summary}); expected a batch"
        )
        raise problem from _RemoteTraceback(self.text)


def _work(number, pipe, others, dataset, batchify, seed):
    """What a worker does: make the batches that it is asked for, until its parent is gone."""
    for other in others:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    random.seed(seed)
    np.random.seed(seed & 0xFFFFFFFF)
    array_random.seed(seed)
    parent = os.getppid()
    while os.getppid() == parent:
        try:
            if not pipe.poll(_SECONDS_BETWEEN_LOOKS):
                continue
            task = pipe.recv()
            if task is None:
                return
            ticket, indices = task
            try:
                result = batchify([dataset[index] for index in indices])
                shared_batch.send(pipe, ticket, result, parent)
            except (BrokenPipeError, ConnectionResetError):
                return
            except Exception as problem:
                shared_batch.send(pipe, ticket, _Failure(number, problem), parent)
        except (EOFError, OSError):
            return


def _seed():
    """A number that follows from NumPy's seed, without drawing from it."""
    _, state, position, *_ = np.random.get_state()
    return zlib.crc32(state.tobytes(), position)


class _Worker:
    """A process, the pipe to it, and the tickets that it works on."""

    def __init__(self, number, context, others, dataset, batchify):
        self.number = number
        self.pipe, far = context.Pipe(duplex=True)
        forked = context.get_start_method() == "fork"
        inherited = [self.pipe, *(other.pipe for other in others)] if forked else []
        self.process = context.Process(
            target=in_mode_of_caller(_work),
            args=(number, far, inherited, dataset, batchify, _seed() + number),
            daemon=True,
            name=f"DataLoader-{number}",
        )
        self.process.start()
        far.close()
        self.tickets = set()

    def end(self):
        """What is to be said of a process that ended by itself."""
        self.process.join(1)
        code = self.process.exitcode
        how = f"exit code {code}"
        if code is not None and code < 0:
            how = f"signal {signal.Signals(-code).name}"
        return error.MXNetError(
            f"DataLoader: worker {self.number} (process {self.process.pid}) ended by {how}; "
            "expected a batch (a worker killed by SIGKILL often ran out of memory)"
        )


class WorkerPool:
    """Makes batches in processes.

    Args:
        count (int): How many processes.
        dataset (Dataset): What batches are made of.
        batchify (function): Makes a batch of a list of samples.
        timeout (float): How many seconds to wait for a batch.
    """

    def __init__(self, count, dataset, batchify, timeout):
        self._timeout = timeout
        self._results = {}
        self._dropped = set()
        self._next = 0
        self._owner = os.getpid()
        self._workers = []
        context = multiprocessing.get_context()
        for number in range(count):
            self._workers.append(_Worker(number, context, self._workers, dataset, batchify))

    def submit(self, indices):
        """Ask for the batch of some indices; gives its ticket (int)."""
        worker = min(self._workers, key=lambda each: len(each.tickets))
        ticket, self._next = self._next, self._next + 1
        try:
            worker.pipe.send((ticket, indices))
        except (BrokenPipeError, ConnectionResetError):
            raise worker.end() from None
        worker.tickets.add(ticket)
        return ticket

    def result(self, ticket):
        """The batch of a ticket.

        Raises:
            WorkerTimeoutError: It does not come in time.
            MXNetError: Its worker ended.
            Exception: What making it raised.
        """
        end = time.monotonic() + self._timeout
        while ticket not in self._results:
            self._receive(ticket, end)
        value = self._results.pop(ticket)()
        if isinstance(value, _Failure):
            value.throw()
        return value

    def _receive(self, ticket, end):
        """Take what workers sent, at most until the time `end`."""
        pipes = {worker.pipe: worker for worker in self._workers}
        ready = connections.wait(pipes, max(0, end - time.monotonic()))
        if not ready:
            busy = next(each for each in self._workers if ticket in each.tickets)
            raise WorkerTimeoutError(
                f"DataLoader: timeout={self._timeout} seconds are over and worker {busy.number} "
                f"(process {busy.process.pid}) has made no batch; expected a faster dataset, or "
                "another timeout"
            )
        for pipe in ready:
            worker = pipes[pipe]
            try:
                done, value = shared_batch.receive(pipe)
            except (EOFError, OSError):
                raise worker.end() from None
            worker.tickets.discard(done)
            if done in self._dropped:
                self._dropped.discard(done)
            else:
                self._results[done] = value

    def forget(self, tickets):
        """Nobody wants these batches any more."""
        for ticket in tickets:
            if self._results.pop(ticket, None) is None:
                self._dropped.add(ticket)

    def close(self):
        """End the processes."""
        if os.getpid() != self._owner:
            return  # a copy of the pool in a forked process
        for worker in self._workers:
            try:
                worker.pipe.send(None)
            except OSError:
                pass
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(0.2)
            if worker.process.is_alive():
                worker.process.terminate()
                worker.process.join(1)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers = []
