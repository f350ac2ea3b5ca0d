"""What `remx launch` makes of the reports of ranks."""

import socket
import time

import pytest

from mxnet.cli import job_monitor


@pytest.fixture
def clock(monkeypatch):
    """The time, which a test moves on."""

    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

    found = Clock()
    monkeypatch.setattr(job_monitor, "time", found)
    return found


class Sender:
    """Ranks that report what a test says."""

    def __init__(self, monitor):
        self.secret, port, *addresses = monitor.variable.split()
        assert addresses[0] == "127.0.0.1"
        self._to = (addresses[0], int(port))
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._monitor = monitor

    def say(self, rank, step=0, samples=0.0, waits=(-1, 0), state="runs", failure="", secret=None):
        last = f"push 'w{step}'"
        fields = [secret or self.secret, rank, 2, state, step, samples, *waits, f"n{rank}", last]
        self._socket.sendto("\t".join(map(str, [*fields, failure])).encode(), self._to)
        time.sleep(0.01)
        self._monitor.look()


def test_the_line_of_a_job(clock):
    with job_monitor.Monitor() as monitor:
        assert monitor.line() == ""
        sender = Sender(monitor)
        for second in range(6):
            for rank in range(2):
                # Rank 0 waits 10 ms of each step for rank 1, and rank 1 a tenth of that.
                waits = (1, 0.2) if rank == 0 else (0, 0.02)
                sender.say(rank, 20 * second, 640.0 * second, waits)
            clock.now += 1
        line = monitor.line()
        assert line == (
            "remx: 2/2 ranks alive, step 100, 20 steps/s, 1280 samples/s, "
            "slowest rank=1 (n1, waited for 12 ms a step)"
        )


def test_ranks_that_do_not_wait_for_each_other(clock):
    with job_monitor.Monitor() as monitor:
        sender = Sender(monitor)
        for second in range(6):
            sender.say(0, 20 * second)
            sender.say(1, 5 * second)
            clock.now += 1
        line = monitor.line()
        assert "steps 25 to 100" in line and "slowest rank=1 (5 steps/s)" in line
        assert "samples" not in line


def test_silence_and_failures(clock, monkeypatch):
    monkeypatch.setenv("REMX_RANK_TIMEOUT", "6")
    with job_monitor.Monitor() as monitor:
        sender = Sender(monitor)
        sender.say(0, 3)
        sender.say(1, 4)
        sender.say(1, 9, secret="another")  # from somebody else
        for _ in range(5):
            clock.now += 1
            sender.say(0, 3)
        assert "1/2 ranks alive" in monitor.line()
        assert "rank=1 silent for 5 s" in monitor.line() and not monitor.failure
        clock.now += 2
        sender.say(0, 3)
        assert monitor.failure == (
            "rank=1 (host n1, step 4, last push 'w4') has been silent for 6 s"
        )
        assert not monitor.is_overdue()
        clock.now += 3.1
        assert monitor.is_overdue()


def test_who_was_stopped_itself_blames_nobody(clock):
    with job_monitor.Monitor() as monitor:
        Sender(monitor).say(0)
        clock.now += 60
        monitor.look()
        assert not monitor.failure


@pytest.mark.parametrize(
    "failure, expected",
    [
        ("kvstore: rank=0 (host n0) has ended", "rank=0 (host n0) has ended"),
        ("", "rank=1 (host n1, step 5, last push 'w5') ended with an error"),
    ],
)
def test_the_first_reason_counts(clock, failure, expected):
    with job_monitor.Monitor() as monitor:
        sender = Sender(monitor)
        sender.say(1, 5, state="failed", failure=failure)
        sender.say(0, 5, state="failed", failure="kvstore: later")
        assert monitor.failure == expected
        assert monitor.describe(0) == "rank=0 (host n0, step 5, last push 'w5')"
        assert monitor.describe(7) == "rank=7"
