"""Predictions in bfloat16 (REMX_INFERENCE_DTYPE) against those of MXNet 1.9.1 in float32."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "networks"))

from catalog import NETWORKS, softmax  # noqa: E402

mx = pytest.importorskip("mxnet")

PROBABILITY = 3e-2  # largest absolute difference
RELATIVE = 3e-2  # of the largest value, for boxes
CLEAR = 2e-2  # lead of the top class over the next that rounding must not turn around
DEEPER_TWINS = {
    "vgg11",
    "vgg19",
    "resnet152_v1",
    "resnet152_v2",
    "resnet152",
    "vgg16_prob",
    "vgg16_softmax",
    "vgg19_prob",
    "ssd_vgg16_deploy",
}


def assert_probabilities(actual, expected):
    """Close, and the same top class in every row where it leads clearly."""
    np.testing.assert_allclose(actual, expected, rtol=0, atol=PROBABILITY)
    best = np.sort(expected, axis=1)
    clear = best[:, -1] - best[:, -2] > CLEAR
    assert (actual.argmax(axis=1) == expected.argmax(axis=1))[clear].all()


@pytest.mark.filterwarnings("ignore:Data provided by label_shapes")
@pytest.mark.parametrize("name", [name for name in NETWORKS if name not in DEEPER_TWINS])
def test_same_class(name, monkeypatch, bfloat16_kernels):
    monkeypatch.setenv("REMX_INFERENCE_DTYPE", "bfloat16")
    network = NETWORKS[name]
    found = network.predict(mx)
    with np.load(network.stored_path()) as stored:
        for (output, actual), key in zip(found.items(), stored.files):
            expected = stored[key]
            assert actual.dtype == np.float32 and np.isfinite(actual).all()
            if "det" in output or "label" in output:
                continue  # which of many boxes is the best is a matter of rounding
            if "prob" in output or "softmax" in output:
                assert_probabilities(actual, expected)
            elif expected.shape[1] == 1000:
                assert_probabilities(softmax(actual), softmax(expected))
            else:
                limit = RELATIVE * np.abs(expected).max()
                np.testing.assert_allclose(actual, expected, rtol=0, atol=limit)
