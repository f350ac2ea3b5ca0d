"""Losses, layers and training give what MXNet 1.9.1 gave."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import programs  # noqa: E402

import mxnet as mx  # noqa: E402
from mxnet.gluon.data.vision import transforms  # noqa: E402

STORED = json.loads((Path(__file__).parent / "results.json").read_text())


@pytest.mark.parametrize("row", programs.LOSSES, ids=lambda row: row[0].replace(" ", "_"))
def test_losses(row):
    shape, values, gradient = STORED["losses"][row[0]]
    found_shape, found_values, found_gradient = programs.loss_values(*row)
    assert found_shape == shape
    np.testing.assert_allclose(found_values, values, rtol=2e-5, atol=1e-6)
    np.testing.assert_allclose(found_gradient, gradient, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("text", programs.LAYERS)
def test_layers(text):
    assert programs.layer(text) == STORED["layers"][text]


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize("name", programs.NETWORKS)
def test_training(name, hybrid):
    stored = STORED["training"][name]
    found = programs.training(name, hybrid)
    assert [each[:2] for each in found["parameters"]] == [each[:2] for each in stored["parameters"]]
    for (_, _, values), (_, _, expected) in zip(found["parameters"], stored["parameters"]):
        np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(found["losses"], stored["losses"], rtol=1e-4)


@pytest.mark.parametrize("text", programs.CELLS)
def test_cells(text):
    names, values = STORED["cells"][text]
    found_names, found = programs.cell_steps(text, programs.CELLS[text])
    assert found_names == names
    for one, other in zip(found, values):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("text", programs.TRANSFORMS)
def test_transforms(text):
    dtype, shape, values = STORED["transforms"][text]
    found = programs.transformed(text)
    assert found[:2] == [dtype, shape]
    # Resizing may round to the next whole number.
    np.testing.assert_allclose(found[2], values, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", ["Brightness", "Contrast", "Hue"])
def test_colors(kind):
    factor, whole, floats = STORED["colors"][kind.lower()]
    block = getattr(transforms, "Random" + kind)(0)
    block._limits = factor, factor
    picture = programs.picture()
    np.testing.assert_allclose(block(picture).asnumpy().ravel(), whole, atol=1)
    found = block(picture.astype("float32")).asnumpy().ravel()
    np.testing.assert_allclose(found, floats, rtol=1e-4, atol=1e-2)


def test_lighting():
    noise, pixels = STORED["colors"]["lighting"]
    found = mx.nd.image.adjust_lighting(programs.picture(), alpha=noise).asnumpy().ravel()
    np.testing.assert_allclose(found, pixels, atol=1)
