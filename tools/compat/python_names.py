"""Compares the names of the Python package with those of MXNet 1.9.1.

usage: python tools/compat/python_names.py REFERENCE.json [MODULE ...]

The reference holds, by module, its names; a class has its members under "members". Prints how many
there are, how many of them are missing, and those of the modules (all without one).
"""

import importlib
import inspect
import json
import sys
import warnings


def names_of(members):
    """Public names of a module in the reference, with those of its classes (list of str)."""
    found = []
    for name, description in members.items():
        if name.startswith("_"):
            continue
        found.append(name)
        if isinstance(description, dict):
            found += [f"{name}.{each}" for each in description.get("members", ()) if each[0] != "_"]
    return found


def has(module, name):
    """Whether a module has the name; members count where the class is one."""
    owner, _, member = name.partition(".")
    found = getattr(module, owner, None)
    if not member:
        return hasattr(module, owner)
    return hasattr(found, member) if inspect.isclass(found) else found is not None


def missing_names(reference):
    """Missing names by module, and how many names there are."""
    missing, count = {}, 0
    for module_name, members in sorted(reference.items()):
        names = names_of(members)
        count += len(names)
        try:
            module = importlib.import_module(module_name)
        except ImportError:
            module = None
        absent = [name for name in names if module is None or not has(module, name)]
        # A class that is missing counts once.
        absent = [name for name in absent if "." not in name or name.split(".")[0] not in absent]
        if absent:
            missing[module_name] = absent
    return missing, count


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    with open(arguments[0], encoding="utf-8") as file:
        reference = json.load(file)
    warnings.simplefilter("ignore")
    missing, count = missing_names(reference)
    print(f"{count} names, {sum(map(len, missing.values()))} missing")
    for module, names in missing.items():
        if not arguments[1:] or module in arguments[1:]:
            print(f"{module}: {' '.join(names)}")


if __name__ == "__main__":
    main(sys.argv[1:])
