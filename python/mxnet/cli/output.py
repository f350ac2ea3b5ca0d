"""What the commands print: tables, bars, progress and JSON."""

import json
import math
import sys
import time

_BLOCKS = " ▏▎▍▌▋▊▉█"
_UNITS = ("bytes", "kB", "MB", "GB")
_SECONDS_BETWEEN_LINES = 5.0


def print_json(document):
    """Print a document for machines; it must hold finite numbers, as JSON knows no others."""
    print(json.dumps(document, indent=2, allow_nan=False))


def print_error(message):
    """Print an error of the user in one line on the standard error stream."""
    print(f"remx: error: {' '.join(str(message).split())}", file=sys.stderr)


def _can_print(text):
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def bar(fraction, width=30):
    """A bar for a number between 0 and 1, of at most `width` characters."""
    eighths = round(min(max(fraction, 0.0), 1.0) * width * 8)
    text = _BLOCKS[8] * (eighths // 8) + _BLOCKS[eighths % 8].strip()
    return text if _can_print(text) else "#" * round(eighths / 8)


def table(header, rows, left=1):
    """Lines of a table.

    Args:
        header (list of str): Titles of the columns.
        rows (list of list of str): The rows.
        left (int): How many of the first columns are flush left; the others are flush right.

    Returns:
        list of str: One line for the header, one for a rule, one for each row.
    """
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]

    def line(row):
        cells = [
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths))
        ]
        return "  ".join(cells).rstrip()

    return [line(header), "  ".join("-" * width for width in widths), *map(line, rows)]


def size_text(count):
    """A number of bytes for people: ``4.9 MB``."""
    if count < 1000:
        return f"{count:.0f} bytes"
    unit = min(int(math.log10(count) // 3), 3)
    return f"{count / 1000**unit:.3g} {_UNITS[unit]}"


def peak_memory():
    """The largest memory that this process has had, in bytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Progress:
    """Shows on the standard error stream how much is done.

    A terminal gets one line that is written again and again and taken away at the end; anything
    else gets a plain line every few seconds, and none when all is done sooner.

    Args:
        title (str): What is being done.
        total (int): How many steps it takes.
    """

    def __init__(self, title, total):
        self._title, self._total, self._done = title, total, 0
        self._is_terminal = sys.stderr.isatty()
        self._last = 0.0 if self._is_terminal else time.monotonic()
        self._length = 0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self._is_terminal and self._length:
            print("\r" + " " * self._length + "\r", end="", file=sys.stderr, flush=True)

    def step(self, count=1, note=""):
        """Say that `count` more steps are done."""
        self._done += count
        now = time.monotonic()
        if now - self._last < (0.1 if self._is_terminal else _SECONDS_BETWEEN_LINES):
            return
        self._last = now
        text = f"{self._title}: {self._done} of {self._total} {note}".rstrip()
        if self._is_terminal:
            print("\r" + text.ljust(self._length), end="", file=sys.stderr, flush=True)
            self._length = len(text)
        else:
            print(text, file=sys.stderr, flush=True)
