"""Writes docs/onnx_operators.md: which operators of MXNet 1.9.1 can be exported to ONNX.

usage: PYTHONPATH=build/release/python python tools/docs/onnx_operators.py
"""

import collections
import json
import pathlib
import re

from mxnet import _core
from mxnet.onnx.writing.registry import all_translations

ROOT = pathlib.Path(__file__).parents[2]
KINDS = {
    "one": "one node, others only where its arguments ask for them",
    "composed": "composed of several nodes",
    "folded": "computed while the network is exported and stored as a constant",
}
# Why operators cannot be exported, by patterns of their names; the first that fits.
REASONS = {
    r".*update.*|.*multi_.*|.*_lars|reset_arrays|_set_value": "they change arrays in training",
    r".*(getnnz|edge_id|dgl).*": (
        "they ask which elements a sparse array stores; arrays of ONNX are dense"
    ),
    r".*MultiBoxTarget": "it tells what to train for",
    r".*unique_zipfian": "it draws candidates for training, until enough are different",
    r"_npi_(bernoulli|choice|exponential|gamma|gumbel|logistic|multinomial|normal|normal_n|pareto|"
    r"powerd|rayleigh|uniform|uniform_n|weibull)": (
        "it draws what a program asks for with parameters that may be arrays"
    ),
    r".*calibrate.*": "it finds ranges before a network is quantized",
    r"_linalg_syevd": (
        "it iterates until it converges, and LAPACK's signs of eigenvectors follow from its steps"
    ),
    r"_npi_(svd|eig|pinv|solve|tensor|cholesky).*": "ONNX factorizes no matrices",
    r"_npi_bincount": "as many numbers as the data says are its result",
    r"_npi_(insert|delete|unique|boolean_mask_assign_tensor).*": (
        "they sort or count places while they run"
    ),
    r"_npi_pad": "it pads by any width, in ways beside those of ONNX; write Pad instead",
    r"_np_diagflat": "write reshape and diag instead",
    r"_npx_constraint_check": "ONNX has no errors",
    r"Custom": "it runs a program in Python",
}
OTHERS = "no translation has been written"


def page():
    """The text of docs/onnx_operators.md."""
    snapshot = ROOT / "tests" / "compat" / "operators_1_9_1.json"
    theirs = json.loads(snapshot.read_text(encoding="utf-8"))
    present = sorted((n for n in theirs if _core.has_op(n)), key=str.lower)
    translations = all_translations()
    exported = [name for name in present if name in translations]
    lines = [
        "# Operators in ONNX",
        "",
        "Written by `tools/docs/onnx_operators.py` from the translations; do not edit.",
        "",
        f"Of the {len(present)} operators of MXNet 1.9.1 that are here, {len(exported)} can be "
        "exported. Opset is the first version of ONNX's operators that can say it.",
        "",
        *(f"- {kind}: {text}" for kind, text in KINDS.items()),
        "",
        "| operator | opset | how |",
        "|---|---|---|",
    ]
    for name in exported:
        found = translations[name]
        lines.append(f"| `{name}` | {found.opset} | {found.kind} |")
    lines += ["", "## What cannot be exported", ""]
    groups = collections.defaultdict(list)
    for name in present:
        if name not in translations:
            groups[reason_against(name)].append(f"`{name}`")
    for reason, names in sorted(groups.items()):
        lines += [f"- {reason} ({len(names)}): {', '.join(names)}"]
    return "\n".join(lines).rstrip() + "\n"


def reason_against(name):
    for pattern, reason in REASONS.items():
        if re.fullmatch(pattern, name):
            return reason
    return OTHERS


def main():
    (ROOT / "docs" / "onnx_operators.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
