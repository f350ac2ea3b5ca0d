"""Graphs of blocks after a backend that a library brought."""

from ...context import cpu
from ..parameter import Parameter
from . import nesting
from .graph import TracedGraph

__all__ = ["optimize_graph"]


def optimize_graph(block, graph, arrays, ctx, backend, options):
    """The graph after the backend, which sees the parameters and the arguments of a call.

    Args:
        block (HybridBlock): Whose graph it is; gets the parameters that are new.
        graph (TracedGraph): What was traced.
        arrays (list of NDArray): The arrays in the arguments.
        ctx (Context): Where the parameters are asked for.
        backend (str): Name of a partitioner or a pass.
        options (dict): For the backend.
    """
    parameters = block.collect_params()
    states = set(graph.symbol.list_auxiliary_states())
    known = {each.name: array for each, array in zip(graph.inputs, arrays)}
    args, aux = {}, {}
    for name in graph.symbol.list_inputs():
        array = known[name] if name in known else parameters[name].data(ctx)
        (aux if name in states else args)[name] = array
    before = set(args) | set(aux)
    result = graph.symbol.optimize_for(backend, args, aux, ctx, **options)
    for arguments, grad_req in ((args, "write"), (aux, "null")):
        for name in sorted(set(arguments) - before):
            array = arguments[name]
            new = Parameter(name, grad_req, array.shape, array.dtype)
            new._load_init(array.as_in_context(cpu()), ctx, cast_dtype=True, dtype_source="saved")
            block.params.update({name: new})
    outputs = nesting.regroup(list(result), graph.structure)
    return TracedGraph(graph.owner, graph.inputs, outputs)
