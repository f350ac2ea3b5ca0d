"""The example library, compiled once with our header, and with that of MXNet 1.9.1 where it is."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import mxnet as mx

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "tests" / "data" / "library" / "example.cc"
# The folder of an installed MXNet 1.9.1, with include/mxnet/lib_api.h and src/lib_api.cc.
OTHER = os.environ.get("MXNET_1_9_1_FOLDER")


def compile_library(target, *arguments):
    compiler = os.environ.get("CXX") or shutil.which("g++") or shutil.which("c++")
    if compiler is None:
        pytest.skip("there is no compiler of C++")
    subprocess.run(
        [compiler, "-std=c++17", "-shared", "-fPIC", *map(str, arguments), "-o", str(target)],
        check=True,
        timeout=300,
    )
    return str(target)


@pytest.fixture(scope="session")
def library_path(tmp_path_factory):
    """Path of the library, not loaded yet."""
    folder = tmp_path_factory.mktemp("library")
    if OTHER:
        include = Path(OTHER) / "include"
        return compile_library(
            folder / "libtheirs.so",
            SOURCE,
            Path(OTHER) / "src" / "lib_api.cc",
            f"-I{include}",
            f"-I{include / 'mxnet'}",
        )
    include = Path(mx.libinfo.find_include_path())
    return compile_library(
        folder / "libours.so", "-Wall", "-Wextra", "-Werror", f"-I{include / 'mxnet'}", SOURCE
    )


@pytest.fixture(scope="session")
def library(library_path):
    """The library, loaded."""
    mx.library.load(library_path, verbose=False)
    return library_path
