"""A connection of HTTP/1.1: requests are read, answered one after the other, and written back.

The parser is that of httptools, the transport that of uvloop. All of it runs in the event loop.
"""

import asyncio
import collections
import functools

import httptools
import numpy as np

from ..errors import RequestError
from .infer_request import is_in_bytes
from .message import Request, head_of

__all__ = ["Connection", "KEEP_ALIVE", "TOO_MANY"]

KEEP_ALIVE = 30.0  # seconds that a connection may be idle
_LARGE = 65536  # bytes of a body from which on it is received where it stays
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def _plain(status, more=b""):
    """An answer to what is no request of HTTP."""
    return (
        b"HTTP/1.1 " + status + b"\r\n" + more + b"content-length: 0\r\nconnection: close\r\n\r\n"
    )


_BROKEN = _plain(b"400 Bad Request")
_TOO_SLOW = _plain(b"408 Request Timeout")
_TOO_LARGE = _plain(b"431 Request Header Fields Too Large")
TOO_MANY = _plain(b"503 Service Unavailable", b"retry-after: 1\r\n")


@functools.lru_cache(maxsize=256)  # there are few names
def _name_of(name):
    return name.decode("latin-1").lower()


class Connection(asyncio.BufferedProtocol):
    """A connection.

    It is *idle* between two requests, *reads* from the first byte of a request to its last, and is
    *busy* from then on until the answer is written. Requests that come meanwhile wait here, and
    nothing more is read before the last of them is taken.

    A large body of known length is received into memory of its own, past the parser, and no byte
    of it is copied again.

    Args:
        port (Port): What the connections of a port share.
        arrival (Arrival): What it brings from the express lane; None for a new one.

    Attributes:
        deadline (float): Time of the event loop at which patience ends; None for no limit.
    """

    def __init__(self, port, arrival=None):
        self._port, self._settings, self._arrival = port, port.settings, arrival
        self._visits = 0 if arrival is None else arrival.visits
        self._last_in_bytes = None
        self._transport = self._parser = self._task = None
        self._requests = collections.deque()
        self._reads = self._ends = self._is_clogged = self._is_refused = False
        self._waits_for_head = self._keeps_alive = True
        self._head_size = 0
        self._url, self._headers, self._request = b"", {}, None
        self._head = b""  # where all of it has come at once
        self._pieces, self._size = [], 0
        self._room = None  # of a large body
        self.deadline = None

    # The transport calls these.

    def connection_made(self, transport):
        """See asyncio.BaseProtocol."""
        self._transport = transport
        self._parser = httptools.HttpRequestParser(self)
        self._port.connections.add(self)
        self._wait(self._settings.read_timeout)
        if self._arrival is not None:
            arrival, self._arrival = self._arrival, None
            self._receive_again(arrival.received)
            if arrival.is_late:
                self.give_up()
        elif self._port.open > self._settings.max_connections:
            self._close_with(TOO_MANY)

    def _receive_again(self, received):
        """Take what came in the express lane."""
        while len(received) and not self._transport.is_closing():
            room = self.get_buffer(-1)
            size = min(len(room), len(received))
            room[:size], received = received[:size], received[size:]
            self.buffer_updated(size)

    def connection_lost(self, exc):
        """See asyncio.BaseProtocol."""
        self._port.connections.discard(self)
        self._parser = self._room = self.deadline = None
        self._ends = True
        self._requests.clear()

    def pause_writing(self):
        """See asyncio.BaseProtocol: the client does not read its answers."""
        self._is_clogged = True

    def resume_writing(self):
        """See asyncio.BaseProtocol."""
        self._is_clogged = False
        self._go_on()

    def get_buffer(self, sizehint):
        """See asyncio.BufferedProtocol."""
        return self._port.scratch if self._room is None else self._room[self._size :]

    def buffer_updated(self, nbytes):
        """See asyncio.BufferedProtocol."""
        if self._room is not None:
            self._size += nbytes
            self._end_large_body()
            return
        if not (self._reads or self._ends):
            self._head = self._port.head(nbytes)
            request = self._port.heads.find(self._head)
            if request is not None and self._take_known(request, nbytes):
                return
        self._feed(self._port.scratch[:nbytes])
        self._head = b""

    # Parsing.

    def _take_known(self, request, count):
        """Take a request whose head is known, past the parser; gives whether that can be done."""
        start, length = len(self._head), request.length
        size = count - start
        if size != length and not (size < length and length >= _LARGE):
            return False  # it comes in pieces, or another one stands behind it
        self._request = request
        if size == length:
            request.body = bytes(self._port.scratch[start:count])
            self._take_request()
            return True
        self._reads, self._waits_for_head, self._is_refused = True, False, False
        self._room, self._size = memoryview(np.empty(length, np.uint8)), size
        self._room[:size] = self._port.scratch[start:count]
        self._wait(self._settings.read_timeout)
        return True

    def _feed(self, data):
        if self._ends:  # what comes behind the last request is nobody's
            return
        if self._waits_for_head:
            self._head_size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as cause:
            self._pass_over_upgrade(data[cause.args[0] :])
        except httptools.HttpParserError:
            self._close_with(_BROKEN)
        if self._waits_for_head and self._head_size > self._settings.max_header:
            self._close_with(_TOO_LARGE)
        elif self._is_refused and self._reads:
            # What is left of the body would be taken for the next request.
            self._keeps_alive = False
            self._take_request()

    def _pass_over_upgrade(self, rest):
        """Answer a request for another protocol as if it had not asked for that.

        The parser takes no body after such a head, and is of no use for what comes behind it.
        """
        self._parser = httptools.HttpRequestParser(self)
        if self._room is not None:
            taken = min(len(rest), len(self._room))
            self._room[:taken] = rest[:taken]
            self._size, rest = taken, rest[taken:]
            self._end_large_body()
        if len(rest):
            self._feed(rest)

    def on_message_begin(self):
        """The parser has seen the first byte of a request."""
        self._reads, self._is_refused = True, False
        self._url, self._headers = b"", {}
        self._pieces, self._size = [], 0
        self._wait(self._settings.read_timeout)

    def on_url(self, url):
        """The parser has seen a part of the address."""
        self._url += url

    def on_header(self, name, value):
        """The parser has seen a header; trailers behind a body are passed over."""
        if self._waits_for_head:
            self._headers[_name_of(name)] = value.decode("latin-1")

    def on_headers_complete(self):
        """The parser has seen the end of a head."""
        parser, headers = self._parser, self._headers
        self._waits_for_head = False
        # Answers do not say that a connection of HTTP/1.0 stays open, so that it must not.
        is_old = "connection" in headers and parser.get_http_version() != "1.1"
        if is_old or not parser.should_keep_alive():
            self._keeps_alive = False
        self._request = request = Request(parser.get_method().decode(), self._url, headers)
        self._is_refused = not self._port.application.admit(request)
        if not self._is_refused:
            self._expect_body(parser.should_upgrade())
            if self._head and self._keeps_alive and not parser.should_upgrade():
                self._port.heads.keep(self._head, request, self._url)
        elif parser.should_upgrade():
            self._keeps_alive = False  # nobody knows where the body ends
        self._head = b""

    def _expect_body(self, is_upgrade):
        """Prepare for the body of the request whose head has come."""
        headers = self._headers
        if is_upgrade and "transfer-encoding" in headers:
            self._request.refusal = RequestError(400, "an upgrade with a body of unknown length")
            self._is_refused, self._keeps_alive = True, False
            return
        length = self._request.length
        if length and (length >= _LARGE or is_upgrade):
            self._room = memoryview(np.empty(length, np.uint8))
        if headers.get("expect", "").lower() == "100-continue" and self._task is None:
            self._transport.write(_CONTINUE)

    def on_body(self, body):
        """The parser has seen a piece of a body."""
        if self._room is not None:
            self._room[self._size : self._size + len(body)] = body
        elif not self._is_refused:
            self._pieces.append(body)
        self._size += len(body)
        limit = self._settings.max_body
        if self._size > limit and not self._is_refused:
            self._request.refusal = RequestError(413, f"the body is larger than {limit} bytes")
            self._is_refused, self._pieces = True, []

    def on_message_complete(self):
        """The parser has seen the end of a request."""
        if self._room is not None:
            if self._size < len(self._room):  # that of a head that asks for another protocol
                return
            self._request.body, self._room = self._room, None
        elif len(self._pieces) == 1:
            self._request.body = self._pieces[0]
        else:
            self._request.body = b"".join(self._pieces)
        self._take_request()

    def _end_large_body(self):
        """Go on with a body that has come past the parser, where it is whole."""
        if self._size == len(self._room):
            self._request.body, self._room = self._room, None
            self._parser = httptools.HttpRequestParser(self)
            self._take_request()

    # Answering.

    def _take_request(self):
        self._reads, self._waits_for_head, self._head_size = False, True, 0
        self._requests.append(self._request)
        self._request, self._pieces = None, []
        self._ends = not self._keeps_alive
        if self._task is not None:
            self._transport.pause_reading()
        self._go_on()

    def _go_on(self):
        """Answer the next request, or wait for one."""
        if self._task is not None or self._is_clogged or self._transport.is_closing():
            return
        if self._requests:
            self.deadline = None
            self._task = self._port.loop.create_task(self._answer(self._requests.popleft()))
        elif self._ends:
            self._transport.close()
        elif not self._reads and self._has_taken_the_lane():
            self._transport.abort()
        else:
            self._transport.resume_reading()
            self._wait(self._settings.read_timeout if self._reads else KEEP_ALIVE)

    def _has_taken_the_lane(self):
        """Go on in the express lane, where the last request was one that is plain as a rule, and
        its answer is written; gives whether it does.
        """
        express, path = self._port.express, self._last_in_bytes
        return (
            express is not None
            and path is not None
            and express.takes(path, self._visits)
            and not self._transport.get_write_buffer_size()
            and express.take(self._transport.get_extra_info("socket"), self._visits)
        )

    async def _answer(self, request):
        response = await self._port.application.answer(request)
        self._task = None
        if self._transport.is_closing():
            return
        is_last = self._ends and not self._requests
        body = response.body if response.has_body and request.method != "HEAD" else b""
        head = head_of(response, request.id, self._port.date, is_last)
        if len(body) < _LARGE:
            self._transport.write(head + body)
        else:
            self._transport.writelines([head, body])
        is_usual = response.status == 200 and is_in_bytes(request)
        self._last_in_bytes = request.path if is_usual else None
        self._go_on()

    # Ending.

    def _wait(self, seconds):
        self.deadline = self._port.loop.time() + seconds

    def _close_with(self, answer):
        """Give the connection up, behind the answers that are being made."""
        self._ends, self._reads, self._room = True, False, None
        is_free = self._task is None and not self._requests
        if is_free and not self._transport.is_closing():
            self._transport.write(answer)
            self._transport.close()

    def end(self):
        """Close the connection, where a request is there after its answer."""
        self._ends = not self._reads or self._waits_for_head
        self._keeps_alive = False
        if self._ends:
            self._go_on()

    def abort(self):
        """Close the connection at once."""
        self._transport.abort()

    def give_up(self):
        """Close the connection because its deadline is over."""
        self.deadline = None
        if self._reads:
            self._close_with(_TOO_SLOW)
        else:
            self._transport.close()
