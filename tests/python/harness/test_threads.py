"""The large cases of all operators hold in one thread and in two."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[3]


@pytest.mark.parametrize("threads", ["1", "2"])
def test_large_cases_hold(threads):
    if os.environ.get("OMP_NUM_THREADS") == threads:
        pytest.skip("so many threads run the tables themselves")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/ops"]
    done = subprocess.run(
        [*command, "-k", "test_large"],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": threads},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
