"""Whole programs with mx.np, npx and Gluon learn as they do with MXNet 1.9.1."""

import json
import sys
from pathlib import Path

import numpy as onp
import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "python"))

import numpy_programs  # noqa: E402

STORED = json.loads((ROOT / "tests/data/numpy_programs.json").read_text())


@pytest.mark.parametrize("name", numpy_programs.PROGRAMS)
def test_program_learns_as_it_does_with_1_9_1(name):
    found = numpy_programs.run(name)
    onp.testing.assert_allclose(found["losses"], STORED[name]["losses"], rtol=1e-4)
    onp.testing.assert_allclose(found["results"], STORED[name]["results"], rtol=5e-3)
    assert found["losses"][-1] < found["losses"][0]
