"""Writes docs/onnx_import_operators.md: which operators of ONNX are read, and how.

usage: PYTHONPATH=build/release/python python tools/docs/onnx_import.py
"""

import collections
import importlib.util
import pathlib

import onnx

from mxnet.onnx.reading import registry

ROOT = pathlib.Path(__file__).parents[2]
PAGE = ROOT / "docs" / "onnx_import_operators.md"
OLDEST = 7


def left_out():
    """Operators that have no place here, with the reason."""
    spec = importlib.util.spec_from_file_location("node_tests", ROOT / "tools/onnx/node_tests.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return {name: reason for reason, names in tool.LEFT_OUT.items() for name in names.split()}


def definitions(domain):
    """All definitions of each operator, the oldest first."""
    found = collections.defaultdict(list)
    for schema in onnx.defs.get_all_schemas_with_history():
        if schema.domain == domain:
            found[schema.name].append(schema)
    return [sorted(found[name], key=lambda schema: schema.since_version) for name in sorted(found)]


def row(history, reasons):
    """The row of an operator."""
    schema, oldest = history[-1], max(OLDEST, history[0].since_version)
    translations = registry.ranges(schema.domain, schema.name)
    if translations:
        spans = [f"{max(first, oldest)} to {last or 'the newest'}" for first, last in translations]
        return f"| {schema.name} | {', '.join(spans)} | translated |"
    if schema.name in reasons:
        return f"| {schema.name} | none | {reasons[schema.name]} |"
    bodies = [s for s in history if s.has_function or s.has_context_dependent_function]
    if bodies:
        oldest = max(OLDEST, bodies[0].since_version)
        return f"| {schema.name} | {oldest} to the newest | by ONNX's own definition |"
    return f"| {schema.name} | none | not expressed by operators |"


def page():
    """The text of the page."""
    reasons = left_out()
    lines = [
        "# Operators of ONNX that are read",
        "",
        f"Written by `tools/docs/onnx_import.py` with onnx {onnx.__version__}; do not edit.",
        "[onnx_import.md](onnx_import.md) tells what importing does.",
        "",
        "| operator | opsets | how |",
        "|---|---|---|",
        *[row(history, reasons) for history in definitions("")],
        "",
        "## ai.onnx.ml",
        "",
        "| operator | opsets | how |",
        "|---|---|---|",
        *[
            f"| {name} | 1 to the newest | translated |"
            for domain, name in registry.names()
            if domain == "ai.onnx.ml"
        ],
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
