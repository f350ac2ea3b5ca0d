"""The table of operators, dtypes, devices and kernels."""

from . import facts

_COLUMNS = (
    "float32", "float64", "float16", "bfloat16", "int32", "int64", "int8", "uint8", "bool",
)  # fmt: skip


def support():
    """The table: for each operator and dtype the kernel that computes it on the CPU.

    An empty cell means that no test names the dtype, not that the operator refuses it.
    """
    lines = [
        "# Operators, dtypes and kernels",
        "",
        "The kernel that the first case of each dtype in the operator's table of tests uses on the "
        "CPU, and whether the plug-in for NVIDIA GPUs has one of its own. Where a cell is empty no "
        "case names that dtype.",
        "",
        f"| operator | {' | '.join(_COLUMNS)} | GPU |",
        f"|{'---|' * (len(_COLUMNS) + 2)}",
    ]
    for op in facts.operators():
        chosen = facts.chosen_kernels(op)
        cells = [chosen.get(dtype, "") for dtype in _COLUMNS]
        gpu = "yes" if facts.has_cuda_kernel(op) else ""
        lines.append(f"| [{op}](operators/{op}.md) | {' | '.join(cells)} | {gpu} |")
    return "\n".join(lines) + "\n"
