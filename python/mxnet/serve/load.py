"""A load generator: clients that ask a server, and how long its answers take."""

import asyncio
import json
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request

import httptools
import numpy as np
import uvloop

from .. import error
from .open_inference import DATATYPES

__all__ = ["Target", "measure", "tensor_target"]

_TIMEOUT = 120.0
_PAUSE = 0.01  # seconds after a failure


class Target:
    """What is asked.

    Args:
        url (str): The address.
        body (bytes): The body of every request.
        headers (dict of str to str): Headers of every request.
        certificate (str): File with the certificates to trust; None for those of the system.
    """

    def __init__(self, url, body, headers, certificate=None):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise error.ValueError(
                f"bench: url={url!r} is no address; http://host:port is expected"
            )
        self.host = parts.hostname
        self.port = parts.port or (443 if parts.scheme == "https" else 80)
        self.tls = (
            ssl.create_default_context(cafile=certificate) if parts.scheme == "https" else None
        )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [f"POST {path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.request = "\r\n".join([*lines, "", ""]).encode() + body


def tensor_target(url, name, rows, certificate=None):
    """Random tensors for a model, by the Open Inference Protocol in bytes.

    Args:
        url (str): Address of the server.
        name (str): The model; None for the only one.
        rows (int): Rows of each request.
        certificate (str): As for `Target`.

    Raises:
        MXNetError: The server does not answer, or the model has inputs of unknown shapes.
    """
    url = url.rstrip("/")
    context = ssl.create_default_context(cafile=certificate) if url.startswith("https") else None
    if name is None:
        models = _ask(f"{url}/v1/models", context)["models"]
        if len(models) != 1:
            raise error.ValueError(f"bench: --name is expected, one of {', '.join(models)}")
        name = models[0]
    inputs, pieces = [], []
    for each in _ask(f"{url}/v2/models/{name}", context)["inputs"]:
        shape = [rows, *each["shape"][1:]]
        if -1 in shape or len(each["shape"]) < 2:
            raise error.ValueError(
                f"bench: {each['name']} has the unknown shape {each['shape']}; --body is expected"
            )
        values = np.random.RandomState(0).uniform(0, 2, shape)
        pieces.append(values.astype(DATATYPES[each["datatype"]]).tobytes())
        inputs.append(
            {
                "name": each["name"],
                "datatype": each["datatype"],
                "shape": shape,
                "parameters": {"binary_data_size": len(pieces[-1])},
            }
        )
    head = json.dumps({"inputs": inputs, "parameters": {"binary_data_output": True}}).encode()
    headers = {
        "Content-Type": "application/octet-stream",
        "Inference-Header-Content-Length": str(len(head)),
    }
    return Target(f"{url}/v2/models/{name}/infer", b"".join([head, *pieces]), headers, certificate)


def _ask(url, context):
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT, context=context) as answer:
            return json.load(answer)
    except (OSError, ValueError) as cause:
        raise error.OSError(f"bench: {url} does not answer ({cause})") from cause


class _Client(asyncio.Protocol):
    """A connection that sends one request after the other.

    Everything happens in callbacks of the transport: a task or a timer for each request would
    cost more than many servers need for it.
    """

    def __init__(self, run):
        self._run, self._parser = run, httptools.HttpResponseParser(self)
        self._transport = self._due = self.asked_at = None
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self._transport = transport
        self._next()

    def connection_lost(self, exc):
        if self.asked_at is not None:
            self._run.fail(type(exc or ConnectionError()).__name__)
        self.asked_at = None
        self.ended.set_result(None)

    def data_received(self, data):
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as cause:
            self._run.fail(type(cause).__name__)
            self.asked_at = None
            self._transport.abort()

    def on_message_complete(self):
        if self.asked_at is None:  # the server says more than it was asked
            return
        self.asked_at = None
        status = self._parser.get_status_code()
        if not self._parser.should_keep_alive():
            self._transport.close()
        if status == 200:
            self._run.latencies.append(time.perf_counter() - self._due)
            self._next()
        else:
            self._run.fail(f"status {status}")
            asyncio.get_running_loop().call_later(_PAUSE, self._next)

    def _next(self):
        """Send the next request when it is due, or end."""
        now = time.perf_counter()
        due = self._run.turn(now)
        if self._transport.is_closing():
            self._run.give_back(due)
        elif due is None:
            self._transport.close()
        elif due > now:
            asyncio.get_running_loop().call_later(due - now, self._send, due)
        else:
            self._send(due)

    def _send(self, due):
        now = time.perf_counter()
        self._due, self.asked_at = min(due, now), now  # the loop's clock has whole milliseconds
        if self._transport.is_closing():
            self.asked_at = None
            self._run.fail("ConnectionError")
        else:
            self._transport.write(self._run.request)

    def check(self, now):
        """Give up an answer that does not come."""
        if self.asked_at is not None and now - self.asked_at > _TIMEOUT:
            self._run.fail("TimeoutError")
            self.asked_at = None
            self._transport.abort()


