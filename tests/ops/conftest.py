"""Makes the harness importable for the tables of operator cases, and chooses the device.

With REMX_TEST_DEVICE=gpu the tables run on the first GPU; operators without a kernel there skip.
"""

import os
import pathlib
import sys

import pytest

import mxnet as mx

sys.path.insert(0, str(pathlib.Path(__file__).parent))

_DEVICE = os.environ.get("REMX_TEST_DEVICE", "cpu")


@pytest.fixture(autouse=True)
def device():
    """Arrays are made on the device under test."""
    with mx.Context(_DEVICE):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """A kernel that a GPU lacks is no failure; tools/gpu_check.sh lists what was skipped."""
    try:
        return (yield)
    except Exception as error:
        if _DEVICE == "cpu" or "no kernel on gpu" not in str(error):
            raise
        pytest.skip(str(error).splitlines()[0])
