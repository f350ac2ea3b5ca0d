"""List the environment variables that are read, with their values."""

import textwrap

from .. import _core
from .output import print_json


def add_arguments(parser):
    """The command has no arguments of its own."""


def run(options):
    """Run the command."""
    variables = [
        dict(zip(("name", "value", "default", "doc"), each))
        for each in _core.environment_variables()
    ]
    if options.json:
        print_json(variables)
        return
    for each in variables:
        changed = "" if each["value"] == each["default"] else f"  (default {each['default']!r})"
        print(f"{each['name']}={each['value']}{changed}")
        print(textwrap.indent(textwrap.fill(each["doc"], 96), "    "))
