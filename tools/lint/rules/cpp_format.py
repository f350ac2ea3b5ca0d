"""C++ files are as clang-format writes them (.clang-format; the version is pinned)."""

from __future__ import annotations

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

from common import CPP_SUFFIXES, Finding, tool

RULE = "cpp-format"
_DIAGNOSTIC = re.compile(r"^(?P<path>[^:\n]+):(?P<line>\d+):\d+: error: ", re.MULTILINE)


def check(tree):
    files = list(tree.files(suffixes=CPP_SUFFIXES))
    workers = os.cpu_count() or 1
    batches = [batch for batch in (files[i::workers] for i in range(workers)) if batch]
    with ThreadPoolExecutor(workers) as pool:
        for output in pool.map(lambda batch: _diagnostics(tree.root, batch), batches):
            seen = set()
            for match in _DIAGNOSTIC.finditer(output):
                if match["path"] not in seen:
                    seen.add(match["path"])
                    message = "not formatted; run `make format`"
                    yield Finding(match["path"], int(match["line"]), RULE, message)


def _diagnostics(root, files):
    command = [tool("clang-format"), "--dry-run", "--Werror", *files]
    return subprocess.run(command, cwd=root, capture_output=True, text=True).stderr
