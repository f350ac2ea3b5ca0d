"""Closing a record file after a write that failed raised an error without a name, left the file of
records open when the index failed, and said it once more when the object was deleted."""

import subprocess
import sys

PROGRAM = """
import mxnet as mx, resource, sys
record = mx.recordio.MXIndexedRecordIO("a.idx", "a.rec", "w")
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
key, data = (1, bytes(9000)) if sys.argv[1] == "a.rec" else ("k" * 9000, b"")
record.key_type = str
for call in (lambda: record.write_idx(key, data), record.close):
    try:
        call()
    except mx.error.OSError as cause:
        print(cause)
print(record.is_open, record._file.closed)
record.close()
"""


def run(name, folder):
    outcome = subprocess.run(
        [sys.executable, "-c", PROGRAM, name],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (outcome.returncode, outcome.stderr) == (0, "")
    return outcome.stdout.splitlines()


def test_records(tmp_path):
    write, close, state = run("a.rec", tmp_path)
    for text, call in [(write, "write"), (close, "close")]:
        assert text.startswith(f"MXIndexedRecordIO.{call}: 'a.rec' cannot be written: ")
    assert state == "False True"


def test_index(tmp_path):
    write, close, state = run("a.idx", tmp_path)
    for text, call in [(write, "write"), (close, "close")]:
        assert text.startswith(f"MXIndexedRecordIO.{call}: 'a.idx' cannot be written: ")
    assert state == "False True"
