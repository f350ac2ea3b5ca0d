"""docs/sparse.md names exactly the operators that have kernels for sparse arrays."""

import pathlib
import re

from mxnet import _core

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "sparse.md"


def named_operators():
    text = PAGE.read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`(.+?)`", row)}


def test_operators_of_the_page():
    sparse = {"sparse", "lazy", "every_row", "sparse_dense", "dense_sparse"}
    names = {_core.describe_op(op)["name"] for op in _core.list_ops()}
    legacy = {op for op in names if not op.startswith("_np")}  # arrays of mx.np are dense
    found = {op for op in legacy if sparse & set(_core.kernel_names(op))}
    named = named_operators()
    patterns = {name for name in named if "*" in name}
    covered = {op for op in found if any(op.startswith(p.rstrip("*")) for p in patterns)}
    assert found - covered == named - patterns
    assert patterns <= {"_contrib_dgl_*"}
