"""The library reads its environment in one place and never ends the process."""

from __future__ import annotations

import re

from common import CPP_SUFFIXES, Finding, matches

RULE = "process-control"
ENVIRONMENT_FILE = "src/base/env.cc"
_GETENV = re.compile(r"\b(?:secure_)?getenv\s*\(|\benviron\b")
_ENDS = re.compile(r"(?<![\w.>])(?:std::|::)?(?:abort|exit|_exit|_Exit|quick_exit|terminate)\s*\(")


def check(tree):
    for path in tree.files("src/", "python/src/", suffixes=CPP_SUFFIXES):
        code = tree.code(path)
        if path != ENVIRONMENT_FILE:
            for line, match in matches(code, _GETENV):
                message = f"`{match[0]}`; add the variable to the table in {ENVIRONMENT_FILE}"
                yield Finding(path, line, RULE, message)
        for line, match in matches(code, _ENDS):
            message = f"`{match[0]})` ends the user's process; throw mx::Error"
            yield Finding(path, line, RULE, message)
