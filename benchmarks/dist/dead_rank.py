"""Seconds from the death of a rank, or its standstill, to the end of the job: dead_rank.py [RANKS].

Starts small jobs with `remx launch` and ends or stops rank 1 by a signal. REMX_RANK_TIMEOUT counts.
"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = """
import os, pathlib, sys, time
import mxnet as mx
store = mx.kv.create("dist_sync")
out = mx.nd.zeros((4,))
store.init("weight", out)
for step in range(100_000):
    store.push("weight", mx.nd.ones((4,)))
    store.pull("weight", out=out)
    out.wait_to_read()
    if step == 20:
        pathlib.Path(sys.argv[1], str(store.rank)).write_text(str(os.getpid()))
    time.sleep(0.02)
"""


def measure(ranks, number):
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder, "program.py")
        program.write_text(PROGRAM)
        job = subprocess.Popen(
            [sys.executable, "-m", "mxnet.cli", "launch", "-n", str(ranks), "--no-progress"]
            + [sys.executable, str(program), folder],
            stderr=subprocess.PIPE,
            text=True,
        )
        victim = pathlib.Path(folder, "1")
        while not victim.exists() or not victim.read_text():
            time.sleep(0.05)
        begin = time.monotonic()
        os.kill(int(victim.read_text()), number)
        _, said = job.communicate()
        seconds = time.monotonic() - begin
    print(f"{number.name}: {seconds:.1f} s; {said.splitlines()[-1]}")


if __name__ == "__main__":
    for number in (signal.SIGKILL, signal.SIGSTOP):
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3, number)
