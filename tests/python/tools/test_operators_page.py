"""docs/operators.md is what its tool writes from the registry."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_page_is_that_of_the_registry():
    spec = importlib.util.spec_from_file_location("operators", ROOT / "tools/docs/operators.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert (ROOT / "docs/operators.md").read_text(encoding="utf-8") == tool.page()
