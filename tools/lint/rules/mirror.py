"""An operator's files have one relative path: src/ops, src/backend/cpu and tests/ops mirror.

`src/ops/<family>/<stem>.cc` that registers an operator has a kernel file
`src/backend/cpu/**/<family>/<stem>.cc` and a test `tests/ops/<family>/test_<stem>.py`, where a
family may be a folder in a folder (`nn/conv`). Several kernels of one operator lie in a folder of
its name. An operator that needs no kernel of its own says so in its file: `// lint: no-kernel
(reason)`. A kernel file without an operator of its path is reported too; what kernels of a family
share lies in a folder `detail/` beside them.
"""

from __future__ import annotations

import re

from common import Finding, matches

RULE = "mirror"
_REGISTRATION = re.compile(r"\bOpBuilder\b")
_NO_KERNEL = re.compile(r"//\s*lint:\s*no-kernel(?P<reason>[^\n]*)")


def check(tree):
    operators = {
        path[len("src/ops/") : -len(".cc")] for path in tree.files("src/ops/", suffixes=(".cc",))
    }
    families = {stem.split("/")[0] for stem in operators if "/" in stem}
    kernels = {}
    for path in tree.files("src/backend/cpu/", "src/backend/cuda/", suffixes=(".cc", ".cu")):
        kernels.setdefault(_stem(path, families), []).append(path)
    for stem in sorted(operators):
        path = f"src/ops/{stem}.cc"
        if _REGISTRATION.search(tree.code(path)):
            yield from _check_operator(tree, path, stem, kernels)
    for stem, paths in sorted(kernels.items()):
        if stem and not {stem, stem.rpartition("/")[0]} & operators:
            for path in paths:
                message = (
                    f"no operator file src/ops/{stem}.cc; name the kernel file as its operator, or "
                    "put what kernels share into detail/"
                )
                yield Finding(path, 1, RULE, message)


def _stem(path, families):
    """The path of a kernel file from its family on; empty for what belongs to no operator."""
    parts = path.rpartition(".")[0].split("/")
    start = next((i for i, part in enumerate(parts[:-1]) if part in families), None)
    return "" if start is None or "detail" in parts else "/".join(parts[start:])


def _check_operator(tree, path, stem, kernels):
    family, _, name = stem.rpartition("/")
    on_cpu = [k for k in kernels.get(stem, []) if k.startswith("src/backend/cpu/")]
    exception = next(matches(tree.text(path), _NO_KERNEL), None)
    if exception and not re.fullmatch(r"\s*\(.{5,}\)\s*", exception[1]["reason"]):
        message = "no-kernel without a reason; write `// lint: no-kernel (reason)`"
        yield Finding(path, exception[0], RULE, message)
    if not on_cpu and not exception:
        message = (
            f"no kernel file; add src/backend/cpu/{stem}.cc (or below onednn/ or blas/), or write "
            "`// lint: no-kernel (reason)`"
        )
        yield Finding(path, 1, RULE, message)
    test = f"tests/ops/{family}/test_{name}.py"
    if not tree.exists(test):
        yield Finding(path, 1, RULE, f"no test; add {test} with the operator's table of cases")
