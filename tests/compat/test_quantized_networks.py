"""Accuracy of networks in int8 against the same in float32: the digits of the demonstration, and
published networks where they are at hand (see test_shared_data.py)."""

import csv
import gzip
import os
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx
from mxnet.contrib import quantization

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ROOT / "examples/digits"
SHARED = Path(os.environ.get("REMX_SHARED_DATA", ROOT.parent / "shared" / "data"))
MODES = ["none", "naive", "entropy"]
needs_shared_data = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is absent")


def scores(model, data, batch=50):
    """Outputs for all rows of `data`."""
    module = mx.mod.Module(model[0], label_names=None)
    module.bind([("data", (batch, *data.shape[1:]))], for_training=False)
    module.set_params(*model[1:])
    rows = mx.io.NDArrayIter(data, None, batch_size=batch)
    return module.predict(rows).asnumpy()


def quantized(model, calibration, mode, **options):
    if mode != "none":
        rows = min(25, len(calibration))
        options["calib_data"] = mx.io.NDArrayIter(calibration, None, batch_size=rows)
    options.setdefault("quantized_dtype", "auto")
    return quantization.quantize_model(*model, label_names=None, calib_mode=mode, **options)


def read_idx(name, header):
    content = gzip.decompress((DIGITS / "data" / name).read_bytes())
    return np.frombuffer(content, np.uint8, -1, header)


@pytest.mark.filterwarnings("ignore:Data provided by label_shapes")
@pytest.mark.parametrize("mode", MODES)
def test_digits(mode):
    images = read_idx("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28).astype("float32")
    labels = read_idx("t10k-labels-idx1-ubyte.gz", 8)
    images, labels = images[:1000], labels[:1000]
    model = mx.model.load_checkpoint(str(DIGITS / "digits-lenet"), 10)
    plain, whole = (scores(each, images) for each in (model, quantized(model, images[:100], mode)))
    assert (whole.argmax(1) == labels).mean() >= (plain.argmax(1) == labels).mean() - 0.01
    assert (whole.argmax(1) == plain.argmax(1)).mean() > 0.98


def cifar_pictures(step):
    """Every `step`-th picture of the sample, and its class."""
    folder = SHARED / "cifar10_sample"
    with open(folder / "labels.csv") as table:
        rows = list(csv.DictReader(table))[::step]
    pictures = [mx.image.imread(str(folder / row["file"])).asnumpy() for row in rows]
    mean, deviation = np.array([0.4914, 0.4822, 0.4465]), np.array([0.2023, 0.1994, 0.2010])
    data = (np.stack(pictures) / 255.0 - mean) / deviation
    return data.transpose(0, 3, 1, 2).astype("float32"), [int(row["label"]) for row in rows]


@needs_shared_data
def test_cifar_resnet20():
    model = mx.model.load_checkpoint(str(SHARED / "cifar_resnet20_v1" / "cifar_resnet20_v1"), 0)
    data, labels = cifar_pictures(4)
    some = data[::3]
    plain, whole = (scores(each, data) for each in (model, quantized(model, some, "naive")))
    assert (whole.argmax(1) == labels).mean() >= (plain.argmax(1) == labels).mean() - 0.02
    assert (whole.argmax(1) == plain.argmax(1)).mean() > 0.93


@needs_shared_data
def test_squeezenet():
    folder = SHARED / "squeezenet_v1.0_imagenet"
    model = mx.model.load_checkpoint(str(folder / "squeezenet_v1.0"), 0)
    data = np.load(folder / "ref" / "input_sample-image1.npy")
    plain, whole = (
        scores(each, data, 1) for each in (model, quantized(model, np.repeat(data, 2, 0), "naive"))
    )
    assert whole.argmax() == plain.argmax()
    assert abs(whole - plain).max() < 0.02
