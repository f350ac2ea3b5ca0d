"""Loaded arrays were pages of their file: a file that was overwritten in place changed the arrays
of a running program, and a file that was cut short ended it. Each file also took one of the
process's 65,530 mappings."""

import os
import subprocess
import sys
import textwrap

import numpy as np

import mxnet as mx

SIZE = 200_000


def test_arrays_do_not_follow_their_file(tmp_path):
    path, other = tmp_path / "m.params", tmp_path / "other.params"
    mx.nd.save(str(path), {"w": mx.nd.ones((SIZE,)), "b": mx.nd.ones((3,))})
    mx.nd.save(str(other), {"w": mx.nd.zeros((SIZE,)), "b": mx.nd.zeros((3,))})
    loaded = mx.nd.load(str(path))
    path.write_bytes(other.read_bytes())
    assert loaded["w"].asnumpy().min() == 1
    assert loaded["b"].asnumpy().min() == 1


def test_a_file_cut_short_ends_nothing(tmp_path):
    program = textwrap.dedent(
        """
        import sys
        import mxnet as mx
        mx.nd.save(sys.argv[1], [mx.nd.ones((1000, 1000))])
        loaded = mx.nd.load(sys.argv[1])
        open(sys.argv[1], "r+b").truncate(1000)
        assert loaded[0].asnumpy().min() == 1
        """
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "m.params")], check=True)


def test_many_loads_are_kept(tmp_path):
    path = str(tmp_path / "m.params")
    mx.nd.save(path, [mx.nd.ones((4,))])
    kept = [mx.nd.load(path) for _ in range(70_000)]
    assert kept[-1][0].asnumpy().sum() == 4


def test_arrays_of_a_file_are_independent(tmp_path):
    path = str(tmp_path / "m.params")
    mx.nd.save(path, [mx.nd.full((SIZE,), k) for k in range(4)])
    arrays = mx.nd.load(path)
    arrays[1][:] = 7
    del arrays[2]
    assert [float(a.asnumpy().mean()) for a in arrays] == [0, 7, 3]


def test_pipe(tmp_path):
    path, pipe = str(tmp_path / "m.params"), str(tmp_path / "pipe")
    mx.nd.save(path, {"w": mx.nd.arange(100_000)})
    os.mkfifo(pipe)
    with subprocess.Popen(["cp", path, pipe]):
        loaded = mx.nd.load(pipe)
    np.testing.assert_array_equal(loaded["w"].asnumpy(), np.arange(100_000))


def test_mapping_on_request(tmp_path):
    program = textwrap.dedent(
        """
        import sys
        import mxnet as mx
        mx.nd.save(sys.argv[1], [mx.nd.ones((1000, 1000))])
        loaded = mx.nd.load(sys.argv[1])
        assert sys.argv[1] in open("/proc/self/maps").read()
        loaded[0][:] = 2
        assert mx.nd.load(sys.argv[1])[0].asnumpy().max() == 1
        """
    )
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "m.params")],
        check=True,
        env=dict(os.environ, REMX_MAP_FILES="1"),
    )
