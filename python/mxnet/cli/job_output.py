"""What a job prints, with a line about the job that never stands inside a line of the program."""

import os
import sys
import time

__all__ = ["JobOutput"]

_SECONDS_BETWEEN_LINES = 10.0
_SECONDS_BETWEEN_REDRAWS = 0.5
_STDOUT, _STDERR = 1, 2


class JobOutput:
    """Passes bytes on to the standard streams and shows a line about the job on standard error.

    A terminal gets one line below the program's output that is written again and again; anything
    else gets a plain line every ten seconds. Neither stands inside a line of the program: it waits
    until that has ended.

    Args:
        shows (bool): Whether there is a line at all.
    """

    def __init__(self, shows=True):
        self._shows = shows
        self._is_terminal = os.isatty(_STDERR)
        self._mixed = {_STDERR} | ({_STDOUT} if _is_same_place() else set())
        self._inside_line = dict.fromkeys((_STDOUT, _STDERR), False)
        self._shown = ""
        self._last = 0.0 if self._is_terminal else time.monotonic()
        sys.stdout.flush()
        sys.stderr.flush()

    def pass_on(self, stream, content):
        """Write bytes of the program to a stream, 1 or 2."""
        if stream in self._mixed:
            self.clear()
        _write(stream, content)
        self._inside_line[stream] = not content.endswith(b"\n")

    def show(self, line):
        """Show how the job is, if it is time and no line of the program is unfinished."""
        now = time.monotonic()
        pause = _SECONDS_BETWEEN_REDRAWS if self._is_terminal else _SECONDS_BETWEEN_LINES
        inside = any(self._inside_line[stream] for stream in self._mixed)
        if not self._shows or not line or inside:
            return
        if not self._is_terminal:
            if now - self._last >= pause:
                self._last = now
                _write(_STDERR, f"{line}\n".encode())
            return
        line = line[: os.get_terminal_size(_STDERR).columns - 1]
        # After output of the program the line is there again at once.
        if now - self._last >= pause or not self._shown:
            self.clear()
            self._last, self._shown = now, line
            _write(_STDERR, line.encode())

    def clear(self):
        """Take the line away from a terminal."""
        if self._shown:
            _write(_STDERR, b"\r\x1b[K")
            self._shown = ""


def _is_same_place():
    """Whether the standard output and the standard error stream end in the same place."""
    if os.isatty(_STDOUT) and os.isatty(_STDERR):
        return True
    try:
        return os.path.sameopenfile(_STDOUT, _STDERR)
    except OSError:
        return False


def _write(stream, content):
    view = memoryview(content)
    while view:
        view = view[os.write(stream, view) :]
