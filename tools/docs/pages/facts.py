"""What is known of an operator."""

import functools
import pathlib
import re
import sys

import mxnet as mx
from mxnet import _core

ROOT = pathlib.Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "tests" / "ops"))

from harness import ALL, run  # noqa: E402
from harness.kernels import forced_kernel, kernel_names  # noqa: E402
from harness.tables import rows_by_operator  # noqa: E402

_CUDA = ROOT / "src" / "backend" / "cuda"
_TABLES = ROOT / "src" / "backend" / "common" / "elemwise"


@functools.cache
def rows():
    """Cases and faults of all tables, by operator."""
    return rows_by_operator()


def operators():
    """Names of all operators that users can call, in the order of the alphabet."""
    hidden = re.compile("_backward|_grad_|_fused_|_int8_")
    names = {_core.describe_op(name)["name"] for name in _core.list_ops()}
    return sorted((name for name in names if not hidden.match(name)), key=str.lower)


def call_name(op, module="mx.nd"):
    """How a program calls an operator, for instance ``mx.nd.linalg.gemm2``."""
    for prefix, namespace in run._NAMESPACES.items():
        if op.startswith(prefix):
            return f"{module}.{namespace}.{op[len(prefix) :]}"
    return f"{module}._internal.{op}" if op.startswith("_") else f"{module}.{op}"


@functools.cache
def chosen_kernels(op):
    """The kernel that computes an operator for each dtype, by the name of the dtype.

    The first of an operator's cases that some kernel takes decides; a dtype that no case names is
    left out.
    """
    chosen = {}
    for case in rows()[0][op]:
        for dtype in case.dtypes:
            if dtype not in chosen:
                name = _kernel_for(op, case, dtype)
                if name is not None:
                    chosen[dtype] = name
    return {dtype: chosen[dtype] for dtype in ALL if dtype in chosen} | chosen


def _kernel_for(op, case, dtype):
    for name in kernel_names(op):
        if name is None:  # the operator is its parts, or runs a program
            return "parts"
        try:
            with forced_kernel(op, name):
                run.call(case, run.make_inputs(case, dtype))
                mx.nd.waitall()
        except (NotImplementedError, mx.MXNetError):
            continue
        return name
    return None


def has_cuda_kernel(op):
    """Whether the CUDA plug-in has a kernel for an operator."""
    described = _core.describe_op(op)
    return not _cuda_names().isdisjoint([op, *described["aliases"]])


@functools.cache
def _cuda_names():
    """Names in the sources of the CUDA plug-in: those that it registers kernels for."""
    names = set()
    for path in sorted(each for each in _CUDA.rglob("*.*") if each.suffix != ".txt"):
        text = path.read_text(encoding="utf-8")
        names.update(re.findall(r'"(\w+)"', text))
        for table in re.findall(r"RowKernels \w+\(math::(\w+)\)", text):
            names.update(_table_names(table))
    return names


@functools.cache
def _table_names(table):
    for path in sorted(_TABLES.glob("*.h")):
        found = re.search(rf"\b{table}\b(.*?)\n\n", path.read_text(encoding="utf-8"), re.S)
        if found:
            return re.findall(r'"([^"]+)"', found.group(1))
    return ()
