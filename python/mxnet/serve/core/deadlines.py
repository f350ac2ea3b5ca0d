"""Requests that wait for an answer, and the time that they are given."""

import time

__all__ = ["Deadlines"]


class Deadlines:
    """Gives up jobs that wait too long. All are given equally long, so that one timer does for all.

    Args:
        loop: The event loop of the jobs.
        seconds (float): How long a job may wait.
        give_up (function): Called with a job whose time is over.

    Thread safety: as its event loop.
    """

    def __init__(self, loop, seconds, give_up):
        self._loop, self._seconds, self._give_up = loop, seconds, give_up
        self._waiting, self._timer = {}, None  # in the order in which they came

    def add(self, job):
        """Watch a job until it is removed."""
        self._waiting[job] = None
        if self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._look)

    def remove(self, job):
        """Forget a job."""
        self._waiting.pop(job, None)

    def stop(self):
        """Let go of whoever would be told, unless a job still waits. None is added after this."""
        if self._timer is not None and not self._waiting:
            self._timer.cancel()
            self._timer = None

    def _look(self):
        self._timer = None
        now = time.monotonic()
        for job in list(self._waiting):
            left = job.since + self._seconds - now
            if left > 0:
                self._timer = self._loop.call_later(left, self._look)
                return
            del self._waiting[job]
            self._give_up(job)
