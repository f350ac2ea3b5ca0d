"""Predictions of published networks against MXNet 1.9.1 (stored in tests/data/networks)."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "networks"))

from catalog import NETWORKS, softmax  # noqa: E402

mx = pytest.importorskip("mxnet")

PROBABILITY = 1e-5  # largest absolute difference
RELATIVE = 1e-4  # of the largest value, for everything else


def assert_detections(actual, expected):
    """Same boxes in any order: rounding may swap rows of almost equal score."""
    for mine, theirs in zip(actual, expected):
        distance = np.abs(theirs[:, None, :] - mine[None, :, :]).max(axis=2)
        missing = (distance.min(axis=1) > RELATIVE).sum()
        assert missing <= len(theirs) // 50, f"{missing} of {len(theirs)} rows are not found"


def assert_output(name, actual, expected):
    """Compares one output by what its name says it holds."""
    assert actual.shape == expected.shape
    assert np.isfinite(actual).all()
    if "det" in name and expected.ndim == 3:
        assert_detections(actual, expected)
    elif "prob" in name or "softmax" in name:
        np.testing.assert_allclose(actual, expected, rtol=0, atol=PROBABILITY)
    else:
        limit = RELATIVE * np.abs(expected).max()
        np.testing.assert_allclose(actual, expected, rtol=0, atol=limit)
        if expected.shape[1] == 1000:
            np.testing.assert_allclose(softmax(actual), softmax(expected), rtol=0, atol=PROBABILITY)


@pytest.mark.filterwarnings("ignore:Data provided by label_shapes")
@pytest.mark.parametrize("name", NETWORKS)
def test_same_prediction(name):
    """Same outputs as MXNet 1.9.1 for seeded weights."""
    network = NETWORKS[name]
    actual = network.predict(mx)
    with np.load(network.stored_path()) as stored:
        if network.expected is None:
            assert list(actual) == list(stored)
        assert len(actual) == len(stored.files)
        for (output, values), key in zip(actual.items(), stored.files):
            assert_output(output, values, stored[key])
