"""What the ranks of a job say of themselves while it runs."""

import collections
import contextlib
import os
import secrets
import socket
import time

__all__ = ["Monitor", "rank_timeout"]

# A rank that was heard of within that many seconds is alive; reports come four times a second.
_ALIVE = 3.0
# Rates are those of the last seconds.
_WINDOW = 10.0
# How long ranks have to end after one of them has said that the job has failed; they take 1.5 s.
_TIME_TO_LEAVE = 2.5
_LARGEST_REPORT = 4096


def rank_timeout():
    """Seconds of silence after which a rank is dead (REMX_RANK_TIMEOUT)."""
    try:
        return float(os.environ.get("REMX_RANK_TIMEOUT") or 10)
    except ValueError:
        return 10.0  # ranks refuse it, with a message


class _Rank:
    """What one rank said last, and how far it came in the last seconds."""

    def __init__(self, number):
        self.number = number
        self._past = collections.deque()  # (time, step, samples)

    def hear(self, now, state, step, samples, host, last, failure):
        """Take a report."""
        self.heard, self.state, self.step = now, state, int(step)
        self.host, self.last, self.failure = host, last, failure
        self._past.append((now, self.step, float(samples)))
        while now - self._past[0][0] > _WINDOW:
            self._past.popleft()

    def rates(self):
        """Steps and samples per second; None before there are two reports."""
        (begin, *first), (end, *last) = self._past[0], self._past[-1]
        if end - begin < 0.5:
            return None
        return [(late - early) / (end - begin) for early, late in zip(first, last)]

    def __str__(self):
        last = self.last or "nothing"
        return f"rank={self.number} (host {self.host}, step {self.step}, last {last})"


class Monitor:
    """Receives the reports of ranks (`src/comm/report.h`) and tells how the job is.

    Args:
        hosts (list of str): Machines other than this one that run ranks.
    """

    def __init__(self, hosts=()):
        self._timeout = rank_timeout()
        self._secret = secrets.token_hex(8)
        addresses = ["127.0.0.1", *sorted(set(_addresses_towards(hosts)))]
        self._socket = _open_socket(any(":" in address for address in addresses), bool(hosts))
        self._socket.setblocking(False)
        port = self._socket.getsockname()[1]
        self.variable = " ".join([self._secret, str(port), *addresses])
        self._ranks, self._size = {}, 0
        self._waits = collections.deque()  # (time, waited for, seconds)
        self._failed_at = None
        self.failure = ""
        self._looked = time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._socket.close()

    def fileno(self):
        """The descriptor that is readable when a report has come."""
        return self._socket.fileno()

    # Listening.

    def look(self):
        """Read what has come, and notice who has been silent for too long."""
        now = time.monotonic()
        if now - self._looked > _ALIVE:
            # This process was stopped for a while: it is not the ranks that were silent.
            for rank in self._ranks.values():
                rank.heard += now - self._looked
        self._looked = now
        with contextlib.suppress(BlockingIOError):
            while True:
                self._take(self._socket.recv(_LARGEST_REPORT), now)
        for rank in self._ranks.values():
            if rank.state == "runs" and now - rank.heard > self._timeout:
                self._fail(f"{rank} has been silent for {self._timeout:g} s", now)
        while self._waits and now - self._waits[0][0] > _WINDOW:
            self._waits.popleft()

    def _take(self, report, now):
        secret, *fields = report.decode(errors="replace").split("\t")
        if secret != self._secret or len(fields) != 10:
            return  # from somebody else
        number, size, state, step, samples, waited_for, waited, host, last, failure = fields
        rank = self._ranks.setdefault(int(number), _Rank(int(number)))
        self._size = int(size)
        rank.hear(now, state, step, samples, host, last, failure)
        if int(waited_for) >= 0:
            self._waits.append((now, int(waited_for), float(waited)))
        if rank.state == "failed":
            why = rank.failure.removeprefix("kvstore: ") or f"{rank} ended with an error"
            self._fail(why, now)

    def _fail(self, why, now):
        if self._failed_at is None:
            self._failed_at, self.failure = now, why

    # Telling.

    def is_overdue(self):
        """Whether the job has failed so long ago that its ranks should have ended."""
        return self._failed_at is not None and time.monotonic() - self._failed_at > _TIME_TO_LEAVE

    def silent(self):
        """Ranks that run and should have been heard of."""
        now = time.monotonic()
        return [r for r in self._ranks.values() if r.state == "runs" and now - r.heard > _ALIVE]

    def describe(self, number):
        """What was heard last of a rank: its host, step and key."""
        return str(self._ranks.get(number, f"rank={number}"))

    def line(self):
        """How the job is, in one line; empty before the first report."""
        if not self._ranks:
            return ""
        now, silent = time.monotonic(), self.silent()
        parts = [f"{len(self._ranks) - len(silent)}/{self._size} ranks alive", self._steps()]
        parts += self._rates()
        parts += [f"rank={r.number} silent for {now - r.heard:.0f} s" for r in silent[:3]]
        return "remx: " + ", ".join(part for part in parts if part)

    def _all_rates(self):
        """Steps and samples per second of each rank; None until all have them."""
        found = {rank.number: rank.rates() for rank in self._ranks.values()}
        return None if len(found) < self._size or None in found.values() else found

    def _steps(self):
        steps = [rank.step for rank in self._ranks.values()]
        fastest = max((made for made, _ in (self._all_rates() or {0: (0, 0)}).values()))
        # Ranks report at different moments of a second.
        apart = max(steps) - min(steps) > 1 + 2 * fastest
        return f"steps {min(steps)} to {max(steps)}" if apart else f"step {min(steps)}"

    def _rates(self):
        rates = self._all_rates()
        if not rates or not any(steps for steps, _ in rates.values()):
            return []
        steps = sum(made for made, _ in rates.values()) / self._size
        samples = sum(used for _, used in rates.values())
        parts = [f"{steps:.3g} steps/s"]
        # A program may divide its gradients elsewhere and call step(1).
        if samples >= steps * self._size:
            parts.append(f"{samples:.4g} samples/s")
        return parts + [self._slowest(rates, steps)] if self._size > 1 else parts

    def _slowest(self, rates, steps):
        """The rank that others wait for; where nobody waits, the one that makes fewest steps."""
        if not self._waits:
            slow = min(rates, key=lambda rank: rates[rank][0])
            return f"slowest rank={slow} ({rates[slow][0]:.3g} steps/s)"
        seconds = collections.Counter()
        for _, rank, waited in self._waits:
            seconds[rank] += waited
        slow, total = seconds.most_common(1)[0]
        host = self._ranks[slow].host if slow in self._ranks else "unknown"
        span = max(1.0, self._waits[-1][0] - self._waits[0][0])
        wait = 1000 * total / (steps * span * (self._size - 1))
        return f"slowest rank={slow} ({host}, waited for {wait:.2g} ms a step)"


def _open_socket(with_ipv6, from_elsewhere):
    if with_ipv6:
        both = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        both.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        both.bind(("::", 0))
        return both
    only = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    only.bind(("0.0.0.0" if from_elsewhere else "127.0.0.1", 0))
    return only


def _addresses_towards(hosts):
    """Addresses of this machine that other machines can reach: those it would send to them from."""
    for host in hosts:
        with contextlib.suppress(OSError):
            found = socket.getaddrinfo(host, 9, type=socket.SOCK_DGRAM)
            for family, kind, _, _, address in found[:2]:
                with socket.socket(family, kind) as probe:
                    probe.connect(address)
                    yield probe.getsockname()[0].partition("%")[0]
