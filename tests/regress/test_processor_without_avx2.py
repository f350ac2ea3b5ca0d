"""On a processor without AVX2 the first operator ended the process with SIGILL.

Now the import says in one line what the processor lacks. QEMU plays the processors; it knows the
instructions of x86-64-v3, so that the same library runs where the processor has them.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mxnet as mx

QEMU = shutil.which("qemu-x86_64") or shutil.which("qemu-x86_64-static")
pytestmark = [
    pytest.mark.skipif(QEMU is None, reason="qemu-x86_64 (Debian's qemu-user) is not installed"),
    pytest.mark.skipif(mx._cpu.baseline != "x86-64-v3", reason="made for another processor"),
]
PROGRAM = "import mxnet as mx; print((mx.nd.ones((3, 5)) * 2).sum().asnumpy())"


def run_on(processor):
    """The program on a processor; NumPy, whose code fits any, is not to choose AVX2 either."""
    path = Path(mx.__file__).parents[1]
    return subprocess.run(
        [QEMU, "-cpu", processor, os.path.realpath(sys.executable), "-c", PROGRAM],
        env={
            "PYTHONPATH": os.pathsep.join([str(path), *filter(None, sys.path)]),
            "PATH": os.environ["PATH"],
            "OMP_NUM_THREADS": "1",
        },
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("processor", "lacks"),
    [
        ("Nehalem", "avx, avx2, bmi, bmi2, f16c, fma, lzcnt, movbe"),
        ("IvyBridge", "avx2, bmi, bmi2, fma, lzcnt, movbe"),
    ],
)
def test_import_names_what_is_missing(processor, lacks):
    done = run_on(processor)
    assert done.returncode == 1, done.stderr
    assert done.stderr.splitlines()[-1] == (
        f"ImportError: import mxnet: this processor lacks {lacks}; one of the level x86-64-v3 is "
        "expected (Intel since Haswell, 2013, AMD since Excavator, 2015)"
    )


def test_processor_with_avx2_computes():
    done = run_on("Haswell")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["[30.]"]
