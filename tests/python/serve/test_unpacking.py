"""Archives from outside that hold what they must not."""

import io
import os
import tarfile
import zipfile

import pytest

from mxnet import error
from mxnet.serve.models import unpacking


def tar(path, *entries):
    with tarfile.open(path, "w") as archive:
        for name, kind, text in entries:
            entry = tarfile.TarInfo(name)
            entry.type, entry.size, entry.linkname = kind, len(text), "/etc/passwd"
            archive.addfile(entry, io.BytesIO(text))
    return path


def test_plain_files_come_out(tmp_path):
    path = tar(
        tmp_path / "a.tar", ("a/b.txt", tarfile.REGTYPE, b"text"), ("c", tarfile.DIRTYPE, b"")
    )
    folder = unpacking.unpack(path)
    with open(os.path.join(folder.name, "a/b.txt"), "rb") as stream:
        assert stream.read() == b"text"
    assert os.path.isdir(os.path.join(folder.name, "c"))
    folder.cleanup()


@pytest.mark.parametrize(
    ("name", "kind", "word"),
    [
        ("../out", tarfile.REGTYPE, "leads out"),
        ("a/../../out", tarfile.REGTYPE, "leads out"),
        ("/tmp/out", tarfile.REGTYPE, "leads out"),
        ("link", tarfile.SYMTYPE, "no plain file"),
        ("link", tarfile.LNKTYPE, "no plain file"),
        ("device", tarfile.CHRTYPE, "no plain file"),
        ("pipe", tarfile.FIFOTYPE, "no plain file"),
    ],
)
def test_tar_is_refused(tmp_path, name, kind, word):
    path = tar(tmp_path / "a.tar", (name, kind, b""))
    with pytest.raises(error.ValueError, match=word):
        unpacking.unpack(path)


@pytest.mark.parametrize("name", ["../out", "/out", "a/../../out"])
def test_zip_is_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.mar", "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"x")
    with pytest.raises(error.ValueError, match="leads out"):
        unpacking.unpack(tmp_path / "a.mar")


def test_links_in_zip_are_refused(tmp_path):
    entry = zipfile.ZipInfo("link")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.mar", "w") as archive:
        archive.writestr(entry, b"/etc/passwd")
    with pytest.raises(error.ValueError, match="no plain file"):
        unpacking.unpack(tmp_path / "a.mar")


def test_what_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "a.mar", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(5_000_000))
    monkeypatch.setattr(unpacking, "MOST_BYTES", 1_000_000)
    with pytest.raises(error.ValueError, match="more than 1000000 bytes"):
        unpacking.unpack(tmp_path / "a.mar")


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "MOST_FILES", 3)
    path = tar(tmp_path / "a.tar", *((str(i), tarfile.REGTYPE, b"") for i in range(4)))
    with pytest.raises(error.ValueError, match="more than 3 files"):
        unpacking.unpack(path)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04damaged"])
def test_what_is_no_archive(tmp_path, content):
    (tmp_path / "a.mar").write_bytes(content)
    with pytest.raises(error.ValueError, match="archive|unpacked"):
        unpacking.unpack(tmp_path / "a.mar")


def test_cut_archives(tmp_path):
    """An archive that ends early is refused or, cut between files, incomplete; nothing else."""
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("a")
        entry.size = 100_000
        archive.addfile(entry, io.BytesIO(os.urandom(100_000)))
    whole = path.read_bytes()
    for size in range(0, len(whole), 9973):
        path.write_bytes(whole[:size])
        with pytest.raises(error.ValueError):
            unpacking.unpack(path)
