"""What the lint rules share: the tree of files, findings, and C++ text without its comments."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CPP_SUFFIXES = (".cc", ".h", ".cu", ".cuh")
CODE_SUFFIXES = (*CPP_SUFFIXES, ".py")
SKIPPED_FOLDERS = {".git", ".venv", "build", "dist", "__pycache__", ".pytest_cache"}


@dataclass(frozen=True)
class Finding:
    """One place that breaks a rule.

    `message` says what is wrong and, after a semicolon, what to do about it.
    """

    path: str
    line: int
    rule: str
    message: str
    warning: bool = False

    def __str__(self):
        kind = "warning: " if self.warning else ""
        return f"{self.path}:{self.line}: {kind}{self.rule}: {self.message}"


class Tree:
    """The files under one root that belong to the repository, with cached texts."""

    def __init__(self, root):
        self.root = Path(root).resolve()
        self.paths = sorted(self._list())
        self._texts = {}

    def files(self, *prefixes, suffixes=CODE_SUFFIXES):
        """Relative paths under any of `prefixes` (all when none is given) with these suffixes."""
        for path in self.paths:
            if suffixes is not None and not path.endswith(suffixes):
                continue
            if not prefixes or path.startswith(prefixes):
                yield path

    def text(self, path):
        """The file's text; bytes that are not UTF-8 are replaced."""
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_text(encoding="utf-8", errors="replace")
        return self._texts[path]

    def code(self, path):
        """A C++ file's text with comments and string contents blanked, line numbers kept."""
        return blank_comments(self.text(path))

    def exists(self, path):
        return (self.root / path).is_file()

    def _list(self):
        if (self.root / ".git").exists():
            command = ["git", "-C", str(self.root), "ls-files", "-z", "--cached", "--others"]
            output = subprocess.run(
                [*command, "--exclude-standard"], check=True, capture_output=True
            ).stdout.decode()
            return {name for name in output.split("\0") if name and (self.root / name).is_file()}
        return {
            str(path.relative_to(self.root))
            for path in self.root.rglob("*")
            if path.is_file() and not SKIPPED_FOLDERS & set(path.relative_to(self.root).parts)
        }


_COMMENT_OR_STRING = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^\s()\\]{0,16})\(.*?\)(?P=tag)"'
    r"|\"(?:\\.|[^\"\\\n])*\"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)
_INCLUDE = re.compile(r'^\s*#\s*include\s+"', re.MULTILINE)


@cache
def blank_comments(text):
    """Replaces comments and string contents by spaces; newlines and quotes stay."""

    def blank(match):
        body = match.group(0)
        line_start = text.rfind("\n", 0, match.start()) + 1
        if body[0] == '"' and _INCLUDE.match(text, line_start, match.start() + 1):
            return body
        kept = re.sub(r"[^\n]", " ", body)
        return body[0] + kept[1:-1] + body[-1] if body[0] in "\"'" else kept

    return _COMMENT_OR_STRING.sub(blank, text)


def matches(text, pattern):
    """Yields (line number, match) for every match of a compiled pattern."""
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match


def tool(name):
    """Path of a program of the environment that runs this, or else of the one on PATH."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise RuntimeError(f"{name} is not installed; run `make setup`")
    return found