class _Run:
    """Clients that ask for a time.

    Attributes:
        request (bytes): What they send.
        latencies (list of float): Seconds of each answer with the status 200.
        failures (dict of str to int): How often requests failed, by reason.
    """

    def __init__(self, target, clients, seconds, rate):
        self._target, self._count, self._seconds = target, clients, seconds
        self._interval = None if rate is None else 1 / rate
        self.request, self.latencies, self.failures = target.request, [], {}
        self._next, self._returned, self._is_over = 0, [], False

    async def run(self):
        """Ask; gives the seconds that it took."""
        self._start = time.perf_counter()
        self._end = self._start + self._seconds
        clients = {}
        watch = asyncio.ensure_future(self._watch(clients))
        await asyncio.gather(*(self._work(number, clients) for number in range(self._count)))
        watch.cancel()
        return time.perf_counter() - self._start

    def fail(self, reason):
        """Count a request that failed."""
        self.failures[reason] = self.failures.get(reason, 0) + 1

    def turn(self, now):
        """When the next request is due; None at the end."""
        if self._interval is None:
            return now if now < self._end else None
        # Latency counts from the time at which a request was due, also where all clients were busy.
        if self._returned:
            return self._returned.pop()
        due = self._start + self._next * self._interval
        self._next += 1
        self._is_over = due >= self._end  # clients of whom nothing is wanted any more may go
        return None if self._is_over else due

    def give_back(self, due):
        """Let another connection send what this one cannot send any more."""
        if self._interval is not None and due is not None:
            self._returned.append(due)

    async def _work(self, number, clients):
        """Keep a connection open until the end."""
        target, loop = self._target, asyncio.get_running_loop()
        while time.perf_counter() < self._end and not self._is_over:
            try:
                _, client = await loop.create_connection(
                    lambda: _Client(self), target.host, target.port, ssl=target.tls
                )
            except OSError as cause:
                self.fail(type(cause).__name__)
                await asyncio.sleep(_PAUSE)
                continue
            clients[number] = client
            await client.ended

    async def _watch(self, clients):
        while True:
            await asyncio.sleep(1)
            for client in list(clients.values()):
                client.check(time.perf_counter())


def measure(target, clients, seconds, rate=None):
    """Ask a server.

    Args:
        target (Target): What is asked.
        clients (int): Connections, each with one request at a time.
        seconds (float): How long.
        rate (float): Requests a second, at even distances; None for as many as are answered.

    Returns:
        dict: Requests, failures by reason, requests a second, latencies in milliseconds, and
        ``histogram``, a list of upper bounds in milliseconds with counts.
    """
    uvloop.run(_Run(target, clients, min(seconds, 0.5), rate).run())  # warms both sides up
    run = _Run(target, clients, seconds, rate)
    taken = uvloop.run(run.run())
    values = np.sort(np.array(run.latencies)) * 1000
    document = {
        "clients": clients,
        "rate": rate,
        "seconds": round(taken, 3),
        "requests": len(values),
        "failures": run.failures,
        "requests_per_second": round(len(values) / taken, 2),
    }
    if len(values):
        for name, part in (("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99), ("max", 100)):
            document[f"{name}_ms"] = round(float(np.percentile(values, part)), 4)
        document["histogram"] = _histogram(values)
    return document


def _histogram(values):
    """Counts of latencies below bounds that grow by a quarter of a power of two."""
    first = np.floor(np.log2(max(values[0], 1e-3)) * 4)
    last = np.floor(np.log2(max(values[-1], 1e-3)) * 4) + 1
    bounds = 2 ** (np.arange(first + 1, last + 1) / 4)
    below = np.searchsorted(values, bounds, side="left")
    counts = np.diff(np.concatenate([[0], below[:-1], [len(values)]]))
    return [[round(float(bound), 4), int(count)] for bound, count in zip(bounds, counts)]
