"""Writes the operators of MXNet 1.9.1 in the compact form that the registry test compares with.

usage: python compact_operators.py operators.json tests/compat/operators_1_9_1.json

The input maps each operator to its aliases and arguments as 1.9.1 describes them (name, type text,
default). The output has a line for each operator: aliases, arguments as [name, type] or [name,
type, default], and the argument that counts inputs where there may be any number. Gradients
(``_backward_*``) are left out: they are internal.
"""

import json
import re
import sys


def main(source, target):
    with open(source, encoding="utf-8") as stream:
        operators = json.load(stream)
    lines = [
        f"{json.dumps(name)}: {json.dumps(compact(facts), separators=(',', ':'))}"
        for name, facts in sorted(operators.items())
        if not name.startswith("_backward")
    ]
    with open(target, "w", encoding="utf-8") as stream:
        stream.write("{\n" + ",\n".join(lines) + "\n}\n")


def compact(facts):
    arguments = []
    for argument in facts["arguments"]:
        kind, _, default = argument["type"].partition("default=")
        kind = re.sub(r",\s*(optional|required),?\s*$", "", kind.strip())
        arguments.append([argument["name"], kind] + ([default.strip("'")] if default else []))
    row = [facts["aliases"], arguments]
    return row + [facts["variadic_count"]] if "variadic_count" in facts else row


if __name__ == "__main__":
    main(*sys.argv[1:])
