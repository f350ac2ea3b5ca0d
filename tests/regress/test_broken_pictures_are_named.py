"""ImageIter did not say which file is broken; an endless file took all memory."""

import numpy as np
import pytest

import mxnet as mx
from mxnet.image import functions

cv2 = pytest.importorskip("cv2")


@pytest.mark.parametrize("content", [b"<html>404</html>", b""])
def test_image_iter_names_the_file(tmp_path, content):
    cv2.imwrite(str(tmp_path / "good.jpg"), np.full((80, 80, 3), 99, np.uint8))
    (tmp_path / "broken.jpg").write_bytes(content)
    pictures = mx.image.ImageIter(
        batch_size=2,
        data_shape=(3, 64, 64),
        imglist=[[1, "good.jpg"], [0, "broken.jpg"]],
        path_root=str(tmp_path),
    )
    with pytest.raises(mx.MXNetError, match="ImageIter: file='broken.jpg': .* is no image"):
        pictures.next()


def test_endless_files_end(monkeypatch):
    monkeypatch.setattr(functions, "_LARGEST_FILE", 1 << 16)
    with pytest.raises(ValueError, match="'/dev/zero' has more than 65536 bytes"):
        mx.image.imread("/dev/zero")
