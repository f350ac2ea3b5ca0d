"""Writes docs/operators.md: which operators of MXNet 1.9.1 there are, with which kernels.

usage: PYTHONPATH=build/release/python python tools/docs/operators.py
"""

import collections
import json
import pathlib

from mxnet import _core

ROOT = pathlib.Path(__file__).parents[2]
PREFIXES = ("_npi_", "_np_", "_npx_", "_contrib_", "_image_", "_linalg_", "_random_", "_sample_")


def page():
    """The text of docs/operators.md."""
    snapshot = ROOT / "tests" / "compat" / "operators_1_9_1.json"
    theirs = json.loads(snapshot.read_text(encoding="utf-8"))
    present = sorted((n for n in theirs if _core.has_op(n)), key=str.lower)
    missing = sorted((n for n in theirs if not _core.has_op(n)), key=str.lower)
    lines = [
        "# Operators",
        "",
        "Written by `tools/docs/operators.py` from the registry; do not edit.",
        "",
        f"Of the {len(theirs)} operators of MXNet 1.9.1 (gradients not counted), {len(present)} "
        "are here, with its names, aliases, arguments, types and defaults "
        "(`tests/compat/test_registry.py`).",
        "",
        "| operator | aliases | what it gives | kernels on the CPU | gradient |",
        "|---|---|---|---|---|",
        *map(row, present),
        "",
        "## Missing",
        "",
        *missing_lines(missing),
    ]
    return "\n".join(lines) + "\n"


def main():
    (ROOT / "docs" / "operators.md").write_text(page(), encoding="utf-8")


def row(name):
    facts = _core.describe_op(name)
    aliases = ", ".join(f"`{alias}`" for alias in facts["aliases"])
    doc = facts["doc"].replace("|", "\\|").replace("\n", " ")
    kernels = ", ".join(_core.kernel_names(name))
    gradient = "yes" if facts["differentiable"] else "no"
    return f"| `{name}` | {aliases} | {doc} | {kernels} | {gradient} |"


def missing_lines(names):
    groups = collections.defaultdict(list)
    for name in names:
        prefix = next((p for p in PREFIXES if name.startswith(p)), "")
        groups[prefix].append(f"`{name}`")
    for prefix, members in sorted(groups.items()):
        title = f"`{prefix}*`" if prefix else "Others"
        yield from (f"{title} ({len(members)}): {', '.join(members)}", "")


if __name__ == "__main__":
    main()
