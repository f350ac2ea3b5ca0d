"""Checkpoints of jobs: a job that was killed goes on as if it had not been."""

import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))

from running import environment, need_mpi, run_ranks  # noqa: E402

PROGRAM = HERE / "programs" / "going_on.py"


def checkpoints(folder):
    return sorted(name for name in os.listdir(folder) if not name.startswith("."))


@pytest.mark.parametrize("how", ["trainer", "module"])
def test_going_on_is_as_if_there_had_been_no_break(how, tmp_path):
    whole, again = tmp_path / "whole", tmp_path / "again"
    for folder in (whole, again):
        result = run_ranks(2, PROGRAM, how, folder, f"{folder}.npz")
        assert result.returncode == 0, result.stderr
        assert checkpoints(folder) == [f"checkpoint-0000000{n}" for n in (2, 3, 4)]
        if folder == whole:
            shutil.copytree(whole / "checkpoint-00000002", again / "checkpoint-00000002")
            (again / ".3.writing").mkdir()  # what a death in the middle of writing leaves
    one, other = np.load(f"{whole}.npz"), np.load(f"{again}.npz")
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


def test_restarts_go_on_with_the_ranks_that_are_left(tmp_path):
    need_mpi()
    command = [sys.executable, "-m", "mxnet.cli", "launch", "-n", "2", "--restarts", "1"]
    command += [sys.executable, str(PROGRAM), "module:kill", str(tmp_path / "run")]
    result = subprocess.run(
        [*command, str(tmp_path / "end.npz")],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "it goes on with 1, 0 restarts are left" in result.stderr
    assert (tmp_path / "end.npz").exists()
    assert "checkpoint-00000004" in checkpoints(tmp_path / "run")
