"""The model zoo: names, arguments, and parameters from a repository."""

import hashlib
import os
import shutil
import zipfile

import numpy as np
import pytest

import mxnet as mx
from mxnet.gluon.model_zoo import model_store, vision


def test_networks_by_name():
    net = vision.get_model("SqueezeNet1.1", classes=7)
    net.initialize()
    assert net(mx.nd.zeros((2, 3, 224, 224))).shape == (2, 7)
    with pytest.raises(ValueError, match="name='resnet19' is not known"):
        vision.get_model("resnet19")
    with pytest.raises(AssertionError, match="version=3"):
        vision.get_resnet(3, 18)


@pytest.mark.parametrize("make", [vision.resnet18_v1, vision.resnet18_v2])
def test_small_pictures_train(make):
    net = make(classes=4, thumbnail=True)
    net.initialize(mx.init.Xavier())
    with mx.autograd.record():
        out = net(mx.nd.ones((2, 3, 16, 16)))
    out.backward()
    assert out.shape == (2, 4)
    for parameter in net.collect_params(".*conv.*").values():
        assert np.isfinite(parameter.grad().asnumpy()).all()


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with parameters of SqueezeNet 1.1."""
    net = vision.squeezenet1_1()
    net.initialize(mx.init.Xavier())
    net(mx.nd.zeros((1, 3, 224, 224)))
    parameters = tmp_path / "saved.params"
    net.save_parameters(str(parameters))
    content = parameters.read_bytes()
    sha1 = hashlib.sha1(content).hexdigest()
    monkeypatch.setitem(model_store._model_sha1, "squeezenet1.1", sha1)
    folder = tmp_path / "repository" / "gluon" / "models"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / f"squeezenet1.1-{sha1[:8]}.zip", "w") as archive:
        archive.writestr(f"squeezenet1.1-{sha1[:8]}.params", content)
    monkeypatch.setenv("MXNET_GLUON_REPO", (tmp_path / "repository").as_uri() + "/")
    return net, tmp_path


def test_published_parameters(repository):
    net, folder = repository
    root = str(folder / "models")
    x = mx.nd.ones((1, 3, 224, 224))
    for _ in range(2):
        found = vision.get_model("squeezenet1.1", pretrained=True, root=root)
        np.testing.assert_array_equal(found(x).asnumpy(), net(x).asnumpy())
        shutil.rmtree(folder / "repository", ignore_errors=True)  # the file is there now
    model_store.purge(root)
    with pytest.raises(OSError, match="squeezenet1.1-.*zip.* cannot be fetched"):
        vision.squeezenet1_1(pretrained=True, root=root)


def test_other_files_are_refused(repository, monkeypatch):
    _, folder = repository
    stem = model_store.short_hash("squeezenet1.1")
    monkeypatch.setitem(model_store._model_sha1, "squeezenet1.1", stem + "0" * 32)
    with pytest.raises(ValueError, match="another SHA-1 hash"):
        vision.squeezenet1_1(pretrained=True, root=str(folder / "models"))
    assert not list((folder / "models").iterdir())
    with pytest.raises(ValueError, match="no parameters were published for 'mobilenet0.33'"):
        vision.get_mobilenet(0.33, pretrained=True)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("squeezenet1.1", "squeezenet1.1.params --arch squeezenet1.1 makes them"),
        ("resnet50_v1", "strides in other convolutions: remx convert IN PREFIX --arch resnet50_v1"),
        ("mobilenet1.0", "remx convert IN.onnx PREFIX"),
    ],
)
def test_parameters_that_are_nowhere(tmp_path, monkeypatch, name, words):
    """Two lines, of which the second names the program that makes the file, or a checkpoint."""
    monkeypatch.delenv("MXNET_GLUON_REPO", raising=False)
    with pytest.raises(OSError) as caught:
        vision.get_model(name, pretrained=True, root=str(tmp_path))
    first, second = str(caught.value).split("\n")
    assert str(tmp_path) in first and "remx convert" in second
    assert words in second


def test_repository_that_is_a_folder(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("MXNET_GLUON_REPO", str(tmp_path / "repository"))
    root = str(tmp_path / "from_folder")
    assert os.path.exists(model_store.get_model_file("squeezenet1.1", root))
    monkeypatch.setenv("MXNET_GLUON_REPO", str(tmp_path / "nothing"))
    with pytest.raises(OSError, match="nothing"):
        vision.get_model("vgg11", pretrained=True, root=str(tmp_path / "models"))
