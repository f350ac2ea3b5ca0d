"""Includes go down the list of layers only; operators and kernels see even less.

A file of a layer may include its own layer and those before it in LAYERS. Files of `ops` see
`base` and `ir` only. Kernels (files of backend/cpu and backend/cuda that lie in an operator
family's folder) see dispatch/kernel.h, backend/common, their own backend, the parameter
headers of `ops` and the parameters that many families share. What backend/common has for a
family's kernels of all devices, in a folder of its name, sees the headers of that family.
"""

from __future__ import annotations

import re

from common import CPP_SUFFIXES, Finding, matches

RULE = "include-direction"
LAYERS = (
    "base profile ir device memory engine ndarray dispatch ops backend passes autograd runtime "
    "library comm io c_api"
).split()
SEEN_BY_OPS = ("base", "ir", "ops")
KERNEL_HEADER = "dispatch/kernel.h"
SPARSE_HEADER = "dispatch/sparse_tensor.h"
SHARED_PARAMETERS = "ir/common_params.h"
RANDOM_STATE = "dispatch/random_state.h"
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"(?P<path>[^"]+)"', re.MULTILINE)


def check(tree):
    families = {path.split("/")[2] for path in tree.files("src/ops/") if path.count("/") > 2}
    for path in tree.files("src/", suffixes=CPP_SUFFIXES):
        for line, match in matches(tree.code(path), _INCLUDE):
            problem = _problem(tree, path[len("src/") :], match["path"], families)
            if problem:
                yield Finding(path, line, RULE, problem)


def _problem(tree, path, included, families):
    if "/" not in included:
        if tree.exists(f"src/{path.rpartition('/')[0]}/{included}"):
            return f'"{included}" is relative; include it by its path below src/'
        return None
    layer, target = path.split("/")[0], included.split("/")[0]
    if target not in LAYERS or layer not in LAYERS:
        return None
    if layer == "ops" and target not in SEEN_BY_OPS:
        return f'"{included}" is not for operators; ops/ sees base/ and ir/ only'
    if layer == "backend":
        return _backend_problem(path, included, families)
    if LAYERS.index(target) > LAYERS.index(layer):
        return (
            f'"{included}" is above {layer}/; includes go down ({" < ".join(LAYERS)}), '
            "so move the shared part down or pass it in"
        )
    return None


def _backend_problem(path, included, families):
    parts, target = path.split("/"), included.split("/")
    backend = parts[1]
    if target[0] == "backend" and target[1] not in ("common", backend):
        return f'"{included}" belongs to another backend; share it through backend/common/'
    if LAYERS.index(target[0]) > LAYERS.index("backend"):
        return f'"{included}" is above backend/; includes go down, so move the shared part down'
    is_kernel = backend != "common" and families & set(parts[2:-1])
    allowed = target[0] in ("backend", "ops", "base") or included in (
        KERNEL_HEADER,
        SPARSE_HEADER,
        SHARED_PARAMETERS,
        RANDOM_STATE,
    )
    if is_kernel and not allowed:
        return f'"{included}" is not for kernels; {KERNEL_HEADER} is what a kernel includes'
    is_own_family = len(parts) > 3 and parts[2] == target[1]
    if target[0] == "ops" and backend == "common" and not is_own_family:
        return f'"{included}" is an operator\'s; backend/common/ serves all operators'
    return None
