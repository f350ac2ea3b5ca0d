"""Programs that read records from an endless store, which can be slow."""

import os
import subprocess
import sys
import textwrap

# Objects of a terabyte, made where they are read, of records of 1 MB. WAIT is how many seconds a
# request takes; those that begin in CLOSED come back when OPENED is set.
_STORE = """
    import os, signal, struct, threading, time, warnings
    import fsspec, numpy as np
    import mxnet as mx

    RECORD, COUNT, WAIT = 1 << 20, 1 << 20, 0
    CLOSED, OPENED = range(0), threading.Event()
    PICTURE = b"P6 590 592 255\\n" + bytes(590 * 592 * 3)
    LENGTH = RECORD - 8
    BODY = mx.recordio.pack(mx.recordio.IRHeader(0, 1, 2, 0), PICTURE)
    ONE = struct.pack("<II", 0xCED7230A, LENGTH) + BODY + bytes(LENGTH - len(BODY))
    asked = []

    class Huge(fsspec.AbstractFileSystem):
        protocol = "huge"
        def info(self, path, **options):
            return {"name": path, "type": "file", "size": RECORD * COUNT}
        def cat_file(self, path, start=None, end=None, **options):
            asked.append((start, end))
            if start in CLOSED:
                OPENED.wait()
            time.sleep(WAIT)
            first, last = start // RECORD, -(-end // RECORD)
            return (ONE * (last - first))[start - first * RECORD : end - first * RECORD]

    fsspec.register_implementation("huge", Huge)

    def source(kind=mx.io.ImageRecordIter, **options):
        return kind(path_imgrec="huge://b/a.rec", data_shape=(3, 590, 592), batch_size=4,
                    **{"prefetch_buffer": 1, **options})

    def interrupt_soon():
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
"""


def finished(program):
    """What became of a program that has this store."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_STORE) + textwrap.dedent(program)],
        check=False,
        timeout=120,
        env=os.environ,
        capture_output=True,
        text=True,
    )


def run(program):
    """What it prints, when it ends in order and without a word of trouble."""
    done = finished(program)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
