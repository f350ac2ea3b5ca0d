"""Loading from /dev/zero or from a pipe that goes on for ever took all memory before it failed."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
import mxnet as mx
mx.nd.ones((1,)).wait_to_read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    getattr(mx, sys.argv[1]).load(sys.argv[2])
except mx.error.ValueError as error:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    print(error)
"""


def load(kind, path):
    """Kilobytes that loading took, and its error."""
    command = [sys.executable, "-c", PROGRAM, kind, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    grown, message = done.stdout.strip().split("\n", 1)
    return int(grown), message


@pytest.mark.parametrize(
    "kind, message", [("nd", "is not that of a .params file"), ("sym", "JSON")]
)
def test_devices(kind, message):
    grown, found = load(kind, "/dev/zero")
    assert grown < 100 << 10 and message in found and "/dev/zero" in found


@pytest.mark.parametrize(
    "kind, message", [("nd", "is not that of a .params file"), ("sym", "JSON")]
)
def test_pipes(tmp_path, kind, message):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["sh", "-c", f"yes > '{pipe}' 2> /dev/null"]):
        grown, found = load(kind, pipe)
    assert grown < 100 << 10 and message in found


def test_large_files_of_zeros(tmp_path):
    path = tmp_path / "x.params"
    with open(path, "wb") as file:
        file.truncate(1 << 30)
    grown, found = load("nd", path)
    assert grown < 100 << 10 and "file type=0 is not that of a .params file" in found
