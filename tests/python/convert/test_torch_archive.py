"""Archives of PyTorch are read without running what their pickles ask for."""

import io
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx
from mxnet.convert import read_arrays

DATA = Path(__file__).with_name("data")


def test_tensors():
    """A transposed view, bfloat16, float16, no axes, truth values, and a view with an offset."""
    found = read_arrays(str(DATA / "tensors.pt"))
    expected = {
        "fc.weight": np.arange(6, dtype=np.float32).reshape(2, 3).T,
        "fc.bias": np.array([1.5, -2], np.float32),
        "half": np.array([0.5], np.float16),
        "steps": np.array(7),
        "mask": np.array([True, False]),
        "row": np.array([3, 4, 5], np.float32),
    }
    assert list(found) == list(expected)
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype


def test_parameters_in_a_training_state():
    found = read_arrays(str(DATA / "training.pt"))
    assert list(found) == ["w"]


def refuses(path, *words):
    with pytest.raises(mx.MXNetError) as caught:
        read_arrays(str(path))
    text = str(caught.value)
    assert "\n" not in text
    for word in words:
        assert word in text, text


def test_a_module_is_no_dictionary_of_tensors():
    refuses(DATA / "module.pt", "torch.nn.modules.linear.Linear")


def changed(tmp_path, pickled=None, drop=(), compression=zipfile.ZIP_STORED, change=None):
    """The archive of tensors with another pickle, without members, or with other contents."""
    path = tmp_path / "changed.pt"
    with (
        zipfile.ZipFile(DATA / "tensors.pt") as old,
        zipfile.ZipFile(path, "w", compression) as new,
    ):
        for member in old.infolist():
            content = old.read(member)
            if member.filename.endswith("data.pkl") and pickled is not None:
                content = pickled
            if change is not None:
                content = change(member.filename, content)
            if not any(member.filename.endswith(name) for name in drop):
                new.writestr(member.filename, content)
    return path


class Harm:
    def __reduce__(self):
        return os.system, ("touch harm",)


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_what_a_pickle_would_run_is_not_run(tmp_path, monkeypatch, protocol):
    monkeypatch.chdir(tmp_path)
    refuses(changed(tmp_path, pickle.dumps({"w": Harm()}, protocol)), "system")
    assert not (tmp_path / "harm").exists()


def test_classes_are_not_found_through_attributes(tmp_path):
    """Names with dots reach attributes of what is known, such as OrderedDict's module."""
    text = b"\x80\x04\x8c\x0bcollections\x8c\x18OrderedDict.__class__.mro\x93."
    refuses(changed(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b".",
        b"\x80\x02",
        b"\x80\x02}q\x00",
        b"\x80\x02]" + b"]" * 100,
        b"\x80\x02r\xff\xff\xff\x7f.",
        b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f.",
        b"\x80\x05\x96" + b"\xff" * 5 + b"\x00\x00\x00.",
        b"\x80\x02K\x01.",
        b"\x80\x02}X\x01\x00\x00\x00wK\x01s.",
        b"\x80\x02\x82\x01.",
        b"\x80\x02(K\x01Q.",
    ],
)
def test_pickles_that_make_no_sense(tmp_path, text):
    refuses(changed(tmp_path, text))


@pytest.mark.parametrize("member", ["data.pkl", "data/0"])
def test_missing_member(tmp_path, member):
    refuses(changed(tmp_path, drop=[member]))


def test_compressed_storage(tmp_path):
    refuses(changed(tmp_path, compression=zipfile.ZIP_DEFLATED), "compressed")


def test_storage_that_is_too_short(tmp_path):
    def cut(name, content):
        return content[: len(content) // 2] if name.endswith("data/0") else content

    refuses(changed(tmp_path, change=cut), "storage")


def test_big_endian(tmp_path):
    def swap(name, content):
        return b"big" if name.endswith("byteorder") else content

    refuses(changed(tmp_path, change=swap), "little-endian")


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9])
def test_truncated(tmp_path, part):
    content = (DATA / "tensors.pt").read_bytes()
    path = tmp_path / "cut.pt"
    path.write_bytes(content[: int(len(content) * part)])
    refuses(path, "cut.pt")


def test_old_format(tmp_path):
    path = tmp_path / "old.pth"
    buffer = io.BytesIO()
    pickle.dump({"w": 1}, buffer)
    path.write_bytes(buffer.getvalue())
    refuses(path, "1.6")
