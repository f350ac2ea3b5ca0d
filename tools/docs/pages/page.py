"""The text of an operator's page, in Markdown."""

from mxnet import _core

from . import facts
from .example import example
from .fault import error_of
from .written import NO_EXAMPLE

_MOST_ERRORS = 6  # on a page


def page(op):
    """The page of an operator.

    Args:
        op (str): Its name in the registry.
    """
    described = _core.describe_op(op)
    parts = [f"# {op}", described["doc"], _call(op, described)]
    for part in (_inputs, _parameters, _results, _kernels, _errors, _example):
        parts.append(part(op, described))
    return "\n\n".join(part for part in parts if part) + "\n"


def _call(op, described):
    inputs = [name for name, _ in described["inputs"]]
    if described["variadic"]:
        inputs = [f"*{name}" for name in inputs]
    params = [
        name if default is None else f"{name}={default}"
        for name, _, default, _ in described["params"]
        if name != described["variadic_count"]
    ]
    text = f"```python\n{facts.call_name(op)}({', '.join([*inputs, *params])})\n```"
    if described["aliases"]:
        text += "\n\nOther names: " + ", ".join(f"`{name}`" for name in described["aliases"]) + "."
    return text


def _table(head, rows):
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(_cell(each) for each in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def _cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def _inputs(op, described):
    rows = [(f"`{name}`", meaning) for name, meaning in described["inputs"]]
    return "## Inputs\n\n" + _table(("input", "what it is"), rows) if rows else ""


def _parameters(op, described):
    rows = [
        (f"`{name}`", kind, "required" if default is None else f"`{default}`", meaning)
        for name, kind, default, meaning in described["params"]
    ]
    if not rows:
        return ""
    return "## Parameters\n\n" + _table(("parameter", "type", "default", "meaning"), rows)


def _results(op, described):
    lines = ["Outputs: " + ", ".join(f"`{name}`" for name in described["outputs"]) + "."]
    cases = facts.rows()[0][op]
    if not described["differentiable"]:
        lines.append("No gradient.")
    elif any(case.second for case in cases):
        lines.append("It has a gradient, whose own gradient is tested too.")
    else:
        lines.append("It has a gradient.")
    if any("sparse" in name for name in facts.kernel_names(op) if name):
        lines.append("Sparse arrays have a kernel of their own.")
    return "## Results\n\n" + " ".join(lines)


def _kernels(op, described):
    rows = [(f"`{dtype}`", name) for dtype, name in facts.chosen_kernels(op).items()]
    text = _table(("dtype", "kernel on the CPU"), rows) if rows else "No table names its dtypes."
    gpu = "has a kernel of its own" if facts.has_cuda_kernel(op) else "has no kernel of its own"
    return f"## Kernels\n\n{text}\n\nThe plug-in for NVIDIA GPUs {gpu}."


def _errors(op, described):
    messages = dict.fromkeys(error_of(fault) for fault in facts.rows()[1][op])
    if not messages:
        return ""
    return "## Errors\n\n```text\n" + "\n".join(list(messages)[:_MOST_ERRORS]) + "\n```"


def _example(op, described):
    lines = example(op)
    if lines is None:
        return f"## Example\n\nThere is none: {NO_EXAMPLE[op]}."
    return "## Example\n\n```python\n" + "\n".join(lines) + "\n```"
