"""Where the line about a job stands among the lines of its program."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

PROGRAM = """
import sys, time
from mxnet.cli import job_output
job_output._SECONDS_BETWEEN_REDRAWS = job_output._SECONDS_BETWEEN_LINES = 0
output = job_output.JobOutput()
for piece in sys.argv[1:]:
    if piece.startswith("show "):
        output.show(piece[5:])
    else:
        output.pass_on(int(piece[0]), piece[2:].replace("|", "\\n").encode())
output.clear()
"""
STEPS = ["show one", "1 half", "show two", "1  and whole|", "show three", "2 error|", "show four"]
CLEAR = "\r\x1b[K"


def run(*steps, **streams):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *steps], timeout=60, check=True, **streams
    )


def in_terminal(*steps, stdout=None):
    """What a terminal gets."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    run(*steps, stdin=theirs, stdout=stdout or theirs, stderr=theirs)
    os.close(theirs)
    text = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            piece = b""
        if not piece:
            break
        text += piece
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


def test_a_terminal_has_one_line_below_the_output():
    expected = f"one{CLEAR}half and whole\nthree{CLEAR}error\nfour{CLEAR}"
    assert in_terminal(*STEPS) == expected


def test_output_that_goes_elsewhere_does_not_count(tmp_path):
    with open(tmp_path / "out", "w+") as file:
        text = in_terminal(*STEPS, stdout=file)
        file.seek(0)
        assert file.read() == "half and whole\n"
    assert text == f"one{CLEAR}two{CLEAR}three{CLEAR}error\nfour{CLEAR}"


def test_no_terminal_gets_plain_lines_between_lines():
    result = run(*STEPS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert result.stdout == "one\nhalf and whole\nthree\nerror\nfour\n"


def test_a_long_line_is_cut_to_the_terminal():
    text = in_terminal("show " + "x" * 300)
    assert text.count("x") == 79
