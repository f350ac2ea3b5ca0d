"""docs/onnx_import_operators.md is what its tool writes from the translations."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
onnx = pytest.importorskip("onnx")


@pytest.mark.skipif(onnx.__version__ != "1.23.2", reason="the page is that of onnx 1.23.2")
def test_page_is_that_of_the_translations():
    spec = importlib.util.spec_from_file_location("page", ROOT / "tools/docs/onnx_import.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page()
