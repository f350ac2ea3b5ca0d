"""``file://`` wherever a file is named, and what is said where a name fits nothing."""

import importlib.util
import sys

import numpy as np
import pytest

import mxnet as mx
from mxnet import _files


def test_names():
    assert _files.is_remote("s3://bucket/a") and _files.is_remote("hdfs://host/a")
    assert not any(map(_files.is_remote, ["a", "/a:b//c", "file:///a", "FILE:///a", b"/a"]))
    assert _files.local_path("file:///a b%20/c") == "/a b%20/c"
    assert _files.local_path("a/b") == "a/b"
    with pytest.raises(ValueError, match="file='file://host/a' names no file of this machine"):
        _files.local_path("file://host/a")


def test_files_named_by_uris(tmp_path):
    base = f"file://{tmp_path}"
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    mx.nd.save(f"{base}/a.params", {"x": mx.nd.array(values)})
    assert (tmp_path / "a.params").exists()
    assert (mx.nd.load(f"{base}/a.params")["x"].asnumpy() == values).all()

    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    weights = {"fc_weight": mx.nd.ones((2, 3)), "fc_bias": mx.nd.zeros(2)}
    mx.model.save_checkpoint(f"{base}/net", 3, symbol, weights, {})
    loaded, arguments, states = mx.model.load_checkpoint(f"{base}/net", 3)
    assert loaded.tojson() == symbol.tojson() and set(arguments) == set(weights) and not states
    with pytest.raises(ValueError, match="one of the epochs 3 is expected"):
        mx.model.load_checkpoint(f"{base}/net", 4)

    (tmp_path / "a.csv").write_text("1,2\n3,4\n")
    batch = mx.io.CSVIter(data_csv=f"{base}/a.csv", data_shape=(2,), batch_size=2).next()
    assert batch.data[0].asnumpy().tolist() == [[1, 2], [3, 4]]
    (tmp_path / "a.svm").write_text("1 0:5\n0 1:6\n")
    batch = mx.io.LibSVMIter(data_libsvm=f"{base}/a.svm", data_shape=(2,), batch_size=2).next()
    assert batch.data[0].asnumpy().tolist() == [[5, 0], [0, 6]]

    record = mx.recordio.MXIndexedRecordIO(f"{base}/a.idx", f"{base}/a.rec", "w")
    record.write_idx(7, b"seven")
    record.close()
    record = mx.recordio.MXIndexedRecordIO(f"{base}/a.idx", f"{base}/a.rec", "r")
    assert record.read_idx(7) == b"seven"


def test_trainers_write_their_states_there(tmp_path):
    net = mx.gluon.nn.Dense(2, in_units=3)
    net.initialize()
    trainer = mx.gluon.Trainer(net.collect_params(), "adam")
    with mx.autograd.record():
        loss = net(mx.nd.ones((1, 3))).sum()
    loss.backward()
    trainer.step(1)
    trainer.save_states(f"file://{tmp_path}/states")
    trainer.load_states(f"file://{tmp_path}/states")
    assert (tmp_path / "states").stat().st_size > 0


def test_folders_of_a_job_are_of_this_machine():
    with pytest.raises(ValueError, match="JobCheckpoint: folder='s3://bucket/run' is a URI"):
        mx.kvstore.JobCheckpoint("s3://bucket/run")


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(mx.MXNetError, match=r"'s3://b/a' needs a package .* pip install remx\[rem"):
        mx.nd.load("s3://b/a")
    with pytest.raises(mx.MXNetError, match="MXRecordIO: 'gs://b/a' needs .* pip install gcsfs is"):
        mx.recordio.MXRecordIO("gs://b/a", "r")


PACKAGES = {"gs": "gcsfs", "abfs": "adlfs", "abfss": "adlfs", "hdfs": "pyarrow", "sftp": "paramiko"}


@pytest.mark.parametrize("scheme", PACKAGES)
def test_the_package_of_a_store_is_named(scheme, monkeypatch):
    pytest.importorskip("fsspec")
    package = PACKAGES[scheme]
    if importlib.util.find_spec(package):
        pytest.skip(f"{package} is there")
    uri = f"{scheme}://place/a.params"
    with pytest.raises(
        mx.MXNetError, match=f"load: '{uri}' needs a package .*; pip install {package} is expected"
    ):
        mx.nd.load(uri)


def test_an_unknown_scheme_is_named():
    pytest.importorskip("fsspec")
    with pytest.raises(ValueError, match="load: 'nosuch://b/a' cannot be used"):
        mx.nd.load("nosuch://b/a")


def test_passwords_are_not_shown():
    pytest.importorskip("fsspec")
    with pytest.raises(mx.MXNetError) as caught:
        mx.nd.load("nosuch://me:secret@host/a")
    assert "nosuch://***@host/a" in str(caught.value) and "secret" not in str(caught.value)
