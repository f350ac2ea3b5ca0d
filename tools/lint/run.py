"""Checks the rules of the architecture and the formatting; exits 1 when one is broken.

usage: python tools/lint/run.py [--root DIR] [--rule NAME ...] [--all-warnings]

Every file of tools/lint/rules is one rule with a function `check(tree)` that yields findings:
a new rule is a new file.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from common import Tree  # noqa: E402

SHOWN_WARNINGS = 5


def rule_names():
    """Names of all rules, in alphabetical order."""
    return sorted(path.stem for path in (HERE / "rules").glob("*.py") if path.stem != "__init__")


def findings_of(rule, tree):
    """All findings of one rule in one tree, errors first."""
    module = importlib.import_module(f"rules.{rule}")
    return sorted(module.check(tree), key=lambda f: (f.warning, f.path, f.line))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", default=HERE.parent.parent, help="tree to check")
    parser.add_argument("--rule", action="append", choices=rule_names(), help="only this rule")
    parser.add_argument("--all-warnings", action="store_true", help="do not shorten warnings")
    options = parser.parse_args(arguments)
    tree = Tree(options.root)
    errors = warnings = 0
    start = time.perf_counter()
    for rule in options.rule or rule_names():
        found = findings_of(rule, tree)
        errors += sum(not f.warning for f in found)
        warned = [f for f in found if f.warning]
        warnings += len(warned)
        shown = len(warned) if options.all_warnings else SHOWN_WARNINGS
        for finding in [f for f in found if not f.warning] + warned[:shown]:
            print(finding)
        if len(warned) > shown:
            print(f"{rule}: {len(warned) - shown} more warnings; show them with --all-warnings")
    seconds = time.perf_counter() - start
    print(f"lint: {len(tree.paths)} files, {errors} errors, {warnings} warnings, {seconds:.1f} s")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
