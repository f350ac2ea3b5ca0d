"""Logs of a server: one line for an event, in JSON or in words."""

import json
import sys
import threading
import time

__all__ = ["EventLog"]


class EventLog:
    """Writes events to the standard error stream. Thread safety: any thread.

    Args:
        form (str): ``json`` or ``text``.
        stream: Where lines go; the standard error stream if not given.
    """

    def __init__(self, form="json", stream=None):
        self._is_json, self._stream, self._lock = form == "json", stream, threading.Lock()

    def write(self, event, **fields):
        """Write an event with its fields; those that are None are left out."""
        fields = {key: value for key, value in fields.items() if value is not None}
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{now % 1 * 1000:03.0f}Z"
        if self._is_json:
            line = json.dumps({"time": stamp, "event": event, **fields}, default=str)
        else:
            pairs = " ".join(f"{key}={value}" for key, value in fields.items())
            line = f"{stamp} {event} {pairs}".rstrip()
        line = "".join(each if each.isprintable() else " " for each in line)
        with self._lock:
            print(line, file=self._stream or sys.stderr, flush=True)
