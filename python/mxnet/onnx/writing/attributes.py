"""Parameters of an operator's node, as Python values with the operator's defaults."""

import ast
import functools

from ... import _core


@functools.cache
def _fields(op):
    """Kind and default (text or None) of each parameter by name."""
    return {name: (kind, default) for name, kind, default, _ in _core.describe_op(op)["params"]}


def parse(kind, text):
    """The value that a text says for a parameter of a kind, as `describe_op` names kinds."""
    if text == "None":
        return None
    if kind.startswith(("Shape", "tuple")):
        values = ast.literal_eval(text.replace("L", ""))
        return tuple(values) if isinstance(values, (tuple, list)) else (values,)
    if kind.startswith("boolean"):
        return text.lower() in ("1", "true")
    if kind.startswith(("int", "long")):
        return int(float(text)) if "." in text or "e" in text else int(text)
    if kind.startswith(("float", "double")):
        return float(text)
    return text


class Attributes:
    """Values by name as attributes of Python: ``node.attrs.kernel``.

    What was asked for is remembered, so that a parameter that a translation forgot is an error and
    not a network with other numbers.

    Args:
        op: Name of the operator in the registry.
        texts: What the node says, by name.
    """

    def __init__(self, op, texts):
        self._op = op
        self.texts = texts
        self._seen = set()

    def __getattr__(self, name):
        if name.startswith("__") or name not in _fields(self._op):
            raise AttributeError(f"{self._op}: no parameter {name}")
        self._seen.add(name)
        kind, default = _fields(self._op)[name]
        text = self.texts.get(name, default)
        return None if text is None else parse(kind, text)

    def ignore(self, *names):
        """Says of parameters that they change nothing here."""
        self._seen.update(names)

    def unseen(self, ignored=()):
        """Parameters, with their texts, that say something else than the default, unasked for."""
        for name, (kind, default) in _fields(self._op).items():
            text = self.texts.get(name)
            if name in self._seen or name in ignored or text is None:
                continue
            if default is None or parse(kind, text) != parse(kind, default):
                yield name, text
