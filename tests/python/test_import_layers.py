"""Imports inside the package go one way: no module needs, however late, one that needs it."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "python/mxnet"


def modules():
    """Files by the name of their module."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name, path, known):
    """The modules of the package that a file imports anywhere; those in C++ import nothing."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom) or node.level == 0:
            continue
        base = ".".join(
            package[: len(package) - node.level + 1] + ([node.module] if node.module else [])
        )
        for alias in node.names:
            target = f"{base}.{alias.name}"
            if target in known:
                yield target
            elif node.module and base in known:
                yield base


def reachable(start, graph):
    seen, waiting = set(), list(graph[start])
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting += graph[module]
    return seen


def test_there_are_no_circles():
    known = modules()
    graph = {name: set(imports(name, path, known)) for name, path in known.items()}
    circles = {name for name in graph if name in reachable(name, graph)}
    assert circles == set()
