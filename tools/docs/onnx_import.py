"""Writes docs/onnx_import_operators.md: which operators of ONNX are read, and how.

usage: PYTHONPATH=build/release/python python tools/docs/onnx_import.py
"""

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


def newest_schemas(domain):
    """The newest definition of each operator that opset 7 or a later one has."""
    newest = {}
    for schema in onnx.defs.get_all_schemas_with_history():
        known = newest.get(schema.name)
        if schema.domain == domain and (
            known is None or schema.since_version > known.since_version
        ):
            newest[schema.name] = schema
    return [newest[name] for name in sorted(newest)]


def row(schema, reasons):
    """The row of an operator."""
    translations = registry.ranges(schema.domain, schema.name)
    if translations:
        spans = [f"{max(first, OLDEST)} to {last or 'the newest'}" for first, last in translations]
        return f"| {schema.name} | {', '.join(spans)} | translated |"
    if schema.has_function or schema.has_context_dependent_function:
        return (
            f"| {schema.name} | {schema.since_version} to the newest | by ONNX's own definition |"
        )
    return f"| {schema.name} | none | {reasons.get(schema.name, 'not expressed by operators')} |"


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
        *[row(schema, reasons) for schema in newest_schemas("")],
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
