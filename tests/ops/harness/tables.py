"""Finds the tables of all operators."""

from __future__ import annotations

import collections
import importlib.util
import pathlib
import sys

from .kernels import registered_name

TABLES = pathlib.Path(__file__).parents[1]


def table_modules(paths=None):
    """The modules of tables, one after the other.

    Args:
        paths: Files; all below ``tests/ops`` without them.
    """
    sys.path.insert(0, str(TABLES))
    try:
        for path in paths or sorted(TABLES.rglob("test_*.py")):
            path = pathlib.Path(path)
            spec = importlib.util.spec_from_file_location(f"table_{path.stem}", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            yield module
    finally:
        sys.path.remove(str(TABLES))


def suites():
    """The classes of tests that `operator_tests` made, each with its ``cases`` and ``faults``."""
    for module in table_modules():
        for tests in vars(module).values():
            if isinstance(tests, type) and hasattr(tests, "cases"):
                yield tests


def rows_by_operator():
    """Cases and faults by the operator's name in the registry: two dicts of lists."""
    cases, faults = collections.defaultdict(list), collections.defaultdict(list)
    for tests in suites():
        for case in tests.cases:
            cases[registered_name(case.op)].append(case)
        for fault in tests.faults:
            faults[registered_name(fault.op)].append(fault)
    return cases, faults
