"""Dropout, which predictions leave out."""

from ..registry import translates


@translates("Dropout", kind="one", ignores=("p", "axes"))
def dropout(node, g):
    if node.attrs.mode == "always":
        node.refuse("draws random numbers in predictions", "'training' is expected", "mode")
    return node.inputs[0]
