"""Blocks made of symbols."""

import os

from ... import _core, error, symbol
from ..parameter import ParameterDict
from . import nesting
from .graph import TracedGraph
from .hybrid_block import HybridBlock

__all__ = ["SymbolBlock"]


_SPARSE = {"1": "row_sparse", "2": "csr"}


def _infer_types(group, inputs):
    """Types of arguments and auxiliary states by name, where they follow from those of inputs."""
    given = {}
    for each in inputs:
        own = each.infer_type_partial()[0][0]
        if own is not None:
            given[each.name] = own
    arguments, _, states = group.infer_type_partial(**given)
    names = group.list_arguments() + group.list_auxiliary_states()
    return {name: found for name, found in zip(names, arguments + states) if found is not None}


class SymbolBlock(HybridBlock):
    """A block that computes symbols from inputs; all other variables are its parameters.

    Args:
        outputs (Symbol or list of Symbol): What it computes; a list of one counts as that one.
        inputs (Symbol or list of Symbol): Variables that stand for its arguments.
        params (ParameterDict): Parameters to share.

    Example:
        >>> net = SymbolBlock.imports("resnet-symbol.json", ["data"], "resnet-0000.params")
    """

    def __init__(self, outputs, inputs, params=None):
        super().__init__(prefix=None, params=None)
        self._prefix = ""
        self._params = ParameterDict("", params)
        self._active = True
        if isinstance(inputs, symbol.Symbol):
            inputs = [inputs]
        if isinstance(outputs, (list, tuple)) and len(outputs) == 1:
            outputs = outputs[0]
        flat, self._input_structure = nesting.flatten(tuple(inputs), self.name)
        graph = TracedGraph(self.name, flat, outputs)
        self._graphs = {self._input_structure: graph}
        names = set()
        for each in flat:
            if len(each.get_internals().list_outputs()) != 1:
                raise error.AssertionError(
                    f"SymbolBlock: input {each.name} is computed; expected variables as inputs"
                )
            names.add(each.name)
        self._check_kinds(graph.symbol, names)
        types = _infer_types(graph.symbol, flat)
        for name in graph.symbol.list_arguments():
            if name not in names:
                self._add(name, types, {})
        for name in graph.symbol.list_auxiliary_states():
            if name not in names:
                self._add(name, types, {"grad_req": "null"})
        skip = len(os.path.commonprefix(list(self._params.keys()))) if self._params else 0
        if len(self._params.keys()) == 1:
            skip = 0
        self._reg_params = {name[skip:]: each for name, each in self._params.items()}

    @staticmethod
    def _check_kinds(group, inputs):
        attributes = group.attr_dict()
        for name in group.list_inputs():
            kind = attributes.get(name, {}).get("__storage_type__", "0")
            if kind != "0" and name not in inputs:
                raise error.AssertionError(
                    f"SymbolBlock: variable {name} is {_SPARSE.get(kind, kind)}; expected a dense "
                    "one, or an input, as parameters of hybrid blocks are dense"
                )

    def _add(self, name, types, options):
        if name in types:
            options["dtype"] = types[name]
        self.params.get(name, allow_deferred_init=True, **options)

    @staticmethod
    def imports(
        symbol_file, input_names, param_file=None, ctx=None, allow_missing=False, ignore_extra=False
    ):
        """Make a block of files that `HybridBlock.export` or `mx.model.save_checkpoint` wrote.

        Args:
            symbol_file (str): The network, as JSON.
            input_names (str or list of str): Its variables that are arguments of the block.
            param_file (str): The parameters; None to leave them without values.
            ctx (Context or list of Context): Where to put them.
            allow_missing (bool): Whether parameters may be missing in the file.
            ignore_extra (bool): Whether it may hold others.

        Returns:
            SymbolBlock: The block.
        """
        network = symbol.load(symbol_file)
        names = [input_names] if isinstance(input_names, str) else input_names
        dtype = {"dtype": "float32"} if param_file is None else {}
        block = SymbolBlock(network, [symbol.var(name, **dtype) for name in names])
        if param_file is not None:
            block.collect_params().load(
                param_file,
                ctx,
                allow_missing,
                ignore_extra,
                cast_dtype=True,
                dtype_source="saved",
            )
        return block

    def __repr__(self):
        graph = self._graph()
        count = len(graph.symbol)
        name = graph.symbol.name if count == 1 else graph.symbol.list_outputs()
        shown = f"<Symbol {name}>" if count == 1 else repr(graph.symbol)
        return f"{type(self).__name__}(\n{shown} : {len(graph.inputs)} -> {count}\n)"

    def _graph(self):
        return self._graphs[self._input_structure]

    def _clear_cached_op(self):
        """Make the operator anew; the graph itself was given."""
        if self._graphs:
            graph = self._graph()
            outputs = nesting.regroup(list(graph.symbol), graph.structure)
            self._graphs = {self._input_structure: TracedGraph(self.name, graph.inputs, outputs)}

    def _graph_key(self, arrays, structure):
        return structure

    def _trace_new(self, count, key):
        raise error.ValueError(
            f"{self.name}: there are {count} arrays in the arguments; expected "
            f"{len(self._graph().inputs)} as given to SymbolBlock"
        )

    def hybridize(self, active=True, **kwargs):
        """Accepted; such a block always runs as a compiled graph."""
        super().hybridize(active, **kwargs)
        self._active = True

    def _forward_symbols(self, args):
        flat, structure = nesting.flatten(args, self.name)
        if structure != self._input_structure:
            self._trace_new(len(flat), structure)
        graph = self._graph()
        result = graph.symbol(**{each.name: given for each, given in zip(graph.inputs, flat)})
        result = result._with_interface(any(map(_core.is_numpy, flat)))
        return nesting.regroup(result._outputs(), graph.structure)

    def reset_ctx(self, ctx):
        """Move the parameters to other devices."""
        self.collect_params().reset_ctx(ctx)

    def hybrid_forward(self, F, x, *args, **kwargs):
        """Not used: the graph is given."""
        raise error.NotImplementedError(
            "SymbolBlock: hybrid_forward is not defined; call the block"
        )
