"""Einsum: one product of stacks of matrices after the other."""

import re

from ..... import error
from ...registry import translates
from ..tensor.shape import _product
from .products import multiply


def _labels(node, equation, values):
    """Letters of the axes of inputs and output; those of an ellipsis are numbers."""
    text = equation.replace(" ", "")
    if not re.fullmatch(r"[A-Za-z.,]*(->[A-Za-z.]*)?", text):
        raise error.ValueError(
            f"{node.title}: equation={equation!r} of Einsum cannot be read; letters, commas and an "
            "arrow are expected"
        )
    left, arrow, right = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(values):
        raise error.ValueError(
            f"{node.title}: equation={equation!r} of Einsum has {len(terms)} terms; "
            f"{len(values)} are expected"
        )
    most = max(
        v.rank - len(t.replace("...", "")) if "..." in t else 0 for t, v in zip(terms, values)
    )
    inputs = []
    for term, value in zip(terms, values):
        count = value.rank - len(term.replace("...", ""))
        letters = _spell(term, list(range(most - count, most)) if count > 0 else [])
        if len(letters) != value.rank:
            raise error.ValueError(
                f"{node.title}: equation={equation!r} of Einsum does not fit the shape "
                f"{list(value.shape)}; a letter for each axis is expected"
            )
        inputs.append(letters)
    every = [letter for letters in inputs for letter in letters]
    if arrow:
        return inputs, _spell(right, list(range(most)))
    once = sorted(x for x in set(every) if isinstance(x, str) and every.count(x) == 1)
    return inputs, list(range(most)) + once


def _spell(term, ellipsis):
    before, dots, after = term.partition("...")
    return [*before, *(ellipsis if dots else []), *after]


@translates("Einsum")
def einsum(node, *values):
    inputs, output = _labels(node, node.attr("equation", ""), values)
    values = list(values)
    for i, (letters, value) in enumerate(zip(inputs, values)):
        inputs[i], values[i] = _diagonals(node, letters, value)
    letters, total = inputs[0], values[0]
    for k in range(1, len(values)):
        later = set(output).union(*inputs[k + 1 :])
        letters, total = _pair(node, letters, total, inputs[k], values[k], later)
    gone = [i for i, letter in enumerate(letters) if letter not in output]
    total = node.reduce("sum", total, gone, False)
    letters = [letter for letter in letters if letter in output]
    return node.transpose(total, [letters.index(letter) for letter in output])


def _diagonals(node, letters, value):
    """A term in which each letter stands once."""
    letters = list(letters)
    for letter in dict.fromkeys(letters):
        while letters.count(letter) > 1:
            first = letters.index(letter)
            second = letters.index(letter, first + 1)
            value = node.op("diag", value, axis1=first, axis2=second).like(dtype=value.dtype)
            letters = [x for i, x in enumerate(letters) if i not in (first, second)] + [letter]
    return letters, value


def _pair(node, left, a, right, b, later):
    """The product of two terms, summed over what nobody needs later."""
    sizes = dict(zip(right, b.shape))
    for letter, size in zip(left, a.shape):
        if sizes.get(letter, 1) == 1:
            sizes[letter] = size
    shared = [x for x in left if x in right and x in later]
    inner = [x for x in left if x in right and x not in later]
    rows = [x for x in left if x not in right]
    columns = [x for x in right if x not in left]
    first = _arranged(node, left, a, [shared, rows, inner], sizes)
    second = _arranged(node, right, b, [shared, inner, columns], sizes)
    result = multiply(node, first, second)
    names = [*shared, *rows, *columns]
    return names, node.reshape(result, [sizes[x] for x in names])


def _arranged(node, letters, value, groups, sizes):
    """A stack of matrices with groups of axes as its three axes."""
    order = [x for group in groups for x in group]
    moved = node.transpose(value, [letters.index(x) for x in order])
    wide = node.broadcast_to(moved, [sizes[x] for x in order])
    return node.reshape(wide, [_product([sizes[x] for x in group]) for group in groups])
