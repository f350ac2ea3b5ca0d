"""The document on environment variables names those that are read, as the library tells them."""

import re
from pathlib import Path

from mxnet import _core

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/environment.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| `(\w+)` \| (?:`(.*)`)? ?\| (.*) \|$", re.MULTILINE)


def test_table_is_that_of_the_library():
    table = PAGE.split("## When they are read")[0]
    documented = [(name, default or "", doc) for name, default, doc in _ROW.findall(table)]
    described = [(name, default, doc) for name, _, default, doc in _core.environment_variables()]
    assert documented == described


def test_every_variable_says_when_it_is_read():
    section = PAGE.split("## When they are read")[1].split("\n## ")[0]
    named = set(re.findall(r"`(\w+)`", section))
    assert named == {name for name, *_ in _core.environment_variables()}


def test_variables_of_the_python_package_are_documented():
    read = set()
    for path in (ROOT / "python/mxnet").rglob("*.py"):
        read.update(re.findall(r"[\"']((?:MXNET|REMX)_[A-Z_]+)[\"']", path.read_text("utf-8")))
    assert read and read <= set(re.findall(r"`(\w+)`", PAGE))
