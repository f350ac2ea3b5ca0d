"""Heads of requests that came before, so that equal ones need no parser."""

__all__ = ["KnownHeads"]

_MOST = 256
_LONGEST = 2048


class KnownHeads:
    """The last heads of requests, byte by byte, with what was read from them.

    A client that keeps its connection sends the same head with every request; parsing it again
    would cost more than all else that a connection does. Only plain requests are kept: admitted,
    with a body of known length, on a connection that stays open.
    """

    def __init__(self):
        self._requests = {}

    def find(self, head):
        """A request with this head and without its body; None if it is not known."""
        known = self._requests.get(head)
        return known and known.again()

    def keep(self, head, request, target):
        """Keep the head of a request that was admitted.

        Args:
            head (bytes): What came before the first empty line, and that line.
            request (Request): What the parser made of it.
            target (bytes): What its first line asks for.
        """
        # The parser may have passed over bytes before the head, or have seen its end elsewhere.
        starts = head.startswith(b"%b %b HTTP/1.1\r\n" % (request.method.encode(), target))
        is_plain = head.count(b"\n") == head.count(b"\r\n") and len(head) <= _LONGEST
        if starts and is_plain and not request.headers.keys() & {"expect", "transfer-encoding"}:
            if len(self._requests) >= _MOST:
                self._requests.clear()
            self._requests[head] = request.again()
