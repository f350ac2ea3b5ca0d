"""Archives whose compressed bytes are damaged are refused in one line.

They raised what zlib or lzma say, which a request that loads a model answered with 500.
"""

import gzip
import io
import tarfile
import zipfile

import pytest

from mxnet import error
from mxnet.serve.models.unpacking import unpack


def damaged_zip(kind):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as archive:
        archive.writestr("a.txt", bytes(range(256)) * 40)
    data = bytearray(stream.getvalue())
    data[60:100] = b"\xff" * 40
    return bytes(data)


def damaged_gzip():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        entry = tarfile.TarInfo("a.txt")
        entry.size = 100_000
        archive.addfile(entry, io.BytesIO(bytes(i * i % 251 for i in range(100_000))))
    data = bytearray(gzip.compress(stream.getvalue()))
    data[700:740] = b"\xff" * 40
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        damaged_zip(zipfile.ZIP_DEFLATED),
        damaged_zip(zipfile.ZIP_LZMA),
        damaged_gzip(),
    ],
    ids=["deflate", "lzma", "gzip"],
)
def test_one_line(tmp_path, data):
    path = tmp_path / "model.mar"
    path.write_bytes(data)
    with pytest.raises(error.ValueError, match="model.mar cannot be unpacked") as caught:
        unpack(str(path))
    assert "\n" not in str(caught.value)
