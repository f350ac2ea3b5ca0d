"""docs/onnx_operators.md is what its tool writes from the translations."""

import importlib.util
from pathlib import Path

import pytest

pytest.importorskip("onnx")

ROOT = Path(__file__).resolve().parents[3]


def test_page_is_that_of_the_translations():
    path = ROOT / "tools/docs/onnx_operators.py"
    spec = importlib.util.spec_from_file_location("onnx_operators", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert (ROOT / "docs/onnx_operators.md").read_text(encoding="utf-8") == tool.page()
    assert tool.OTHERS not in tool.page()
