"""Graphs inside of nodes of ONNX: bodies of loops and branches."""

import numpy as np

from ..package import onnx
from .dtypes import code_of
from .writer import Writer


def graph_of(inner, name, inputs, outputs):
    """What a writer has collected as a graph.

    Args:
        inner: The writer, whose parent is that of the graph around.
        name: Name of the graph.
        inputs: A name and a NumPy dtype each, and a shape where ONNX wants to know it.
        outputs: The same; values from outside may be among them.
    """
    names = [inner.Identity(value) for value, *_ in outputs]
    return onnx.helper.make_graph(
        inner.nodes,
        name,
        [_info(*each) for each in inputs],
        [_info(name, *kind) for name, (_, *kind) in zip(names, outputs)],
    )


def _info(name, dtype, shape=None):
    return onnx.helper.make_tensor_value_info(name, code_of(dtype), shape)


def scan(g, states, pieces, step, backward=False):
    """Scan: the same nodes for each element along the first axis.

    Args:
        g: The writer.
        states: A value, its NumPy dtype and its number of axes each: what a step hands to the next
            one. Runtimes do not see how many axes follow from constants outside of a body.
        pieces: Pairs of a value, cut along axis 0, and its NumPy dtype.
        step: Takes the writer of the body, a list of states and a list of pieces; gives the new
            states, and a value, its dtype and its number of axes each to be stacked.
        backward: Whether the last element comes first. Results are stacked in the order of pieces.

    Returns:
        tuple of lists: The last states, and what was stacked.
    """
    inner = Writer(parent=g)
    kinds = [(dtype, [None] * rank) for _, dtype, rank in states]
    names = [g.new_name("state") for _ in states]
    cut = [g.new_name("piece") for _ in pieces]
    after, rows = step(inner, names, cut)
    inputs = [(name, *kind) for name, kind in zip(names, kinds)]
    inputs += zip(cut, (dtype for _, dtype in pieces))
    outputs = [(value, *kind) for value, kind in zip(after, kinds)]
    outputs += [(value, dtype, [None] * rank) for value, dtype, rank in rows]
    body = graph_of(inner, "step", inputs, outputs)
    found = g.add(
        "Scan",
        [value for value, *_ in (*states, *pieces)],
        outputs=len(states) + len(rows),
        body=body,
        num_scan_inputs=len(pieces),
        scan_input_directions=[int(backward)] * len(pieces),
        scan_output_directions=[int(backward)] * len(rows) or None,
    )
    found = [found] if isinstance(found, str) else found
    return found[: len(states)], found[len(states) :]


def repeat_while(g, states, step):
    """Loop: the same nodes as long as they say so, and at least once.

    Args:
        g: The writer.
        states: Pairs of a value and its NumPy dtype: what a step hands to the next one.
        step: Takes the writer of the body and a list of states; gives whether to go on (a bool
            without axes) and the new states.

    Returns:
        list: The last states.
    """
    inner = Writer(parent=g)
    kinds = [dtype for _, dtype in states]
    names = [g.new_name("state") for _ in states]
    goes_on, after = step(inner, names)
    number, going = g.new_name("number"), g.new_name("going")
    inputs = [(number, np.dtype("int64"), ()), (going, np.dtype(bool), ()), *zip(names, kinds)]
    body = graph_of(inner, "step", inputs, [(goes_on, np.dtype(bool)), *zip(after, kinds)])
    given = [None, g.number(True, bool), *(value for value, _ in states)]
    found = g.add("Loop", given, outputs=len(states), body=body)
    return [found] if isinstance(found, str) else found
