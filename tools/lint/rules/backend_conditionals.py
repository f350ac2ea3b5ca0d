"""No #if on a backend or vendor library outside src/backend and cmake.

Whether CUDA or oneDNN is there is a question of which library is loaded and which kernel is
registered, never of how the rest was compiled. `__CUDACC__` and `__CUDA_ARCH__` ask which compiler
reads a shared header, not what was built, and are allowed.
"""

from __future__ import annotations

import re

from common import CPP_SUFFIXES, Finding, matches

RULE = "backend-conditionals"
_CONDITION = re.compile(r"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif)\b(?P<rest>(?:\\\n|[^\n])*)", re.M)
_COMPILER = re.compile(r"\b__CUDA(?:CC|_ARCH)__\b")
_BACKEND = re.compile(r"USE_|CUDA|CUDNN|CUBLAS|NCCL|DNNL|MKL|OPENBLAS|TENSORRT|ROCM|HIPCC")


def check(tree):
    for path in tree.files("src/", "include/", "python/src/", suffixes=CPP_SUFFIXES):
        if path.startswith("src/backend/"):
            continue
        for line, match in matches(tree.code(path), _CONDITION):
            if _BACKEND.search(_COMPILER.sub("", match["rest"])):
                message = (
                    f"`#if{match['rest'].rstrip()}` asks for a backend; register a kernel or a "
                    "device in src/backend instead"
                )
                yield Finding(path, line, RULE, message)
