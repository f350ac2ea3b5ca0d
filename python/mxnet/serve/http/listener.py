"""Ports that are listened on."""

import asyncio
import email.utils
import socket
import ssl

from ... import error
from .connection import Connection
from .express import Express
from .heads import KnownHeads

__all__ = ["Listener", "listen"]

_BACKLOG = 2048
_SCRATCH = 65536  # bytes that are read at once
_TICK = 0.5  # seconds between looks at the connections


def listen(host, port):
    """A socket that listens.

    Raises:
        OSError: The address is taken or not ours.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG, reuse_port=False)
    except (OSError, OverflowError) as cause:
        raise error.OSError(f"serve: {host}:{port} cannot be listened on ({cause})") from cause


def _tls(settings):
    """What TLS needs; None without a certificate."""
    if settings.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.certificate, settings.key)
    return context


class Port:
    """What the connections of a port share.

    Attributes:
        application (Application): Who answers.
        settings (ServerSettings): Limits.
        loop: The event loop.
        connections (set of Connection): Those that are open and not in the express lane.
        express (Express): The lane; None for a port without one.
        scratch (memoryview): Where bytes are received that the parser takes at once.
        heads (KnownHeads): Heads that came before.
        date (bytes): The time, as HTTP writes it.
    """

    def __init__(self, application, settings, loop):
        self.application, self.settings, self.loop = application, settings, loop
        self.connections, self.express, self.heads = set(), None, KnownHeads()
        self._bytes = bytearray(_SCRATCH)
        self.scratch = memoryview(self._bytes)
        self.tick()

    @property
    def open(self):
        """How many connections are open."""
        return len(self.connections) + (0 if self.express is None else self.express.open)

    def head(self, count):
        """The bytes to the first empty line among the first `count`; fewer if it is not there."""
        return bytes(self.scratch[: self._bytes.find(b"\r\n\r\n", 0, count) + 4])

    def tick(self):
        """Tell the time, and give up connections whose deadline is over."""
        self.date = email.utils.formatdate(usegmt=True).encode()
        now = self.loop.time()
        for each in list(self.connections):
            if each.deadline is not None and each.deadline < now:
                each.give_up()


class Listener:
    """A port with its application.

    Args:
        application (Application): Who answers.
        sock (socket): The socket, which listens.
        settings (ServerSettings): Limits and TLS.
        service (Service): Whose models an express lane answers for; None for a port without one.

    Attributes:
        host, port: Where it listens.
        is_started (bool): Whether connections are answered.
        express (Express): Its lane, once it is started; None without one.
    """

    def __init__(self, application, sock, settings, service=None):
        self.host, self.port = sock.getsockname()[:2]
        self._application, self._socket, self._settings = application, sock, settings
        self._service = service
        self._loop = self._ending = self.express = None
        self.is_started = self._is_stopped = False

    async def run(self):
        """Answer until `stop`, then finish what was accepted."""
        self._ending, self._loop = asyncio.Event(), asyncio.get_running_loop()
        port = Port(self._application, self._settings, self._loop)
        if self._service is not None:
            self.express = port.express = Express(port, self._service)
        tls = _tls(self._settings)
        server = await self._loop.create_server(
            lambda: Connection(port),
            sock=self._socket,
            backlog=_BACKLOG,
            ssl=tls,
            ssl_handshake_timeout=tls and max(self._settings.read_timeout, 1),
        )
        self.is_started = True
        while not self._is_stopped:
            await self._pause(port)
        server.close()
        await self._drain(port)

    async def _pause(self, port):
        seconds = min(_TICK, max(self._settings.read_timeout / 4, 0.01))
        try:
            await asyncio.wait_for(self._ending.wait(), seconds)
        except asyncio.TimeoutError:
            pass
        port.tick()
        if port.express is not None:
            port.express.publish()

    async def _drain(self, port):
        """Wait for the answers to what was accepted."""
        if port.express is not None:
            port.express.end()
        self._ending.clear()
        until = self._loop.time() + max(1, self._settings.drain)
        for each in list(port.connections):
            each.end()
        while port.open and self._loop.time() < until:
            await asyncio.sleep(0.01)
            port.tick()
        for each in list(port.connections):
            each.abort()
        if port.express is not None:
            port.express.stop()

    def stop(self):
        """Take no more connections. Thread safety: any thread."""
        self._is_stopped = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ending.set)
