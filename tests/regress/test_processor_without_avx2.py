"""On a processor without AVX2 the first operator ended the process with SIGILL.

Now the kernels are chosen that were compiled for it; where there are none, the import says in one
line what the processor lacks. QEMU plays the processors; it knows the instructions of x86-64-v3.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mxnet as mx
from mxnet import _core

QEMU = shutil.which("qemu-x86_64") or shutil.which("qemu-x86_64-static")
pytestmark = [
    pytest.mark.skipif(QEMU is None, reason="qemu-x86_64 (Debian's qemu-user) is not installed"),
    pytest.mark.skipif(mx._cpu.baseline != "x86-64-v2", reason="made for another processor"),
]
PROGRAM = """
import mxnet as mx
from mxnet import _core
x = mx.nd.ones((1, 3, 8, 8))
y = mx.nd.Convolution(x, mx.nd.ones((4, 3, 3, 3)), no_bias=True, kernel=(3, 3), num_filter=4)
print(_core.cpu_level(), mx.nd.softmax(mx.nd.ones((3, 4)))[0, 0].asscalar(), y.sum().asscalar())
"""


def run_on(processor):
    """The program on a processor."""
    path = Path(mx.__file__).parents[1]
    return subprocess.run(
        [QEMU, "-cpu", processor, os.path.realpath(sys.executable), "-c", PROGRAM],
        env={
            "PYTHONPATH": os.pathsep.join([str(path), *filter(None, sys.path)]),
            "PATH": os.environ["PATH"],
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_CORETYPE": "Nehalem",  # NumPy's, which takes QEMU for something newer
        },
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("processor", "level"),
    [("Nehalem", "x86-64-v2"), ("IvyBridge", "x86-64-v2"), ("Haswell", "x86-64-v3")],
)
def test_kernels_are_those_of_the_processor(processor, level):
    done = run_on(processor)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [level, "0.25", "3888.0"]


def test_import_names_what_is_missing():
    done = run_on("core2duo")
    assert done.returncode == 1, done.stderr
    assert done.stderr.splitlines()[-1] == (
        "ImportError: import mxnet: this processor lacks sse4.1, sse4.2, popcnt; one of the level "
        "x86-64-v2 or above is expected"
    )


def test_level_can_be_lowered():
    def level(limit):
        program = "import mxnet as mx; from mxnet import _core; print(_core.cpu_level())"
        return subprocess.run(
            [sys.executable, "-c", program + "; print(mx.nd.ones(3).sum().asscalar())"],
            env={**os.environ, "REMX_CPU_LEVEL": limit},
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert level("x86-64-v2").stdout.split() == ["x86-64-v2", "3.0"]
    assert level("").stdout.split() == [_core.cpu_level(), "3.0"]
    assert "REMX_CPU_LEVEL=v3 is unknown; expected one of x86-64-v2" in level("v3").stderr
