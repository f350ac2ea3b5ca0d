"""Names of code files and their folders are snake_case."""

from __future__ import annotations

import re

from common import CODE_SUFFIXES, Finding

RULE = "file-names"
_SNAKE = re.compile(r"_{0,2}[a-z0-9]+(?:_+[a-z0-9]+)*_{0,2}")
_FOLDERS = ("src/", "include/", "python/", "tests/", "tools/", "benchmarks/", "examples/")


def check(tree):
    for path in tree.files(*_FOLDERS, suffixes=CODE_SUFFIXES):
        *folders, name = path.split("/")
        stem = name.rpartition(".")[0]
        for part in (*folders, stem):
            if not _SNAKE.fullmatch(part):
                message = f"`{part}` is not snake_case; rename it to `{_snake(part)}`"
                yield Finding(path, 1, RULE, message)


def _snake(name):
    return re.sub(r"\W", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)).lower()
