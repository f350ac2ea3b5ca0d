"""Runs programs as several ranks of a job."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import mxnet as mx

PLUGIN = Path(mx.__file__).parent / "libmxnet_mpi.so"


def need_mpi():
    """Skip the test where ranks cannot be started."""
    if shutil.which("mpirun") is None:
        pytest.skip("mpirun is not installed")
    if not PLUGIN.exists():
        pytest.skip("libmxnet_mpi.so was not built: MPI was missing")


def environment(**more):
    """The environment of ranks that share few cores, as root or not."""
    return {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "passive",
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        **more,
    }


def wait_until_gone(pids, seconds=5.0):
    """The processes that are still there after some seconds; dead ones that wait are gone."""
    end = time.monotonic() + seconds
    while True:
        left = [pid for pid in pids if _is_there(pid)]
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.1)


def _is_there(pid):
    try:
        state = Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def run_ranks(count, program, *arguments, timeout=60, **variables):
    """Run a Python file as `count` ranks.

    Args:
        count (int): Number of ranks.
        program (str): The file.
        *arguments: Its arguments.
        timeout (float): Seconds after which the test fails.
        **variables: Environment variables.

    Returns:
        CompletedProcess: What mpirun gave.
    """
    need_mpi()
    command = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(count), sys.executable]
    return subprocess.run(
        [*command, str(program), *map(str, arguments)],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
