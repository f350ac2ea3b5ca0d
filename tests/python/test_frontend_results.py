"""The Python modules give what MXNet 1.9.1 gives: see tools/oracle/frontend."""

import json
import math
import re
import sys
from pathlib import Path

import pytest

import mxnet as mx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/oracle"))

from frontend import CASES  # noqa: E402

STORED = json.loads((ROOT / "tests/data/frontend.json").read_text())
# float16 results are rounded at other places.
TOLERANCE = {"optimizers/half_precision": 2e-3}


# 1.9.1 counts wrongly (docs/differences.md); tests/regress checks the counts.
COUNTS = re.compile(r"(?m)(?<=\s)\d+\s+(?=\w+ *$)|^Total params: \d+$")


def assert_close(found, stored, tolerance, place):
    if isinstance(stored, dict):
        assert sorted(found) == sorted(stored), place
        for key in stored:
            assert_close(found[key], stored[key], tolerance, f"{place}.{key}")
    elif isinstance(stored, list):
        assert len(found) == len(stored), place
        for i, pair in enumerate(zip(found, stored)):
            assert_close(*pair, tolerance, f"{place}[{i}]")
    elif isinstance(stored, float) and not isinstance(found, str):
        same = math.isnan(found) and math.isnan(stored)
        assert same or abs(found - stored) <= tolerance * (1 + abs(stored)), (
            f"{place}: {found} in place of {stored}"
        )
    else:
        assert found == stored, place


def test_every_stored_case_exists():
    assert sorted(CASES) == sorted(STORED)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(STORED))
def test_result_is_that_of_1_9_1(name):
    if name.startswith("summaries/drawing"):
        pytest.importorskip("graphviz")
    found, stored = json.loads(json.dumps(CASES[name](mx))), STORED[name]
    if name.startswith("summaries/") and isinstance(stored, str):
        found, stored = COUNTS.sub("", found), COUNTS.sub("", stored)
    assert_close(found, stored, TOLERANCE.get(name, 2e-5), name)
