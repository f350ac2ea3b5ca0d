"""The demonstration's checkpoint gives the answers of MXNet 1.9.1, which wrote it."""

import gzip
from pathlib import Path

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples/digits"
PREFIX = str(FOLDER / "digits-lenet")


def read_idx(name, header):
    """Content of a gzip-compressed idx file after its header."""
    return np.frombuffer(
        gzip.decompress((FOLDER / "data" / name).read_bytes()), np.uint8, -1, header
    )


def predict(module, images):
    """Probabilities of (N, 28, 28) images."""
    module.bind([("data", (len(images), 1, 28, 28))], for_training=False)
    _, args, auxs = mx.model.load_checkpoint(PREFIX, 10)
    module.set_params(args, auxs)
    module.forward(
        mx.io.DataBatch([mx.nd.array(images[:, None].astype("float32"))]), is_train=False
    )
    return module.get_outputs()[0].asnumpy()


@pytest.mark.filterwarnings("ignore:Data provided by label_shapes")
def test_probabilities():
    """All test images."""
    images = read_idx("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
    labels = read_idx("t10k-labels-idx1-ubyte.gz", 8)
    probabilities = predict(mx.mod.Module(mx.sym.load(PREFIX + "-symbol.json")), images)
    expected = np.load(ROOT / "tests/data/digits_probabilities.npy")
    np.testing.assert_allclose(probabilities, expected, rtol=0, atol=1e-5)
    assert (probabilities.argmax(axis=1) == labels).mean() > 0.98


def test_files_are_written_back_byte_for_byte(tmp_path):
    """Saving what was loaded gives the same two files."""
    symbol, args, auxs = mx.model.load_checkpoint(PREFIX, 10)
    mx.model.save_checkpoint(str(tmp_path / "copy"), 10, symbol, args, auxs)
    for suffix in ("-symbol.json", "-0010.params"):
        written = (tmp_path / f"copy{suffix}").read_bytes()
        assert written == Path(PREFIX + suffix).read_bytes()
