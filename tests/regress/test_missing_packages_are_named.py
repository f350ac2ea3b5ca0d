"""`pip install .` without the packages of `make setup` named them one by one, as errors of CMake.

Now the first configuration names all that is missing, and the one command that installs it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = (
    "/usr/include;/usr/include/x86_64-linux-gnu;/usr/bin;/bin;/usr/local/bin;/usr/local/include"
)


@pytest.fixture
def configure(tmp_path):
    """Configures the build where nothing of the system is found but what is asked for."""
    for program in ("cmake", "ninja"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    (tmp_path / "bin").mkdir()

    def run(*options):
        environment = {k: v for k, v in os.environ.items() if k not in ("CXX", "CMAKE_PREFIX_PATH")}
        command = [shutil.which("cmake"), "-S", ROOT, "-B", tmp_path / "build", "-G", "Ninja"]
        command += [f"-DCMAKE_MAKE_PROGRAM={shutil.which('ninja')}", *options]
        command += [f"-DPython_EXECUTABLE={sys.executable}", f"-DCMAKE_IGNORE_PATH={SYSTEM}"]
        return subprocess.run(
            command,
            env={**environment, "PATH": str(tmp_path / "bin")},
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run


def test_one_message_names_all_packages(configure):
    done = configure("-DMX_BUILD_TESTS=OFF")
    assert done.returncode == 1
    assert done.stderr.count("CMake Error") == 1
    words = " ".join(done.stderr.split())
    names = (
        "a C++20 compiler (GCC 12 or later), libjpeg-turbo, libpng, nlohmann/json, Boost, Highway"
    )
    assert f"remx: building needs what is missing here: {names}" in words
    assert (
        "apt-get install g++ libjpeg-dev libpng-dev nlohmann-json3-dev libboost-dev libhwy-dev"
        in words
    )
    assert "libgtest-dev" not in words


def test_what_is_there_is_not_named(configure, tmp_path):
    done = configure(f"-DMX_JPEG_HEADER={tmp_path}", "-DCMAKE_CXX_COMPILER=g++")
    words = " ".join(done.stderr.split())
    assert "missing here: libpng, nlohmann/json, Boost, Highway, GoogleTest On Debian" in words
    assert (
        "libpng-dev nlohmann-json3-dev libboost-dev libhwy-dev libgtest-dev libgmock-dev" in words
    )
