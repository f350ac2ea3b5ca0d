"""A worker: loads a handler and answers batches until the server ends."""

import logging
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback

from .frames import receive, send

_GRACE = 1.0


def _end_with(stream):
    """End this process soon after the server has gone, whatever its handler does."""

    def watch():
        poll = select.poll()
        poll.register(stream.fileno(), select.POLLRDHUP)
        poll.poll()
        time.sleep(_GRACE)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _load(document):
    sys.path.insert(0, os.path.dirname(document["path"]))
    sys.path.insert(0, document["folder"])
    os.chdir(document["folder"])
    if document["kind"] == "service":
        from .services import ServiceHandler

        return ServiceHandler(document)
    from .scripts import ScriptHandler

    return ScriptHandler(document)


def _requests(document, pieces):
    """Requests with the bytes of their parts."""
    pieces = iter(pieces)
    for request in document["requests"]:
        request["parts"] = [(name, kind, next(pieces)) for name, kind in request["parts"]]
    return document["requests"]


def main():
    """Run the worker; its socket is the descriptor that the command line names."""
    stream = socket.socket(fileno=int(sys.argv[1]))
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    _end_with(stream)
    document, _ = receive(stream)
    try:
        handler = _load(document)
    except BaseException as cause:
        traceback.print_exc()
        send(stream, {"error": f"{type(cause).__name__}: {cause}"})
        return
    send(stream, {})
    while True:
        try:
            requests = _requests(*receive(stream))
        except EOFError:
            return
        answer, pieces = handler.answer(requests)
        send(stream, answer, pieces)


if __name__ == "__main__":
    main()
