"""20 steps of a ResNet-20 with each optimizer against MXNet 1.9.1 (resnet20.py)."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

import resnet20  # noqa: E402

# Its first steps divide gradients by their own size, so that roundings, which differ between
# processors, reach weights whole.
TOLERANCES = {"ftrl": 1e-3}
STORED = json.loads((FOLDER / "resnet20.json").read_text())


@pytest.mark.parametrize("hybridize", [True, False])
@pytest.mark.parametrize("optimizer", resnet20.OPTIMIZERS)
def test_losses(optimizer, hybridize):
    found = resnet20.losses(optimizer, hybridize)
    np.testing.assert_allclose(
        found, STORED[optimizer], rtol=TOLERANCES.get(optimizer, 1e-4), atol=1e-5
    )
