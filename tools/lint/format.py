"""Formats all C++ and Python files in place, with the versions that lint checks with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from common import CPP_SUFFIXES, Tree, tool

ROOT = Path(__file__).resolve().parent.parent.parent


def main():
    files = list(Tree(ROOT).files(suffixes=CPP_SUFFIXES))
    if files:
        subprocess.run([tool("clang-format"), "-i", *files], cwd=ROOT, check=True)
    subprocess.run([tool("ruff"), "check", "--quiet", "--fix-only", "."], cwd=ROOT, check=True)
    subprocess.run([tool("ruff"), "format", "."], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
