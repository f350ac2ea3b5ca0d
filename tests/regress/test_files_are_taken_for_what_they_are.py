"""Loading did not name what people take for a model by mistake; symbols of pipes were not read.

Errors of the system were no OSError, and a link whose target was missing was replaced.
"""

import errno
import gzip
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

import mxnet as mx

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 3\n"
FILES = [
    (b"", "is empty"),
    (b"\n<!DOCTYPE html><html>404</html>", "is a web page"),
    (b"<HTML>404</HTML>", "is a web page"),
    (LFS, "is a pointer of Git LFS"),
    (gzip.compress(b"x" * 100), "is compressed by gzip"),
    (b"PK\3\4" + b"x" * 100, "is a zip archive"),
]


@pytest.mark.parametrize("load", [mx.nd.load, mx.sym.load])
@pytest.mark.parametrize("content, message", FILES)
def test_foreign_files_are_named(tmp_path, load, content, message):
    path = tmp_path / "model"
    path.write_bytes(content)
    with pytest.raises(mx.MXNetError, match=f"model: {message}"):
        load(str(path))


def through_a_pipe(tmp_path, content, load):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(content,))
    writer.start()
    try:
        return load(str(path))
    finally:
        writer.join()


def test_parameters_are_read_from_a_pipe(tmp_path):
    mx.nd.save(str(tmp_path / "file"), {"a": mx.nd.arange(100000)})
    loaded = through_a_pipe(tmp_path, (tmp_path / "file").read_bytes(), mx.nd.load)
    assert loaded["a"].asnumpy().tolist() == list(range(100000))


def test_symbols_are_read_from_a_pipe(tmp_path):
    text = mx.sym.exp(mx.sym.Variable("x"), name="e").tojson()
    assert through_a_pipe(tmp_path, text.encode(), mx.sym.load).tojson() == text


def test_errors_of_the_system_are_os_errors(tmp_path):
    calls = [
        (lambda: mx.nd.load(str(tmp_path / "absent")), errno.ENOENT),
        (lambda: mx.nd.save(str(tmp_path / "absent" / "x"), []), errno.ENOENT),
        (lambda: mx.sym.Variable("x").save("/dev/full"), errno.ENOSPC),
    ]
    for call, number in calls:
        with pytest.raises(OSError) as failure:
            call()
        assert isinstance(failure.value, mx.error.OSError) and failure.value.errno == number
        assert isinstance(failure.value, (mx.MXNetError, ValueError))
        assert os.strerror(number) in str(failure.value)


def test_a_link_to_nothing_stays_a_link(tmp_path):
    link, target = tmp_path / "link.params", tmp_path / "target.params"
    link.symlink_to(target.name)
    mx.nd.save(str(link), [mx.nd.ones((1,))])
    assert link.is_symlink() and mx.nd.load(str(target))[0].asscalar() == 1
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(OSError, match="Too many levels of symbolic links"):
        mx.nd.save(str(loop), [mx.nd.ones((1,))])


def test_a_killed_process_leaves_no_file(tmp_path):
    if not has_unnamed_files(tmp_path):
        pytest.skip("files without a name are not possible here")
    script = f"""
import mxnet as mx
data = [mx.nd.zeros((8 << 20,)) for _ in range(8)]
mx.nd.waitall()
print("ready", flush=True)
mx.nd.save({str(tmp_path / "x.params")!r}, data)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    process.stdout.readline()
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        if any(name.startswith(str(tmp_path)) for name in open_files(process.pid)):
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    # A fast disk may have let it finish.
    assert [path.name for path in tmp_path.iterdir()] in ([], ["x.params"])


def has_unnamed_files(folder):
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_WRONLY))
    except OSError:
        return False
    return True


def open_files(pid):
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        try:
            yield os.readlink(f"/proc/{pid}/fd/{descriptor}")
        except FileNotFoundError:
            pass
