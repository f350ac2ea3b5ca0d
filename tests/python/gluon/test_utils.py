"""Dividing batches, clipping gradients, downloading."""

import hashlib

import numpy as np
import pytest

import mxnet as mx
from mxnet.gluon import utils


def test_even_parts():
    data = mx.nd.arange(12).reshape((6, 2))
    parts = utils.split_data(data, 3)
    assert [part.shape for part in parts] == [(2, 2)] * 3
    assert parts[2].asnumpy().tolist() == [[8, 9], [10, 11]]
    assert [part.shape for part in utils.split_data(data, 2, batch_axis=1)] == [(6, 1)] * 2


def test_uneven_parts():
    data = mx.nd.arange(8)
    with pytest.raises(ValueError, match="multiple of 3"):
        utils.split_data(data, 3)
    parts = utils.split_data(data, 3, even_split=False)
    assert [part.shape[0] for part in parts] == [3, 3, 2]
    with pytest.raises(ValueError, match="num_slice=9"):
        utils.split_data(data, 9, even_split=False)


def test_parts_on_devices():
    parts = utils.split_and_load(np.arange(4), [mx.cpu(0), mx.cpu(1)])
    assert [part.context for part in parts] == [mx.cpu(0), mx.cpu(1)]
    assert parts[1].asnumpy().tolist() == [2, 3]


def test_clipping():
    arrays = [mx.nd.array([3.0]), mx.nd.array([4.0], ctx=mx.cpu(1))]
    assert utils.clip_global_norm(arrays, 10) == pytest.approx(5)
    assert arrays[0].asscalar() == 3
    assert utils.clip_global_norm(arrays, 1, check_isfinite=False).shape == (1,)
    np.testing.assert_allclose([each.asscalar() for each in arrays], [0.6, 0.8], rtol=1e-5)
    with pytest.warns(UserWarning, match="nan or inf"):
        utils.clip_global_norm([mx.nd.array([np.nan])], 1)


def test_download(tmp_path):
    source = tmp_path / "source.txt"
    source.write_bytes(b"contents")
    sha1 = hashlib.sha1(b"contents").hexdigest()
    folder = tmp_path / "folder"
    folder.mkdir()
    url = source.as_uri()
    name = utils.download(url, str(folder), sha1_hash=sha1)
    assert name == str(folder / "source.txt") and utils.check_sha1(name, sha1)
    source.write_bytes(b"other")
    assert utils.download(url, str(folder)) == name
    assert (folder / "source.txt").read_bytes() == b"contents"
    utils.download(url, str(folder), overwrite=True)
    assert (folder / "source.txt").read_bytes() == b"other"
    with pytest.raises(OSError, match="SHA-1"):
        utils.download(url, str(folder / "wrong"), sha1_hash=sha1, retries=1)
    assert [each.name for each in folder.iterdir()] == ["source.txt"]
    with pytest.raises(OSError, match="missing.txt.* cannot be fetched"):
        utils.download((tmp_path / "missing.txt").as_uri(), str(folder), retries=0)
