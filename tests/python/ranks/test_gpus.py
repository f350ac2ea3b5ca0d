"""Gradients on GPUs by NCCL. Where there is no GPU, stand-ins in host memory take the place of the
GPUs and of NVIDIA's library, so that our own code runs all the same."""

import pathlib
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))

from running import environment, run_ranks  # noqa: E402

import mxnet as mx  # noqa: E402

ROOT = HERE.parents[2]
PACKAGE = pathlib.Path(mx.__file__).parent
PROGRAM = HERE / "programs" / "gpus.py"


def run_alone(command, **variables):
    return subprocess.run(
        [sys.executable, *map(str, command)],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def fakes(tmp_path_factory):
    """Environment variables that put the stand-ins in place."""
    compiler = shutil.which("g++")
    if compiler is None:
        pytest.skip("g++ is not installed")
    if not (PACKAGE / "libmxnet_nccl.so").exists():
        pytest.skip("libmxnet_nccl.so was not built: nccl.h was missing")
    folder = tmp_path_factory.mktemp("fakes")
    for name in ("fake_gpus", "fake_nccl"):
        command = [compiler, "-std=c++20", "-shared", "-fPIC", "-O1", "-I", ROOT / "src"]
        command += [HERE / "fakes" / f"{name}.cc", "-o", folder / f"{name}.so"]
        subprocess.run([*command, "-L", PACKAGE, "-lmxnet"], check=True)
    (folder / "exchange").mkdir()
    return {
        "REMX_CUDA_LIBRARY": str(folder / "fake_gpus.so"),
        "REMX_NCCL_LIBRARY": str(folder / "fake_nccl.so"),
        "FAKE_NCCL_FOLDER": str(folder / "exchange"),
    }


def test_the_gpus_of_one_process(fakes):
    result = run_alone([PROGRAM, "nccl"], **fakes)
    assert result.stdout == "rank 0 of 1 is content\n", result.stderr
    assert list(pathlib.Path(fakes["FAKE_NCCL_FOLDER"]).iterdir()), "NCCL was used"


@pytest.mark.parametrize("name", ["dist_device_sync", "dist_sync_device"])
@pytest.mark.parametrize("count", [2, 3])
def test_the_gpus_of_all_ranks(name, count, fakes):
    exchange = pathlib.Path(fakes["FAKE_NCCL_FOLDER"])
    before = len(list(exchange.iterdir()))
    result = run_ranks(count, PROGRAM, name, **fakes)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("is content") == count
    assert len(list(exchange.iterdir())) > before, "NCCL was used"


def test_real_gpus():
    if mx.context.num_gpus() < 2:
        pytest.skip(f"{mx.context.num_gpus()} GPUs are here; 2 are needed")
    result = run_alone([PROGRAM, "nccl"])
    assert result.stdout == "rank 0 of 1 is content\n", result.stderr


def test_arrays_that_are_on_no_gpu(fakes):
    program = """
import mxnet as mx
store = mx.kv.create("nccl")
store.init("a", mx.nd.ones(2))
store.push("a", [mx.nd.ones(2)])
"""
    result = run_alone(["-c", program], **fakes)
    assert result.stderr.splitlines()[-1].endswith(
        "KVStore.push: key='a' is on cpu(0); expected one array on each GPU for the store nccl"
    )


def test_no_nccl(fakes):
    variables = {**fakes, "REMX_NCCL_LIBRARY": "/nowhere/libnccl.so.2"}
    result = run_alone([PROGRAM, "nccl"], **variables)
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith("mxnet.error.DeviceError: comm: NCCL is not usable (")
    assert "/nowhere/libnccl.so.2" in last and "nvidia-nccl-cu12" in last
