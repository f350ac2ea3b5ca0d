"""Losses, layers and training give what MXNet 1.9.1 gave."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import programs  # noqa: E402

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
