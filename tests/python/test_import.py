"""What `import mxnet` costs and offers."""

import subprocess
import sys

import pytest

import mxnet as mx

MEASURE = """
import json, threading, numpy, os, time
def kilobytes():
    return int(open("/proc/self/statm").read().split()[1]) * 4
threads = len(os.listdir("/proc/self/task"))
before = kilobytes(); start = time.process_time()
import sys
import mxnet
seconds = time.process_time() - start
print(json.dumps([seconds, kilobytes() - before, len(os.listdir("/proc/self/task")) - threads,
                  sorted(m for m in sys.modules if m.startswith("mxnet."))]))
"""


@pytest.fixture(scope="module")
def measured():
    import json

    result = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True
    )
    return json.loads(result.stdout)


def test_it_is_quick_and_small_beyond_numpy(measured):
    seconds, kilobytes, _, _ = measured
    assert seconds < 0.2
    assert kilobytes < 45 * 1024


def test_it_starts_no_thread(measured):
    assert measured[2] == 0


def test_heavy_modules_wait_until_they_are_used(measured):
    modules = measured[3]
    for name in ("image", "module", "io", "metric", "optimizer", "visualization", "model"):
        assert f"mxnet.{name}" not in modules


@pytest.mark.parametrize(
    "name",
    """nd ndarray sym symbol mod module init initializer io metric kv kvstore viz visualization
    optimizer lr_scheduler callback random context autograd executor engine runtime util model
    monitor mon name attribute base error test_utils registry""".split(),
)
def test_submodules(name):
    assert getattr(mx, name).__name__.startswith("mxnet.")


@pytest.mark.parametrize(
    "name", "cpu gpu cpu_pinned current_context Context AttrScope MXNetError waitall".split()
)
def test_names(name):
    assert callable(getattr(mx, name))


def test_unknown_names():
    with pytest.raises(AttributeError, match="no_such_thing"):
        mx.no_such_thing  # noqa: B018
    assert mx.__version__ == "1.9.1"


def test_usual_imports():
    import mxnet.ndarray as nd
    from mxnet import autograd
    from mxnet import nd as other
    from mxnet.ndarray import NDArray
    from mxnet.symbol import Symbol

    assert nd is other is mx.nd and autograd is mx.autograd
    assert NDArray is mx.nd.NDArray is mx.ndarray.ndarray.NDArray
    assert Symbol is mx.sym.Symbol and Symbol.__module__ == "mxnet.symbol.symbol"
