"""Finds GELU where a file writes it with Erf: x (1 + erf(x / sqrt(2))) / 2, in any order.

Each step of the formula is noted by the name of the node that computes it; the step that completes
it becomes the operator, and the nodes before it are left without a reader.
"""

import math

__all__ = ["Gelu"]


class Gelu:
    """Steps seen so far: a kind and the tensor x by the names of nodes."""

    def __init__(self):
        self._steps = {}

    def _step(self, value, kind):
        """x of a step of a kind, or None."""
        found = None if value.symbol is None else self._steps.get(value.symbol.name)
        return found[1] if found is not None and found[0] == kind else None

    def _note(self, value, kind, x):
        if value.symbol is not None:
            self._steps[value.symbol.name] = kind, x

    def erf(self, x, result):
        """Note that `result` is erf(x)."""
        scaled = self._step(x, "scaled")
        if scaled is not None:
            self._note(result, "erf", scaled)

    def completed_by_half(self, kind, x, number):
        """The tensor whose GELU is `x` with a number ("mul" or "div"), or None."""
        is_half = (kind, number) in (("mul", 0.5), ("div", 2))
        return self._step(x, "twice") if is_half else None

    def with_number(self, kind, x, number, result):
        """Note `x` with a number.

        Args:
            kind (str): "add", "mul" or "div".
            x (Value): The tensor.
            number (float): The number on its right.
            result (Value): What computes it.
        """
        if kind == "div" and number:
            kind, number = "mul", 1 / number
        erf, whole = self._step(x, "erf"), self._step(x, "one and erf")
        if kind == "add" and number == 1 and erf is not None:
            self._note(result, "one and erf", erf)
        elif kind == "mul" and math.isclose(number, math.sqrt(0.5), rel_tol=1e-5):
            self._note(result, "scaled", x)
        elif kind == "mul" and number == 0.5:
            self._note(result, *(("half", x) if whole is None else ("share", whole)))

    def completed_by_product(self, a, b):
        """The tensor whose GELU is a product, or None."""
        for first, second in ((a, b), (b, a)):
            share, whole = self._step(second, "share"), self._step(second, "one and erf")
            half = self._step(first, "half")
            if share is not None and _is_same(first, share):
                return share
            if whole is not None and half is not None and _is_same(half, whole):
                return whole
        return None

    def product(self, a, b, result):
        """Note a product."""
        for first, second in ((a, b), (b, a)):
            whole = self._step(second, "one and erf")
            if whole is not None and _is_same(first, whole):
                self._note(result, "twice", whole)


def _is_same(a, b):
    """Whether two tensors are one output of one node."""
    if a.symbol is None or b.symbol is None or a.shape != b.shape:
        return False
    return a.symbol.list_outputs() == b.symbol.list_outputs()
