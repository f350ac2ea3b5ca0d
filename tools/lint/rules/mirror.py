"""An operator's files have one relative path: src/ops, src/backend/cpu and tests/ops mirror.

`src/ops/<family>/<stem>.cc` that registers an operator has a kernel file
`src/backend/cpu/**/<family>/<stem>.cc` and a test `tests/ops/<family>/test_<stem>.py`. An operator
that needs no kernel of its own says so in its file: `// lint: no-kernel (reason)`. A kernel file
without an operator of its path is reported too.
"""

from __future__ import annotations

import re

from common import Finding, matches

RULE = "mirror"
_REGISTRATION = re.compile(r"\bOpBuilder\b")
_NO_KERNEL = re.compile(r"//\s*lint:\s*no-kernel(?P<reason>[^\n]*)")


def check(tree):
    kernels = {}
    for path in tree.files("src/backend/cpu/", "src/backend/cuda/", suffixes=(".cc", ".cu")):
        kernels.setdefault("/".join(path.split("/")[-2:]).rpartition(".")[0], []).append(path)
    stems = set()
    for path in tree.files("src/ops/", suffixes=(".cc",)):
        stem = path[len("src/ops/") : -len(".cc")]
        stems.add(stem)
        if _REGISTRATION.search(tree.code(path)):
            yield from _check_operator(tree, path, stem, kernels)
    families = {stem.split("/")[0] for stem in stems if "/" in stem}
    for stem, paths in sorted(kernels.items()):
        if stem.split("/")[0] in families and stem not in stems:
            for path in paths:
                message = (
                    f"no operator file src/ops/{stem}.cc; name the kernel file as its operator"
                )
                yield Finding(path, 1, RULE, message)


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
