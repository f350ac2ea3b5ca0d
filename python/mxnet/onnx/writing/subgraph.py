"""Graphs inside of nodes of ONNX: bodies of loops and branches."""

from ..package import onnx
from .dtypes import code_of


def graph_of(inner, name, inputs, outputs):
    """What a writer has collected as a graph.

    Args:
        inner: The writer, whose parent is that of the graph around.
        name: Name of the graph.
        inputs: A name and a NumPy dtype each, and a shape where ONNX wants to know it.
        outputs: Pairs of a name and a NumPy dtype; values from outside may be among them.
    """
    names = [inner.Identity(value) for value, _ in outputs]
    return onnx.helper.make_graph(
        inner.nodes,
        name,
        [_info(*each) for each in inputs],
        [_info(value, dtype) for value, (_, dtype) in zip(names, outputs)],
    )


def _info(name, dtype, shape=None):
    return onnx.helper.make_tensor_value_info(name, code_of(dtype), shape)
