"""Messages between the server and its workers: a JSON document and pieces of bytes.

A message is the length of the document (4 bytes), the document, and the pieces; the document's key
``sizes`` tells how long these are.
"""

import json
import struct

__all__ = ["receive", "send"]

_LENGTH = struct.Struct("!I")


def send(stream, document, pieces=()):
    """Send a message.

    Args:
        stream (socket): Where it goes.
        document (dict): The document.
        pieces (list of bytes): The pieces.
    """
    head = json.dumps({**document, "sizes": [len(piece) for piece in pieces]}).encode()
    stream.sendall(b"".join([_LENGTH.pack(len(head)), head, *pieces]))


def receive(stream):
    """Receive a message.

    Returns:
        tuple: The document and a list of its pieces.

    Raises:
        EOFError: The other side has gone.
        OSError: It did not come in the time that the socket has.
    """
    (length,) = _LENGTH.unpack(_read(stream, _LENGTH.size))
    document = json.loads(_read(stream, length))
    return document, [_read(stream, size) for size in document["sizes"]]


def _read(stream, size):
    data = bytearray(size)
    view = memoryview(data)
    while view:
        count = stream.recv_into(view)
        if count == 0:
            raise EOFError("the other side has gone")
        view = view[count:]
    return bytes(data)
