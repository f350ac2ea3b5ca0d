"""Ports that are listened on, by uvicorn."""

import socket

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ... import error

__all__ = ["Listener", "listen"]

_BACKLOG = 2048
_KEEP_ALIVE = 30
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\r\n"
_TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\n"
    b"connection: close\r\n\r\n"
)
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n"


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


def _limited_protocol(settings):
    """A protocol that gives up connections: too many, with large heads, or with slow ones."""
    max_header, read_timeout = settings.max_header, settings.read_timeout

    class LimitedProtocol(HttpToolsProtocol):
        _waits_for_head, _head_size, _timer = False, 0, None
        _pieces, _size = (), 0

        def connection_made(self, transport):
            super().connection_made(transport)
            self._begin_head()
            if len(self.connections) > settings.max_connections:
                self._refuse(_TOO_MANY)

        def _begin_head(self):
            self._waits_for_head, self._head_size = True, 0
            if self._timer is None:
                self._timer = self.loop.call_later(read_timeout, self._is_late)

        def _stop_timer(self):
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _is_late(self):
            self._timer = None
            self._refuse(_TOO_SLOW)

        def _refuse(self, answer):
            if self.transport is not None and not self.transport.is_closing():
                self.transport.write(answer)
                self.transport.close()

        def data_received(self, data):
            if self._waits_for_head:
                self._head_size += len(data)
            super().data_received(data)
            # What came behind the head belongs to the body, and then nobody waits for a head.
            if self._waits_for_head and self._head_size > max_header:
                self._refuse(_TOO_LARGE)

        def on_message_begin(self):
            super().on_message_begin()
            self._begin_head()
            self._pieces, self._size = [], 0

        def on_body(self, body):
            """Keep a piece of a body; the application wakes for the whole, or for too much."""
            self._pieces.append(body)
            self._size += len(body)
            if self._size > settings.max_body:
                self._hand_over()

        def on_message_complete(self):
            self._stop_timer()
            self._hand_over()
            super().on_message_complete()

        def _hand_over(self):
            if self._pieces and not self.cycle.response_complete:
                super().on_body(b"".join(self._pieces))
            self._pieces = []

        def on_headers_complete(self):
            self._waits_for_head = False
            super().on_headers_complete()

        def connection_lost(self, exc):
            self._stop_timer()
            super().connection_lost(exc)

    return LimitedProtocol


class Listener:
    """A port with its application.

    Args:
        application (Application): Who answers.
        sock (socket): The socket, which listens.
        settings (ServerSettings): Limits and TLS.

    Attributes:
        host, port: Where it listens.
    """

    def __init__(self, application, sock, settings):
        self.host, self.port = sock.getsockname()[:2]
        self._socket = sock
        config = uvicorn.Config(
            application,
            http=_limited_protocol(settings),
            ws="none",
            lifespan="off",
            loop="uvloop",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=max(1, round(settings.drain)),
            ssl_certfile=settings.certificate,
            ssl_keyfile=settings.key,
        )
        self._server = uvicorn.Server(config)

    async def run(self):
        """Answer until `stop`, then finish what was accepted."""
        await self._server.serve(sockets=[self._socket])

    @property
    def is_started(self):
        """Whether connections are answered."""
        return self._server.started

    def stop(self):
        """Take no more connections. Thread safety: any thread."""
        self._server.should_exit = True
