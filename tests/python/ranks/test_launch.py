"""`remx launch` and `tools/launch.py`: how they start jobs, end them and start them anew."""

import fcntl
import os
import pathlib
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))

from running import environment, need_mpi, wait_until_gone  # noqa: E402

import mxnet as mx  # noqa: E402

ROOT = HERE.parents[2]
FAILING = HERE / "programs" / "failing.py"
REMX = [sys.executable, "-m", "mxnet.cli", "launch"]
SHOW = """
import os
import mxnet as mx
store = mx.kv.create("dist_sync")
print("I am", store.rank, "of", store.num_workers, os.environ["REMX_RESTARTS"], os.environ.get("A"))
if os.environ["REMX_RESTARTS"] == "0" and {fails}:
    raise ValueError
"""


def run(command, **variables):
    return subprocess.run(
        [str(each) for each in command],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def show(tmp_path, fails=False):
    program = tmp_path / "show.py"
    program.write_text(SHOW.format(fails=fails))
    return program


def test_ranks_and_exit_code(tmp_path):
    need_mpi()
    result = run([*REMX, "-n", 2, "--tag", show(tmp_path)])
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("I am") == 2 and "of 2 0 None" in result.stdout


def test_a_job_goes_on_with_one_rank_less(tmp_path):
    need_mpi()
    result = run([*REMX, "-n", 2, "--restarts", 1, "--", sys.executable, show(tmp_path, True)])
    assert result.returncode == 0, result.stderr
    assert "I am 0 of 1 1 None" in result.stdout
    assert "launch: the job of 2 ranks ended with exit code 1" in result.stderr


def test_a_killed_rank_ends_the_job(tmp_path):
    need_mpi()
    result = run([*REMX, "-n", 2, sys.executable, FAILING, "kill", tmp_path])
    assert result.returncode == 128 + signal.SIGKILL
    last = result.stderr.splitlines()[-1]
    assert last.startswith("remx: error: launch: the job of 2 ranks ended by SIGKILL after ")
    assert ": rank=1 (host " in last and "last push 'weight') was killed" in last


def test_a_rank_that_leaves_without_a_word_is_named(tmp_path):
    need_mpi()
    result = run([*REMX, "-n", 2, sys.executable, FAILING, "exit", tmp_path])
    assert result.returncode == 5
    last = result.stderr.splitlines()[-1]
    assert last.startswith("remx: error: launch: the job of 2 ranks ended with exit code 5 after ")
    assert ": rank=1 (host " in last and "last push 'weight') was the first to end" in last


@pytest.mark.parametrize("how", ["module", "trainer"])
def test_a_terminal_shows_the_whole_job(how, tmp_path):
    need_mpi()
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, 160, 0, 0))
    process = subprocess.Popen(
        [*REMX, "-n", "2", sys.executable, str(HERE / "programs" / "looping.py"), how],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        shown += piece
    os.close(ours)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, shown
    assert sorted(out.split(b"\n")) == [b"", b"done 0", b"done 1"]
    lines = [line for line in shown.decode().split("\r\x1b[K") if line]
    assert any(line.startswith("remx: 2/2 ranks alive, step ") for line in lines), lines
    rates = r", step \d+, [\d.]+ steps/s, ([\d.]+) samples/s, slowest rank=1 \(\S+, waited for "
    found = [re.search(rates, line) for line in lines]
    # At most 20 steps of 16 samples; both ranks' count.
    assert any(match and 20 < float(match[1]) < 330 for match in found), lines


def test_ctrl_c_ends_all_ranks(tmp_path):
    need_mpi()
    process = subprocess.Popen(
        [*REMX, "-n", "2", sys.executable, str(FAILING), "never", str(tmp_path)],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(200):
            pids = [path.read_text() for path in tmp_path.glob("*.pid")]
            if len(pids) == 2 and all(pids):
                break
            time.sleep(0.1)
        # A terminal interrupts the whole foreground group.
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(20) == 130
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert not wait_until_gone(pids)


STUCK = """#!{python}
import os, signal, socket, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "60"])
with open("{pids}", "w") as file:
    print(os.getpid(), child.pid, file=file)
secret, port, *_ = os.environ["REMX_MONITOR"].split()
why = "kvstore: rank=1 (host b, step 3, last push 'w') has been silent for 8 s"
report = [secret, 0, 2, "failed", 3, 0, -1, 0, "a", "push 'w'", why]
report = "\\t".join(map(str, report)).encode()
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(report, ("127.0.0.1", int(port)))
time.sleep(60)
"""


def test_an_mpirun_that_waits_for_ever_is_ended(tmp_path):
    """As when a machine is out of reach."""
    stuck = tmp_path / "mpirun"
    stuck.write_text(STUCK.format(python=sys.executable, pids=tmp_path / "pids"))
    stuck.chmod(0o755)
    begin = time.monotonic()
    result = run([*REMX, "-n", 2, "true"], PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert time.monotonic() - begin < 15
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].endswith(
        ": rank=1 (host b, step 3, last push 'w') has been silent for 8 s"
    )
    assert not wait_until_gone((tmp_path / "pids").read_text().split())


def test_the_tool_of_before(tmp_path):
    need_mpi()
    command = [sys.executable, ROOT / "tools/launch.py", "-n", 2, "-s", 2, "--launcher", "local"]
    result = run([*command, "--env", "WORKER:A=7", sys.executable, show(tmp_path)])
    assert result.returncode == 0, result.stderr
    assert "-s 2 starts no servers" in result.stderr
    assert result.stdout.count("of 2 0 7") == 2


def test_mistakes_are_one_line():
    result = run([*REMX, "-n", 2])
    assert result.returncode == 2 and "launch: there is no command" in result.stderr
    result = run([*REMX, "-n", 2, "python"], PATH="/nowhere")
    assert result.returncode == 2
    assert result.stderr == (
        "remx: error: launch: mpirun is not installed; `apt-get install openmpi-bin` brings it\n"
    )
    command = [sys.executable, ROOT / "tools/launch.py", "-n", 2, "--launcher", "yarn", "python"]
    assert "--launcher yarn is not supported" in run(command).stderr


def test_roles_of_parameter_servers():
    for role in ("server", "scheduler"):
        result = run([sys.executable, "-c", "import mxnet; print('on')"], DMLC_ROLE=role)
        assert (result.returncode, result.stdout) == (0, "")
    worker = {"DMLC_ROLE": "worker", "DMLC_PS_ROOT_URI": "10.0.0.1"}
    result = run([sys.executable, "-c", "import mxnet as mx; mx.kv.create('dist_sync')"], **worker)
    assert result.returncode == 1
    assert "remx launch -n 4 python train.py" in result.stderr.splitlines()[-1]


def test_a_rank_without_mpi(tmp_path):
    """The package without the plug-in, as on a machine without MPI."""
    package = pathlib.Path(mx.__file__).parent
    (tmp_path / "mxnet").mkdir()
    for entry in package.iterdir():
        if entry.name != "libmxnet_mpi.so":
            (tmp_path / "mxnet" / entry.name).symlink_to(entry)
    program = "import mxnet as mx; print(mx.kv.create('local').rank); mx.kv.create('dist_sync')"
    result = run(
        [sys.executable, "-c", program], OMPI_COMM_WORLD_SIZE="2", PYTHONPATH=str(tmp_path)
    )
    assert (result.returncode, result.stdout) == (1, "0\n")
    assert result.stderr.splitlines()[-1].startswith(
        "mxnet.error.DeviceError: comm: MPI is not usable ("
    )
    assert result.stderr.endswith("which `apt-get install openmpi-bin` brings\n")
