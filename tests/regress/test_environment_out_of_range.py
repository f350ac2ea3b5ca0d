"""MXNET_CPU_WORKER_NTHREADS=0 was taken for 1, and a negative size of the pool for a huge one."""

import os
import subprocess
import sys

import pytest

PROGRAM = "import mxnet as mx; print((mx.nd.ones((2, 2)) + 1).asnumpy().sum())"


def run(**variables):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    "name, value",
    [
        ("MXNET_CPU_WORKER_NTHREADS", "0"),
        ("MXNET_CPU_WORKER_NTHREADS", "-1"),
        ("MXNET_CPU_WORKER_NTHREADS", "1000000"),
        ("REMX_CPU_MEM_POOL_LIMIT_MB", "-1"),
        ("REMX_QUEUE_LIMIT_MB", "0"),
        ("REMX_QUEUE_LIMIT_MB", str(1 << 62)),
    ],
)
def test_the_variable_is_named(name, value):
    done = run(**{name: value})
    assert done.returncode == 1
    assert f"environment: {name}={value} is out of range; expected " in done.stderr


def test_numbers_in_range_work():
    done = run(MXNET_CPU_WORKER_NTHREADS="2", REMX_CPU_MEM_POOL_LIMIT_MB="0")
    assert done.stdout == "8.0\n" and done.returncode == 0
