"""Python files pass ruff's checks and are as `ruff format` writes them (see pyproject.toml)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from common import Finding, tool

RULE = "python-style"


def check(tree):
    if not any(tree.files(suffixes=(".py",))):
        return
    problems = json.loads(_ruff(tree, "check", "--output-format=json").stdout or "[]")
    for item in problems:
        code = item["code"] or "invalid-syntax"
        message = f"{code} {item['message']}; see `ruff rule {code}`"
        yield Finding(_relative(tree, item["filename"]), item["location"]["row"], RULE, message)
    if any(item["code"] in (None, "invalid-syntax") for item in problems):
        return
    for line in _ruff(tree, "format", "--check").stdout.splitlines():
        if line.startswith("Would reformat: "):
            path = _relative(tree, line[len("Would reformat: ") :])
            yield Finding(path, 1, RULE, "not formatted; run `make format`")


def _ruff(tree, *arguments):
    command = [tool("ruff"), *arguments, "--no-cache", "."]
    result = subprocess.run(command, cwd=tree.root, capture_output=True, text=True)
    if result.returncode > 1:
        raise RuntimeError(f"ruff failed: {result.stderr.strip()}")
    return result


def _relative(tree, name):
    return str((tree.root / Path(name)).resolve().relative_to(tree.root))
