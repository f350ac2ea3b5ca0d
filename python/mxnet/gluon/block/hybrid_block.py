"""Blocks that run operator by operator or as one compiled graph."""

import warnings

from ... import _core, autograd, error, symbol
from ... import ndarray as nd
from ..._numpy_mode import is_np_array
from ...attribute import AttrScope
from ...context import current_context
from ..parameter import DeferredInitializationError
from . import nesting
from .backend import optimize_graph
from .block import Block
from .graph import TracedGraph

__all__ = ["HybridBlock"]


class HybridBlock(Block):
    """A layer or network that can be compiled; a subclass defines `hybrid_forward`.

    ``hybrid_forward(F, x, ...)`` gets `mx.nd` or `mx.sym` as F, the arguments, and its own
    parameters by name; ``F.np`` and ``F.npx`` are `mx.np` and `mx.npx` for arrays or for symbols.
    After `hybridize` it is called with symbols, once for each structure of the arguments, and the
    graph that comes out is run from then on.

    Args:
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.

    Example:
        >>> class Scale(HybridBlock):
        ...     def __init__(self, **kwargs):
        ...         super().__init__(**kwargs)
        ...         self.factor = self.params.get("factor", shape=(1,))
        ...     def hybrid_forward(self, F, x, factor):
        ...         return F.broadcast_mul(x, factor)
    """

    _is_container = False

    def __init__(self, prefix=None, params=None):
        self._graphs = {}
        self._active = False
        self._flags = []
        self._watches = []
        self._is_repeated = False
        self._backend = None
        super().__init__(prefix=prefix, params=params)

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if isinstance(value, HybridBlock):
            self._clear_cached_op()

    def register_child(self, block, name=None):
        """Make a hybrid block a child; see `Block.register_child`.

        Raises:
            ValueError: It is no hybrid block.
        """
        if not isinstance(block, HybridBlock):
            raise error.ValueError(
                f"{self.name}: child {getattr(block, 'name', block)} is of type "
                f"{type(block).__name__}; expected a HybridBlock, such as HybridSequential in "
                "place of Sequential"
            )
        super().register_child(block, name)
        self._clear_cached_op()

    def _clear_cached_op(self):
        """Forget graphs, because what they were traced from changed."""
        self._graphs = {}

    def hybridize(
        self,
        active=True,
        backend=None,
        clear=True,
        static_alloc=False,
        static_shape=False,
        inline_limit=2,
        forward_bulk_size=None,
        backward_bulk_size=None,
        remat=False,
        **kwargs,
    ):
        """Run as one compiled graph from the next call on.

        Args:
            active (bool): Whether to do so.
            backend (str): A backend that changes the graph; see `Symbol.optimize_for`.
            clear (bool): Whether graphs traced so far are forgotten.
            static_alloc (bool): Whether memory is kept between calls.
            static_shape (bool): Whether shapes stay the same.
            inline_limit (int): Accepted.
            forward_bulk_size (int): Accepted.
            backward_bulk_size (int): Accepted.
            remat (bool, str or tuple of str): Classes of blocks that keep nothing but their outputs
                for the backward pass and compute what is inside of them again there; True for all
                of several layers but Sequential ones. Saves memory and costs time.
            **kwargs: Options of the backend.
        """
        flags = {
            "static_alloc": static_alloc,
            "static_shape": static_shape,
            "inline_limit": inline_limit,
            "forward_bulk_size": forward_bulk_size,
            "backward_bulk_size": backward_bulk_size,
        }
        self._active = active
        self._watches = []
        self._flags = [(key, value) for key, value in flags.items() if value is not None]
        if clear:
            self._clear_cached_op()
        if active and (self._forward_hooks or self._forward_pre_hooks):
            warnings.warn(
                f"{self.name}.hybridize: the block has hooks; inside of another hybridized block "
                "they are not called",
                stacklevel=2,
            )
        self._is_repeated = active and self._is_one_of(remat)
        self._backend = (backend, kwargs) if active and backend else None
        super().hybridize(active, clear=clear, remat=remat, **dict(self._flags))

    def _is_one_of(self, remat):
        if isinstance(remat, bool):
            layers = []
            self.apply(lambda block: block._children or layers.append(block))
            return remat and len(layers) > 1 and not self._is_container
        return type(self).__name__ in ((remat,) if isinstance(remat, str) else remat)

    def optimize_for(
        self,
        x,
        *args,
        backend=None,
        clear=False,
        static_alloc=False,
        static_shape=False,
        inline_limit=2,
        forward_bulk_size=None,
        backward_bulk_size=None,
        **kwargs,
    ):
        """`hybridize`, and trace at once with the given arguments.

        Args:
            x (NDArray): First argument of the block.
            *args: The others.
            backend (str): A backend that changes the graph; see `Symbol.optimize_for`.
            clear (bool): Whether graphs traced so far are forgotten.
            static_alloc, static_shape, inline_limit, forward_bulk_size, backward_bulk_size: See
                `hybridize`.
            **kwargs: Options of the backend.

        Raises:
            ValueError: There is no backend, or no array among the arguments.
        """
        if not backend:
            raise error.ValueError(
                f"{self.name}.optimize_for: backend={backend!r} names none; expected the name of a "
                "backend (hybridize() does without)"
            )
        if clear or not self._active:
            self.hybridize(
                True,
                backend,
                clear,
                static_alloc,
                static_shape,
                inline_limit,
                forward_bulk_size,
                backward_bulk_size,
                **kwargs,
            )
        else:
            self._backend = (backend, kwargs)
            self._clear_cached_op()
        if not any(isinstance(each, nd.NDArray) for each in nesting.leaves((x, args))):
            raise error.ValueError(
                f"{self.name}.optimize_for: there is no NDArray in the arguments; expected what "
                "the block is called with"
            )
        with x.context if isinstance(x, nd.NDArray) else current_context():
            self._run_graph(current_context(), (x, *args))

    def cast(self, dtype):
        """Turn the parameters into another type; graphs are traced again."""
        self._clear_cached_op()
        super().cast(dtype)

    def register_op_hook(self, callback, monitor_all=False):
        """Call ``callback(node name, operator name, array)`` for outputs of all nodes.

        The graph of a hybridized block runs node by node from then on, up to `hybridize`.

        Args:
            callback (function): What to call.
            monitor_all (bool): Whether it is called for inputs too.
        """
        self._watches = [*self._watches, (callback, monitor_all)]

    # Graphs.

    def _trace(self, args):
        """The graph for arguments of this structure (TracedGraph), traced when it is new."""
        flat, structure = nesting.flatten(args, self.name)
        key = self._graph_key(flat, structure)
        graph = self._graphs.get(key)
        if graph is None:
            graph = self._trace_new(len(flat), key)
            self._graphs[key] = graph
        return graph, flat

    def _graph_key(self, arrays, structure):
        """What arguments have to have in common to use one graph.

        Arrays of `mx.np` get a graph of its symbols, so that ``x + y`` means the same in both.
        """
        return structure, is_np_array() or any(map(_core.is_numpy, arrays))

    def _trace_new(self, count, key):
        structure, is_numpy = key
        names = ["data"] if count == 1 else [f"data{number}" for number in range(count)]
        inputs = [symbol.var(name)._with_interface(is_numpy) for name in names]
        return TracedGraph(
            self.name, inputs, self._forward_symbols(nesting.regroup(inputs, structure))
        )

    def _get_graph(self, *args):
        """Variables and the symbol of the block for such arguments (tuple)."""
        graph, _ = self._trace(args)
        return graph.inputs, graph.symbol

    def _infer(self, function, attribute, args):
        graph, flat = self._trace(args)
        found = graph.infer(function, attribute, flat)
        for parameter in self.collect_params().values():
            if parameter.name in found:
                setattr(parameter, attribute, found[parameter.name])

    def infer_shape(self, *args):
        """Tell all parameters their shapes, which follow from those of the arguments."""
        self._infer("infer_shape", "shape", args)

    def infer_type(self, *args):
        """Tell all parameters their types, which follow from those of the arguments."""
        self._infer("infer_type", "dtype", args)

    def _initialize_deferred(self, args, parameters):
        """Initialize what was waiting for shapes."""
        try:
            self.infer_shape(*args)
        except error.MXNetError as cause:
            waiting = ", ".join(
                f"{each.name} {each.shape}" for each in parameters if each._deferred_init
            )
            raise error.ValueError(
                f"{self.name}: deferred initialization of {waiting} failed, because the shapes "
                f"cannot be inferred ({cause}); expected inputs that fit, or whole shapes"
            ) from cause
        for parameter in parameters:
            parameter._finish_deferred_init()

    # Running.

    def _run_graph(self, ctx, args):
        graph, flat = self._trace(args)
        if not graph.is_prepared:
            if self._backend:
                graph = self._optimize(graph, flat, ctx, args)
            graph.prepare(self.collect_params(), self._flags)
        try:
            return graph.run(flat, ctx, self._watches)
        except DeferredInitializationError:
            self._initialize_graph(ctx, args, graph.symbol.list_inputs())
            return graph.run(flat, ctx, self._watches)

    def _optimize(self, graph, flat, ctx, args):
        """Put the graph after the backend in the place of the graph."""
        key = next(each for each, known in self._graphs.items() if known is graph)
        backend, options = self._backend
        try:
            graph = optimize_graph(self, graph, flat, ctx, backend, options)
        except DeferredInitializationError:
            self._initialize_graph(ctx, args, graph.symbol.list_inputs())
            graph = optimize_graph(self, graph, flat, ctx, backend, options)
        self._graphs[key] = graph
        return graph

    def _initialize_graph(self, ctx, args, inputs):
        """Initialize what was waiting for shapes, by the graph or, where that does not tell all of
        them, by a run of the blocks one by one: recurrent layers know more than their graphs.

        The order of the graph's `inputs` decides which random numbers each gets.
        """
        place = {name: number for number, name in enumerate(inputs)}
        parameters = sorted(
            self.collect_params().values(), key=lambda each: place.get(each.name, len(place))
        )
        try:
            self._initialize_deferred(args, parameters)
        except error.MXNetError:
            if not self._children:
                raise
            with autograd.pause(train_mode=False):
                self._run_operators(ctx, args)

    def _run_operators(self, ctx, args):
        try:
            values = {name: each.data(ctx) for name, each in self._reg_params.items()}
        except DeferredInitializationError:
            self._initialize_deferred(args, list(self.params.values()))
            values = {name: each.data(ctx) for name, each in self._reg_params.items()}
        return self.hybrid_forward(nd, *args, **values)

    def _forward_symbols(self, args):
        variables = {name: each.var() for name, each in self._reg_params.items()}
        with self.name_scope():
            if not self._is_repeated:
                return self.hybrid_forward(symbol, *args, **variables)
            with AttrScope(force_mirroring="True"):
                result = self.hybrid_forward(symbol, *args, **variables)
        for each in nesting.leaves(result):
            each._set_attr(force_mirroring="False")
        return result

    def _kind_of(self, args):
        """Whether the arguments hold arrays, and the device of the first.

        Raises:
            ValueError: They hold neither arrays nor symbols, or both, or, for a graph, arrays of
                several devices.
        """
        kinds, first, several = set(), None, False
        for each in nesting.leaves(args):
            if isinstance(each, nd.NDArray):
                kinds.add("NDArray")
                context = each.context
                first = first or context
                several = several or context != first
            elif isinstance(each, symbol.Symbol):
                kinds.add("Symbol")
        if len(kinds) != 1:
            raise error.AssertedValueError(
                f"{self.name}: the arguments hold {' and '.join(sorted(kinds)) or 'no array'}; "
                "expected at least one NDArray or Symbol, and not both"
            )
        if several and self._active:
            raise error.ValueError(
                f"{self.name}: the arguments are on several devices; expected one, because the "
                "block is hybridized"
            )
        return first

    def forward(self, x, *args):
        """Run on arrays, or build a symbol of symbols.

        Args:
            x (NDArray or Symbol): First argument.
            *args: The others.
        """
        args = (x, *args)
        ctx = x.context if isinstance(x, nd.NDArray) and len(args) == 1 else self._kind_of(args)
        if ctx is None:
            return self._forward_symbols(args)
        run = self._run_graph if self._active else self._run_operators
        if ctx == current_context():
            return run(ctx, args)
        with ctx:
            return run(ctx, args)

    def hybrid_forward(self, F, x, *args, **kwargs):
        """Compute the outputs; a subclass defines it.

        Args:
            F (module): `mx.nd` or `mx.sym`.
            x (NDArray or Symbol): First argument.
            *args: The others.
            **kwargs: Its own parameters by name.
        """
        raise error.NotImplementedError(
            f"{type(self).__name__}: hybrid_forward is not defined; expected it in the class"
        )

    def _last_graph(self, what):
        """The graph that was traced last (TracedGraph), for the method `what`."""
        if not self._graphs:
            raise error.MXNetError(
                f"{self.name}.{what}: there is no graph yet; expected hybridize() and a call of "
                "the block before"
            )
        return next(reversed(self._graphs.values()))

    def export(self, path, epoch=0, remove_amp_cast=True):
        """Write the network and its parameters, for `SymbolBlock.imports` and `mx.mod.Module`.

        Args:
            path (str): Files are ``path-symbol.json`` and ``path-0000.params``.
            epoch (int): Number in the name of the second file.
            remove_amp_cast (bool): Whether casts that mixed precision added are left out.

        Raises:
            MXNetError: The block did not run since it was hybridized.
        """
        graph = self._last_graph("export")
        graph.symbol.save(f"{path}-symbol.json", remove_amp_cast=remove_amp_cast)
        states = set(graph.symbol.list_auxiliary_states())
        parameters = self.collect_params()
        arrays = {
            ("aux:" if name in states else "arg:") + name: parameters[name]._reduce()
            for name in graph.symbol.list_inputs()
            if name in parameters
        }
        if len(arrays) < len(parameters.keys()):
            unused = sorted(set(parameters) - set(graph.symbol.list_inputs()))
            warnings.warn(
                f"{self.name}.export: {', '.join(unused)} not written, because the graph does not "
                "use them",
                stacklevel=2,
            )
        nd.save(f"{path}-{epoch:04d}.params", arrays)
