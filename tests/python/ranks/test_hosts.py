"""Jobs on several machines, which are network namespaces here."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))

from hosts import ADDRESSES, two_hosts  # noqa: E402
from running import environment, need_mpi, wait_until_gone  # noqa: E402

FAILING = HERE / "programs" / "failing.py"
SHOW = """
import os, pathlib, sys, time
import mxnet as mx
store = mx.kv.create("dist_sync")
out = mx.nd.zeros((4,))
store.init("weight", out)
for _ in range(100):
    store.push("weight", mx.nd.ones((4,)))
    store.pull("weight", out=out)
    out.wait_to_read()
time.sleep(1.5)
text = f"rank {store.rank} on {os.uname().nodename} sees {out.asnumpy()[0]}"
pathlib.Path(sys.argv[1], f"{store.rank}.txt").write_text(text)
"""


@pytest.fixture
def hosts(tmp_path):
    need_mpi()
    with two_hosts(tmp_path) as found:
        yield found


def launch(hosts, *words, **variables):
    command = [sys.executable, "-m", "mxnet.cli", "launch", "-n", 4]
    where = ",".join(f"{address}:2" for address in ADDRESSES)
    return subprocess.Popen(
        hosts.command([*command, "-H", where, *words]),
        env=environment(**hosts.variables(), **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process, seconds):
    try:
        return process.communicate(timeout=seconds)
    finally:
        if process.poll() is None:
            process.kill()


def test_ranks_on_two_machines(hosts, tmp_path):
    program = tmp_path / "show.py"
    program.write_text(SHOW)
    process = launch(hosts, sys.executable, program, tmp_path)
    _, err = finish(process, 60)
    assert process.returncode == 0, err
    lines = [path.read_text() for path in sorted(tmp_path.glob("*.txt"))]
    names = ["remx-a", "remx-a", "remx-b", "remx-b"]
    assert lines == [f"rank {rank} on {name} sees 4.0" for rank, name in enumerate(names)]


@pytest.mark.parametrize("how", ["cable", "kill"])
def test_a_machine_or_rank_that_goes_ends_the_job(hosts, how, tmp_path):
    process = launch(hosts, sys.executable, FAILING, "never", tmp_path, REMX_RANK_TIMEOUT="8")
    pids = {}
    end = time.monotonic() + 40
    while len(pids) < 4 and time.monotonic() < end:
        found = {path.stem: path.read_text() for path in tmp_path.glob("*.pid")}
        pids = {int(rank): int(pid) for rank, pid in found.items() if pid}
        time.sleep(0.1)
    try:
        assert len(pids) == 4
        time.sleep(2)
        begin = time.monotonic()
        if how == "cable":
            hosts.cut()
        else:
            os.kill(pids[3], signal.SIGKILL)
        _, err = finish(process, 30)
        assert not wait_until_gone(pids.values(), 8.0 - (time.monotonic() - begin) + 1.0)
    finally:
        for pid in pids.values():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
    assert process.returncode != 0
    last = err.splitlines()[-1]
    assert last.startswith("remx: error: launch: the job of 4 ranks ended"), err
    if how == "kill":
        assert "rank=3 (host remx-b, step " in last and "last push 'weight') was killed" in last
    else:
        assert "(host remx-b, step " in last and "has been silent" in last
