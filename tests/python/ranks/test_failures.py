"""Ranks that hang, raise or leave: the others name them, and the job ends, with nothing left."""

import pathlib
import sys
import time

import pytest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))

from running import run_ranks, wait_until_gone  # noqa: E402

PROGRAM = HERE / "programs" / "failing.py"


@pytest.mark.parametrize(
    "how, reason",
    [
        ("stop", "has been silent for 3 s; it is dead or hangs"),
        ("raise", "last push 'weight') ended with an error"),
        ("leave", "has ended, but push 'weight' waits for it"),
    ],
)
def test_a_rank_that_goes_is_named(how, reason, tmp_path):
    begin = time.monotonic()
    result = run_ranks(3, PROGRAM, how, tmp_path, timeout=40, REMX_RANK_TIMEOUT="5")
    assert time.monotonic() - begin < 30
    assert result.returncode != 0
    lines = [line for line in result.stderr.splitlines() if line.startswith("remx: rank")]
    assert any("rank=1 (host" in line and reason in line for line in lines), result.stderr
    assert "DeviceError: kvstore: rank=" in result.stderr
    # Rank 0 and rank 2 both say what has happened.
    assert {line.split(":")[1] for line in lines} >= {" rank 0", " rank 2"}
    pids = [int(path.read_text()) for path in tmp_path.glob("*.pid")]
    assert len(pids) == 3
    assert not wait_until_gone(pids)


def test_ranks_that_push_other_shapes(tmp_path):
    result = run_ranks(2, PROGRAM, "shape", tmp_path, timeout=40)
    assert result.returncode != 0
    assert "ValueError: KVStore.push: key='weight' has shape (5,); expected (4,)" in result.stderr
    assert "rank=1 (host" in result.stderr
