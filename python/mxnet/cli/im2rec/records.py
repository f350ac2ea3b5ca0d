"""Record files with the pictures of a list."""

import collections
import contextlib
import itertools
import os
from concurrent.futures import ThreadPoolExecutor

from ... import error, recordio
from ..._opencv import opencv
from ..output import Progress
from .lists import read_list
from .replacing import replacing

_WAITING = 4  # pictures for each thread that are under way or wait for their turn


class Skipped(Exception):
    """A line that cannot be packed; the text says why."""


def center_square(pixels):
    """The square in the middle of a picture, as long as its shorter side."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]


def _is_utf8(path):
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


class Packer:
    """Makes records of the lines of a list.

    Thread safety: calls may come from several threads at once.

    Args:
        options: The command line, see `im2rec.add_arguments`.

    Raises:
        MXNetError: Pictures are to be encoded and cv2 is not installed.
    """

    def __init__(self, options):
        self._options = options
        self._cv2 = None
        if not options.pass_through:
            self._cv2 = opencv("im2rec without --pass-through", "reads and writes pictures")

    def _header(self, line):
        labels = line.labels
        packed = labels if self._options.pack_label and len(labels) > 1 else labels[0]
        return recordio.IRHeader(0, packed, line.number, 0)

    def _resized(self, pixels):
        height, width = pixels.shape[:2]
        side = self._options.resize
        if height > width:
            size = (side, height * side // width)
        else:
            size = (width * side // height, side)
        return self._cv2.resize(pixels, size)

    def _encoded(self, line, path):
        if not _is_utf8(path):  # with which cv2 ends the process
            raise error.ValueError("cv2 takes names in UTF-8 alone; --pass-through takes any")
        # Not imdecode, which leaves what a shortened file lacks to chance.
        pixels = self._cv2.imread(path, self._options.color)
        if pixels is None:
            raise error.ValueError("it is no picture that cv2 can read")
        if self._options.center_crop:
            pixels = center_square(pixels)
        if self._options.resize:
            pixels = self._resized(pixels)
        quality, encoding = self._options.quality, self._options.encoding
        return recordio.pack_img(self._header(line), pixels, quality, encoding)

    def pack(self, line):
        """The record of a line.

        Args:
            line (Line, str): The line, or what is wrong with it.

        Returns:
            tuple: Number (int) and record (bytes).

        Raises:
            Skipped: It cannot be packed.
        """
        if isinstance(line, str):
            raise Skipped(line)
        path = os.path.join(self._options.root, line.path)
        try:
            with open(path, "rb") as file:
                data = file.read() if self._options.pass_through else file.read(1)
            if not data:
                raise error.ValueError("the file is empty")
            if self._options.pass_through:
                return line.number, recordio.pack(self._header(line), data)
            return line.number, self._encoded(line, path)
        except (OSError, ValueError, OverflowError, MemoryError, *self._opencv_errors()) as cause:
            reason = getattr(cause, "strerror", None) or cause
            raise Skipped(f"{path} is skipped: {reason}") from cause

    def _opencv_errors(self):
        return () if self._cv2 is None else (self._cv2.error,)


def _in_order(function, items, threads):
    """Futures of a function of items, in the order of the items; few are under way at once."""
    items, waiting = iter(items), collections.deque()
    pool = ThreadPoolExecutor(threads)
    try:
        while True:
            for item in itertools.islice(items, threads * _WAITING - len(waiting)):
                waiting.append(pool.submit(function, item))
            if not waiting:
                return
            yield waiting.popleft()
    finally:
        for future in waiting:
            future.cancel()
        pool.shutdown()


def _write(record, packed, progress):
    """Write records that come as futures.

    Returns:
        tuple: How many were written, and why others were not (list of str).
    """
    written, skipped = 0, []
    for future in packed:
        try:
            record.write_idx(*future.result())
            written += 1
        except (Skipped, error.ValueError) as cause:  # the latter of a record that is too long
            skipped.append(str(cause))
        progress.step()
    return written, skipped


def write_records(path, options):
    """Pack the pictures of a list into files of records and of their places, beside the list.

    Both files are there when all is written; before, and after an error, those of before stay.

    Args:
        path (str): The list.
        options: The command line, see `im2rec.add_arguments`.

    Returns:
        dict: ``list``, ``file``, ``index``, ``records`` (int) and ``skipped`` (list of str, why).

    Raises:
        OSError: The list cannot be read or a file cannot be written.
        ValueError: There are lines and none can be packed.
        MXNetError: cv2 is needed and not installed.
    """
    packer = Packer(options)
    base = os.path.splitext(path)[0]
    files = f"{base}.rec", f"{base}.idx"
    total = sum(1 for _ in read_list(path))
    with replacing(*files) as (records, index):
        packed = _in_order(packer.pack, read_list(path), max(1, options.num_thread))
        record = recordio.MXIndexedRecordIO(index, records, "w")
        with contextlib.closing(record), contextlib.closing(packed):
            with Progress("packing", total) as progress:
                written, skipped = _write(record, packed, progress)
        if skipped and not written:
            raise error.ValueError(
                f"im2rec: list={path!r} has no line that can be packed, first of all: {skipped[0]}"
            )
    return {
        "list": path,
        "file": files[0],
        "index": files[1],
        "records": written,
        "skipped": skipped,
    }
