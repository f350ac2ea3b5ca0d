"""Stores of several ranks: what they compute, and that training is that of one process."""

import pathlib
import subprocess
import sys

import numpy as np
import pytest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))

from running import environment, run_ranks  # noqa: E402

PROGRAMS = HERE / "programs"


def check_content(count, result):
    assert result.returncode == 0, result.stderr
    # The lines of ranks may mix.
    assert result.stdout.count("is content") == count


@pytest.mark.parametrize("count", [2, 3])
def test_values(count):
    check_content(count, run_ranks(count, PROGRAMS / "values.py"))


@pytest.mark.parametrize("count", [2, 3])
def test_compression_rows_states_and_commands(count, tmp_path):
    check_content(count, run_ranks(count, PROGRAMS / "more_values.py", tmp_path / "states"))


def test_ranks_that_do_not_wait():
    check_content(2, run_ranks(2, PROGRAMS / "asynchronous.py"))


def test_a_trainer_begins_with_the_values_of_rank_0():
    check_content(3, run_ranks(3, PROGRAMS / "first_values.py"))


@pytest.mark.parametrize("count, handle", [(2, "pad"), (3, "pad"), (4, "discard")])
def test_uneven_data_keeps_nobody_waiting(count, handle, tmp_path):
    result = run_ranks(count, PROGRAMS / "uneven.py", tmp_path, handle)
    assert result.returncode == 0, result.stderr
    steps = [int(path.read_text()) for path in tmp_path.glob("*.steps")]
    assert len(steps) == count and len(set(steps)) == 1 and steps[0] > 0


def test_a_job_of_one_rank():
    result = subprocess.run(
        [sys.executable, PROGRAMS / "values.py"],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "rank 0 of 1 is content" in result.stdout, result.stderr
    assert "this job has one rank" in result.stderr


@pytest.mark.parametrize(
    "how, optimizer",
    [
        ("module", "sgd"),
        ("trainer_with_store", "adam"),
        ("trainer_without_store", "sgd"),
        ("sparse", "adam"),
    ],
)
def test_training_equals_that_of_one_process(how, optimizer, tmp_path):
    for count in (1, 2, 4):
        result = run_ranks(count, PROGRAMS / "training.py", how, optimizer, tmp_path / "run")
        assert result.returncode == 0, result.stderr
    one = np.load(tmp_path / "run-1-0.npz")
    for count in (2, 4):
        ranks = [np.load(tmp_path / f"run-{count}-{rank}.npz") for rank in range(count)]
        for name in one:
            for other in ranks[1:]:
                np.testing.assert_array_equal(ranks[0][name], other[name])
            error = np.abs(ranks[0][name] - one[name]).max() / np.abs(one[name]).max()
            assert error < 5e-6, name


def test_runs_repeat_bit_for_bit(tmp_path):
    for run in ("first", "second"):
        result = run_ranks(4, PROGRAMS / "training.py", "module", "sgd", tmp_path / run)
        assert result.returncode == 0, result.stderr
    first, second = (np.load(tmp_path / f"{run}-4-0.npz") for run in ("first", "second"))
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])
