"""Files have at most 600 lines (warning above 400), C++ functions about 40 (warning above 60)."""

from __future__ import annotations

import re

from common import CODE_SUFFIXES, CPP_SUFFIXES, Finding

RULE = "size"
WARN_LINES, MAX_LINES = 400, 600
WARN_FUNCTION = 60
# A definition's last line before its body, as clang-format writes it.
_OPENS = re.compile(r"^(?P<indent> *)(?![ }#])(?P<head>.*)\{$")
_NOT_FUNCTION = re.compile(
    r"^\s*(?:(?:inline )?namespace|class|struct|union|enum|extern|if|else|for|while|do|switch|try|"
    r"catch|case|default|return)\b|=\s*\{?$|\]\s*(?:\(.*\))?\s*(?:mutable\s*)?(?:->.*)?\{?$"
)


def check(tree):
    for path in tree.files(suffixes=CODE_SUFFIXES):
        lines = tree.text(path).count("\n")
        if lines > WARN_LINES:
            message = f"{lines} lines; split it by what it does (at most {MAX_LINES})"
            yield Finding(path, lines, RULE, message, warning=lines <= MAX_LINES)
        if path.endswith(CPP_SUFFIXES):
            yield from _check_functions(tree, path)


def _check_functions(tree, path):
    lines = tree.code(path).split("\n")
    for number, line in enumerate(lines):
        opens = _OPENS.match(line)
        if not opens or not _is_function(lines, number, opens["indent"]):
            continue
        end = _end_of_body(lines, number)
        if end - number > WARN_FUNCTION:
            message = f"function of {end - number} lines; name its steps and split it there"
            yield Finding(path, number + 1, RULE, message, warning=True)


def _end_of_body(lines, number):
    """The line with the brace that closes the one at the end of line `number`."""
    depth = 1
    for end in range(number + 1, len(lines)):
        depth += lines[end].count("{") - lines[end].count("}")
        if depth <= 0:
            return end
    return number


def _is_function(lines, number, indent):
    """Whether the statement that opens a body on this line looks like a function definition."""
    start = number
    while start > 0 and lines[start].startswith(indent + "  "):
        start -= 1
    statement = " ".join(lines[start : number + 1])
    return "(" in statement and not _NOT_FUNCTION.search(statement)
