"""Saving replaces a file in one step, and loaded arrays do not depend on their file any more."""

import os
import resource
import signal
import stat
import subprocess
import sys
import time

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def limited_save(path, data):
    """Saves in a process that may not write files of more than 8 KiB."""
    script = f"""
import resource, signal
import mxnet as mx
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
data = {data}
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
try:
    data.save({str(path)!r}) if isinstance(data, mx.sym.Symbol) else mx.nd.save({str(path)!r}, data)
except mx.error.ValueError as error:
    print(error)
"""
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize(
    "name, data",
    [
        ("x.params", "mx.nd.zeros((100, 100))"),
        ("x-symbol.json", "mx.sym.Group([mx.sym.Variable(f'v{i}') for i in range(1000)])"),
    ],
)
def test_failed_writes_leave_everything_as_it_was(tmp_path, name, data):
    (tmp_path / name).write_bytes(b"old")
    message = limited_save(tmp_path / name, data)
    assert f"{name}: cannot be written (File too large); expected" in message
    assert contents(tmp_path) == {name: b"old"}


def is_writing(pid, folder):
    """Whether a process has a file of a folder open other than the complete one."""
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        try:
            name = os.readlink(f"/proc/{pid}/fd/{descriptor}")
        except FileNotFoundError:
            continue
        if name.startswith(str(folder)) and not name.endswith("x.params"):
            return True
    return False


def test_a_killed_process_leaves_the_old_file(tmp_path):
    path = tmp_path / "x.params"
    mx.nd.save(str(path), [mx.nd.ones((3,))])
    old = path.read_bytes()
    script = f"""
import mxnet as mx
data = [mx.nd.zeros((4 << 20,)) for _ in range(4)]
print("ready", flush=True)
while True:
    mx.nd.save({str(path)!r}, data)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    process.stdout.readline()
    deadline = time.monotonic() + 20
    while not is_writing(process.pid, tmp_path) and time.monotonic() < deadline:
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    arrays = mx.nd.load(str(path))
    assert path.read_bytes() == old or [array.shape for array in arrays] == [(4 << 20,)] * 4


def test_folders_and_unwritable_places(tmp_path):
    with pytest.raises(mx.error.ValueError, match="cannot be written"):
        mx.nd.save(str(tmp_path), [mx.nd.ones((1,))])
    with pytest.raises(mx.error.ValueError, match="No such file or directory.*expected"):
        mx.nd.save(str(tmp_path / "absent" / "x.params"), [mx.nd.ones((1,))])
    with pytest.raises(mx.error.ValueError, match="is not a file"):
        mx.nd.load(str(tmp_path))


def test_links_modes_and_devices_stay(tmp_path):
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "x.params", tmp_path / "x.params"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    mx.nd.save(str(link), [mx.nd.ones((1,))])
    assert link.is_symlink() and mx.nd.load(str(target))[0].asscalar() == 1
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    mx.nd.save("/dev/null", [mx.nd.ones((1,))])
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_new_files_have_the_usual_mode(tmp_path):
    old = os.umask(0o027)
    try:
        mx.nd.save(str(tmp_path / "x.params"), [mx.nd.ones((1,))])
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "x.params").stat().st_mode) == 0o640


def test_loaded_arrays_survive_saving_over_their_file(tmp_path):
    path = str(tmp_path / "x.params")
    values = np.arange(1 << 20, dtype=np.float32)
    mx.nd.save(path, {"a": mx.nd.array(values), "b": mx.nd.array(values)})
    loaded = mx.nd.load(path)
    mx.nd.save(path, {"a": mx.nd.zeros((3,))})
    np.testing.assert_array_equal(loaded["a"].asnumpy(), values)
    os.remove(path)
    np.testing.assert_array_equal(loaded["b"].asnumpy(), values)


def test_loaded_arrays_are_saved_over_their_own_file(tmp_path):
    path = str(tmp_path / "x.params")
    mx.nd.save(path, [mx.nd.arange(1 << 18)])
    loaded = mx.nd.load(path)
    loaded[0][:] += 1
    mx.nd.save(path, loaded)
    np.testing.assert_array_equal(mx.nd.load(path)[0].asnumpy(), np.arange(1 << 18) + 1)


def test_writing_a_loaded_array_changes_neither_file_nor_others(tmp_path):
    path = tmp_path / "x.params"
    mx.nd.save(str(path), [mx.nd.ones((100,)), mx.nd.ones((100,))])
    before = path.read_bytes()
    first, second = mx.nd.load(str(path))
    first[:] = 7
    first.wait_to_read()
    assert path.read_bytes() == before
    assert second.asnumpy().sum() == 100 and mx.nd.load(str(path))[0].asnumpy().sum() == 100


def test_loading_reads_pages_only_when_they_are_used(tmp_path):
    path = str(tmp_path / "x.params")
    mx.nd.save(path, [mx.nd.zeros((32 << 20,))])
    script = f"""
import resource
import mxnet as mx
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
loaded = mx.nd.load({path!r})
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    grown = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout
    assert int(grown) < 16 << 10  # KiB, of 128 MiB


def test_claims_take_no_memory(tmp_path):
    """A file of 100 bytes that claims 4 GiB and a billion arrays fails within 64 MiB."""
    path = tmp_path / "x.params"
    for claim in (
        b"\x12\x01" + b"\0" * 14 + b"\0\xca\x9a\x3b" + b"\0" * 76,
        b"\x12\x01" + b"\0" * 14 + b"\1" + b"\0" * 7 + b"\1\0\0\0\0\0\0\x40" + b"\0" * 60,
    ):
        path.write_bytes(claim)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(mx.error.ValueError):
            mx.nd.load(str(path))
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


@pytest.mark.parametrize("kvstore", [None, "local"])
def test_optimizer_states_replace_a_file_in_one_step(tmp_path, kvstore):
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3))
    module = mx.mod.Module(net, label_names=[net.list_arguments()[-1]])
    module.bind([("data", (2, 5))], [(net.list_arguments()[-1], (2,))])
    module.init_params()
    module.init_optimizer(kvstore=kvstore, optimizer="sgd")
    path = tmp_path / "x.states"
    path.write_bytes(b"old")
    os.chmod(path, 0o640)
    module.save_optimizer_states(str(path))
    assert path.read_bytes() != b"old" and [p.name for p in tmp_path.iterdir()] == ["x.states"]
    module.load_optimizer_states(str(path))
    with pytest.raises(mx.error.ValueError, match="cannot be written|No such file"):
        module.save_optimizer_states(str(tmp_path / "absent" / "x.states"))
