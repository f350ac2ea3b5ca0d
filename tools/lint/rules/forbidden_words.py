"""No left-over markers and no paths of a machine: each is a promise or a secret in a file."""

from __future__ import annotations

import re

from common import Finding, matches

RULE = "forbidden-words"
# Written with a bar in it, so that this file and a search for the words do not find each other.
_WRITTEN = ("TO|DO", "FIX|ME", "X|XX", "HA|CK", "not implemented| yet", "place|holder", "for| now")
_WRITTEN_PATHS = (r"(?<![\w.])/wo|rk/", r"/ro|ot/", r"/tmp/bash|_jobs", r"/\.lib|rary\b")
MARKERS = [text.replace("|", "") for text in _WRITTEN]
MACHINE_PATHS = [text.replace("|", "") for text in _WRITTEN_PATHS]
_MARKER = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(MARKERS)})(?![A-Za-z])")
_PATH = re.compile("|".join(MACHINE_PATHS))
# The list of known differences states what is missing, in whatever words.
EXEMPT = ("docs/differences.md",)
IMAGES = (".png", ".jpg", ".jpeg", ".bmp", ".pbm", ".pgm", ".ppm")
BINARY = (*IMAGES, ".params", ".npz", ".npy", ".bin", ".gz", ".rec", ".onnx")


def check(tree):
    for path in tree.files(suffixes=None):
        if path.endswith(BINARY):
            continue
        if path not in EXEMPT:
            for line, match in matches(tree.text(path), _MARKER):
                message = f"`{match[0]}`; do it, or state the limit in docs/differences.md"
                yield Finding(path, line, RULE, message)
        for line, match in matches(tree.text(path), _PATH):
            message = f"`{match[0]}` is a path of one machine; use a relative path or an argument"
            yield Finding(path, line, RULE, message)
