"""Symbols bound to arrays."""

from . import _core, error
from ._core import NDArray
from ._numpy_mode import shape_is_known
from .ndarray import ndarray as nd

__all__ = ["Executor"]


class Executor:
    """A symbol with arrays for its arguments, which can be run forwards and backwards.

    Made by `Symbol.bind` and `Symbol.simple_bind`. The outputs of a symbol of `mx.np` are its
    arrays, as are the arrays that `simple_bind` makes.

    Attributes:
        arg_arrays (list of NDArray): The arguments, in the order of `Symbol.list_arguments`.
        grad_arrays (list of NDArray): Their gradients; None where none is asked for.
        aux_arrays (list of NDArray): The auxiliary states.
        outputs (list of NDArray): The outputs, filled by `forward`.
    """

    def __init__(self, symbol, ctx, args, grads, reqs, aux, shared_exec=None, group2ctx=None):
        self._symbol = symbol
        self._is_numpy = _core.is_numpy(symbol)
        self._ctx = ctx
        self._group2ctx = group2ctx or {}
        self._reqs = reqs
        self.arg_arrays, self.grad_arrays, self.aux_arrays = args, grads, aux
        self._arg_names = symbol.list_arguments()
        self._arg_numbers = {name: i for i, name in enumerate(self._arg_names)}
        self._handle = _core.bind(
            symbol,
            args,
            grads,
            reqs,
            aux,
            ctx,
            shared_exec and shared_exec._handle,
            self._group2ctx,
        )
        self._arg_dict = self._grad_dict = self._aux_dict = None
        self.outputs = self._of_symbol(self._handle.outputs())
        # Outputs whose shapes follow from data are there after a forward, new ones each time.
        self._outputs_follow_data = any(output is None for output in self.outputs)

    @property
    def arg_dict(self):
        """Arguments by name (dict of str to NDArray)."""
        if self._arg_dict is None:
            self._arg_dict = _by_name(self._arg_names, self.arg_arrays, "argument")
        return self._arg_dict

    @property
    def grad_dict(self):
        """Gradients by the names of their arguments (dict of str to NDArray)."""
        if self._grad_dict is None:
            self._grad_dict = _by_name(self._arg_names, self.grad_arrays, "argument")
        return self._grad_dict

    @property
    def aux_dict(self):
        """Auxiliary states by name (dict of str to NDArray)."""
        if self._aux_dict is None:
            names = self._symbol.list_auxiliary_states()
            self._aux_dict = _by_name(names, self.aux_arrays, "auxiliary state")
        return self._aux_dict

    @property
    def output_dict(self):
        """Outputs by name (dict of str to NDArray)."""
        return _by_name(self._symbol.list_outputs(), self.outputs, "output")

    def forward(self, is_train=False, **kwargs):
        """Compute the outputs.

        Args:
            is_train (bool): Whether operators such as Dropout train, and whether `backward`
                follows.
            **kwargs (NDArray or numpy.ndarray): New values of arguments, by name.

        Returns:
            list of NDArray: The outputs; the same arrays at each call.

        Raises:
            TypeError: There is no argument of that name.
            ValueError: A value is no array or has the wrong shape.
        """
        self._handle.forward(is_train, *self._feeds(kwargs))
        if self._outputs_follow_data:
            self.outputs = self._of_symbol(self._handle.outputs())
        return self.outputs

    def _of_symbol(self, arrays):
        """The same arrays as objects of the interface that the symbol has."""
        if not self._is_numpy:
            return arrays
        return [None if array is None else array.as_np_ndarray() for array in arrays]

    def _feeds(self, values):
        """Numbers of arguments, and arrays of their dtypes with the values they get."""
        numbers, arrays = [], []
        for name, value in values.items():
            number = self._arg_numbers.get(name)
            if number is None:
                raise error.TypeError(
                    f"forward: {name} is not an argument; expected one of "
                    f"{', '.join(self._arg_names)}"
                )
            numbers.append(number)
            arrays.append(_fitting(name, value, self.arg_arrays[number]))
        return numbers, arrays

    def answers(self):
        """The outputs of the calling thread's last `forward`, as a list of NDArray.

        Unlike those of `outputs`, these arrays are not written by later calls; in a thread that
        has called nothing they are those of the last call.
        """
        return self._of_symbol(self._handle.answers())

    def backward(self, out_grads=None, is_train=True):
        """Compute the gradients of the last `forward`.

        Args:
            out_grads (NDArray, list or dict of NDArray): Gradients of the outputs, which are
                converted to their dtypes; not needed where an output is a loss or has no gradient.
            is_train (bool): Accepted for compatibility: the mode is that of the forward pass.

        Raises:
            MXNetError: A gradient is missing or has another shape than its output, no forward came
                before, or one with random numbers came before the last backward.
        """
        if out_grads is None:
            out_grads = ()
        elif isinstance(out_grads, NDArray):
            out_grads = (out_grads,)
        elif isinstance(out_grads, dict):
            out_grads = [out_grads.get(name) for name in self._symbol.list_outputs()]
        self._handle.backward(out_grads)

    def copy_params_from(self, arg_params, aux_params=None, allow_extra_params=False):
        """Copy values into arguments and auxiliary states.

        Args:
            arg_params (dict of str to NDArray): Arguments by name.
            aux_params (dict of str to NDArray): Auxiliary states by name.
            allow_extra_params (bool): Whether to pass over names that are not there.

        Raises:
            ValueError: A name is not there, or a shape differs.
        """
        _copy_all(arg_params, self.arg_dict, "argument", allow_extra_params)
        _copy_all(aux_params or {}, self.aux_dict, "auxiliary state", allow_extra_params)

    def reshape(self, partial_shaping=False, allow_up_sizing=False, **kwargs):
        """An executor for other shapes that shares the arrays whose shapes stay.

        Args:
            partial_shaping (bool): Whether shapes that are not given may change too.
            allow_up_sizing (bool): Whether arrays may grow; they are then allocated anew.
            **kwargs (tuple of int): New shapes by name.

        Raises:
            MXNetError: A shape changes in a way that was not allowed.
        """
        arg_shapes, _, aux_shapes = self._symbol.infer_shape(**kwargs)
        if arg_shapes is None:
            raise error.ValueError(
                "reshape: the shapes given do not determine all shapes; expected more of them"
            )
        resizer = _Resizer(self._ctx, kwargs, partial_shaping, allow_up_sizing)
        args = resizer.resize_all(self._arg_names, self.arg_arrays, arg_shapes)
        grads = resizer.resize_all(self._arg_names, self.grad_arrays, arg_shapes)
        aux = resizer.resize_all(self._symbol.list_auxiliary_states(), self.aux_arrays, aux_shapes)
        return Executor(
            self._symbol, self._ctx, args, grads, self._reqs, aux, self, self._group2ctx
        )

    def set_monitor_callback(self, callback, monitor_all=False):
        """Call a function with each result of `forward` and each gradient of `backward`.

        The function is called by the thread that runs them, after all have been computed.

        Args:
            callback (function): ``callback(name, array)``; None ends the calls.
            monitor_all (bool): Whether to show the inputs of operators too.
        """
        self._handle.set_monitor(callback, monitor_all)

    def debug_str(self):
        """The plan in words; the last line says how much memory it takes."""
        return self._handle.debug_str()

    def get_optimized_symbol(self):
        """The symbol that inference runs after all passes."""
        return self._handle.optimized_symbol()


def _fitting(name, value, array):
    """`value` as an NDArray of the dtype and kind of `array`, whose shape it must have."""
    shape = getattr(value, "shape", None)
    if shape is None:
        raise error.ValueError(
            f"forward: {name} is of type {type(value).__name__}; expected an "
            "NDArray or a NumPy array"
        )
    if tuple(shape) != array.shape:
        raise error.ValueError(
            f"forward: {name} has the shape {tuple(shape)}; expected {array.shape}"
        )
    if not isinstance(value, NDArray):
        return nd.array(value, ctx=array.context, dtype=array.dtype)
    if value.stype != array.stype:
        value = value.tostype(array.stype)
    return value if value.dtype == array.dtype else value.astype(array.dtype)


def _by_name(names, arrays, what):
    if len(set(names)) != len(names):
        twice = sorted(name for name in set(names) if names.count(name) > 1)
        raise error.ValueError(
            f"Executor: there are several {what}s named {twice[0]}; expected each name once"
        )
    return dict(zip(names, arrays))


def _copy_all(values, arrays, what, allow_extra):
    for name, value in values.items():
        if name in arrays:
            value = nd.array(value) if not isinstance(value, NDArray) else value
            value.copyto(arrays[name])
        elif not allow_extra:
            raise error.ValueError(
                f"copy_params_from: {name} is not an {what}; expected one of {', '.join(arrays)}"
            )


class _Resizer:
    """Makes arrays of new shapes out of old ones."""

    def __init__(self, ctx, given, partial_shaping, allow_up_sizing):
        self._ctx, self._given = ctx, given
        self._partial, self._grow = partial_shaping, allow_up_sizing

    def resize_all(self, names, arrays, shapes):
        """The arrays in their new shapes; None stays None."""
        return [
            array if array is None or array.shape == shape else self._resize(name, array, shape)
            for name, array, shape in zip(names, arrays, shapes)
        ]

    def _resize(self, name, array, shape):
        if name not in self._given and not self._partial:
            raise _error(
                f"reshape: the shape of {name} changes from {array.shape} to {shape} "
                "although it was not given; expected it among the arguments, or "
                "partial_shaping=True"
            )
        if array.stype != "default":
            return _core.sparse_zeros(array.stype, shape, self._ctx, array.dtype)
        if _size(shape) <= array.size:
            return array._view(shape, 0)
        if not self._grow:
            raise _error(
                f"reshape: {name} grows from {array.shape} to {shape}; expected "
                "allow_up_sizing=True, or the largest shape first"
            )
        return _core.fresh_zeros(shape, self._ctx, array.dtype)


def _error(text):
    return error.ValueError(text)


def _as_list(names, arrays, what, allow_missing=False):
    """Arrays in the order of `names`, given as a list or by name."""
    if arrays is None:
        arrays = {}
    if isinstance(arrays, dict):
        missing = [name for name in names if name not in arrays]
        if missing and not allow_missing:
            raise error.ValueError(
                f"bind: the array of {missing[0]} is missing in {what}; expected one for each name"
            )
        return [arrays.get(name) for name in names]
    if isinstance(arrays, str):
        raise error.TypeError(f"bind: {what} is a str; expected a list or a dict of NDArrays")
    arrays = list(arrays)
    if len(arrays) != len(names):
        raise error.ValueError(f"bind: {what} has {len(arrays)} arrays; expected {len(names)}")
    return arrays


def _request_list(names, grad_req):
    """What to do with each gradient: 'write', 'add' or 'null'."""
    if isinstance(grad_req, str):
        reqs = [grad_req] * len(names)
    elif isinstance(grad_req, dict):
        reqs = [grad_req.get(name, "null") for name in names]
    else:
        reqs = list(grad_req)
        if len(reqs) != len(names):
            raise _error(f"bind: grad_req has {len(reqs)} entries; expected {len(names)}")
    for req in reqs:
        if req not in ("write", "add", "null"):
            raise error.UnknownNameError(
                f"bind: grad_req={req!r} is not known; expected write, add or null"
            )
    return reqs


def bind(
    symbol,
    ctx,
    args,
    args_grad=None,
    grad_req="write",
    aux_states=None,
    shared_exec=None,
    group2ctx=None,
):
    """Bind a symbol to arrays.

    Args:
        symbol (Symbol): What to compute.
        ctx (Context): Where.
        args (list or dict of NDArray): The arguments.
        args_grad (list or dict of NDArray): Where gradients go; those left out are not computed.
        grad_req (str, list or dict of str): 'write', 'add' or 'null', for all or for each.
        aux_states (list or dict of NDArray): The auxiliary states.
        shared_exec (Executor): One whose memory for intermediate results is used too.
        group2ctx (dict of str to Context): Where the operators of a context group run; what they
            read from elsewhere is copied there.

    Returns:
        Executor: The symbol with its arrays.

    Raises:
        ValueError: An array is missing.
        MXNetError: A shape is wrong.
    """
    names, aux_names = symbol.list_arguments(), symbol.list_auxiliary_states()
    if args is None:
        raise error.TypeError("bind: args is None; expected a list or a dict of NDArrays")
    args = _as_list(names, args, "args")
    aux = _as_list(aux_names, aux_states, "aux_states")
    shapes = {
        name: array.shape for name, array in zip(names + aux_names, args + aux) if array is not None
    }
    symbol = _core.resolve_legacy_pooling(symbol, shapes)
    grads = _as_list(names, args_grad, "args_grad", allow_missing=True)
    reqs = _request_list(names, grad_req)
    reqs = [req if grad is not None else "null" for req, grad in zip(reqs, grads)]
    return Executor(symbol, ctx, args, grads, reqs, aux, shared_exec, group2ctx)


def simple_bind(
    symbol,
    ctx,
    grad_req="write",
    type_dict=None,
    shared_arg_names=None,
    shared_exec=None,
    shared_buffer=None,
    shapes=None,
    stype_dict=None,
    group2ctx=None,
):
    """Bind a symbol to new arrays of the shapes that follow from those given.

    Args:
        symbol (Symbol): What to compute.
        ctx (Context): Where.
        grad_req (str, list or dict of str): 'write', 'add' or 'null', for all or for each.
        type_dict (dict of str to type): Types of arguments; the others follow, or are float32.
        shared_arg_names (list of str): Arguments taken from `shared_exec` where the shape fits.
        shared_exec (Executor): One whose memory is used too.
        shared_buffer (dict of str to NDArray): Arrays to use where the shape fits; filled with
            the new ones.
        shapes (dict of str to tuple of int): Shapes by name.
        stype_dict (dict of str to str): Storage kinds of arguments; those left out have the
            kind of their variable. The gradient of a row-sparse argument is row-sparse.
        group2ctx (dict of str to Context): Where the operators of a context group run, and where
            the arrays of its variables are.

    Raises:
        MXNetError: The shapes do not determine all others, or contradict each other.
    """
    given, inputs = shapes or {}, set(symbol.list_inputs())
    # Attributes of operators, and shapes of what this symbol does not have, may stand among them.
    shapes = {name: shape for name, shape in given.items() if name in inputs}
    symbol = _core.resolve_legacy_pooling(symbol, shapes)
    arg_shapes, _, aux_shapes = symbol.infer_shape_partial(**shapes)
    arg_names, aux_names = symbol.list_arguments(), symbol.list_auxiliary_states()
    unknown = [
        name
        for name, shape in zip(arg_names + aux_names, arg_shapes + aux_shapes)
        if not shape_is_known(shape)
    ]
    if unknown:
        raise _error(
            f"simple_bind: the shapes {given} do not determine those of "
            f"{', '.join(unknown)}; expected more shapes"
        )
    arg_types, aux_types = _types(symbol, arg_names, aux_names, type_dict or {})
    reqs = _request_list(arg_names, grad_req)
    maker = _ArrayMaker(ctx, shared_exec, shared_arg_names or (), shared_buffer)
    maker.is_numpy = _core.is_numpy(symbol)
    maker.contexts = variable_contexts(symbol, group2ctx or {})
    maker.stypes = {**variable_stypes(symbol), **(stype_dict or {})}
    args = [maker.make(*spec) for spec in zip(arg_names, arg_shapes, arg_types)]
    grads = [
        None if req == "null" else maker.make_gradient(*spec)
        for req, *spec in zip(reqs, arg_names, arg_shapes, arg_types)
    ]
    aux = [maker.make_auxiliary(*spec) for spec in zip(aux_names, aux_shapes, aux_types)]
    return Executor(symbol, ctx, args, grads, reqs, aux, shared_exec, group2ctx)


def variable_contexts(symbol, group2ctx):
    """Devices of the variables that are in a context group, by name."""
    if not group2ctx:
        return {}
    groups = {name: attrs.get("__ctx_group__") for name, attrs in symbol.attr_dict().items()}
    return {name: group2ctx[group] for name, group in groups.items() if group in group2ctx}


def _types(symbol, arg_names, aux_names, type_dict):
    known = {name: dtype for name, dtype in type_dict.items() if name in arg_names + aux_names}
    arg_types, _, aux_types = symbol.infer_type_partial(**known)
    if None in arg_types or None in aux_types:
        known = {name: dtype or "float32" for name, dtype in zip(arg_names, arg_types)}
        arg_types, _, aux_types = symbol.infer_type_partial(**known)
    return arg_types, [dtype or "float32" for dtype in aux_types]


def variable_stypes(symbol):
    """Storage kinds of the variables that name one, by variable."""
    kinds = {"0": "default", "1": "row_sparse", "2": "csr"}
    given = ((name, attrs.get("__storage_type__")) for name, attrs in symbol.attr_dict().items())
    return {name: kinds[kind] for name, kind in given if kind in kinds}


class _ArrayMaker:
    """Allocates the arrays of `simple_bind`, or takes them from another executor."""

    stypes = {}
    contexts = {}
    is_numpy = False

    def __init__(self, ctx, shared_exec, shared_names, buffers):
        self._ctx, self._shared, self._names, self._buffers = (
            ctx,
            shared_exec,
            shared_names,
            buffers,
        )

    def _context(self, name):
        return self.contexts.get(name, self._ctx)

    def _zeros(self, name, shape, dtype):
        zeros = _core.fresh_zeros(shape, self._context(name), dtype)
        return zeros._with_interface(self.is_numpy)

    def make(self, name, shape, dtype):
        """The array of an argument."""
        if self._shared is not None and name in self._names:
            return self._reuse(self._shared.arg_dict.get(name), name, shape, dtype)
        stype = self.stypes.get(name, "default")
        if stype != "default":
            return _core.sparse_zeros(stype, shape, self._context(name), dtype)
        if self._buffers is None:
            return self._zeros(name, shape, dtype)
        kept = self._buffers.get(name)
        if kept is None or kept.size < _size(shape) or not _core.same_dtype(kept, dtype):
            kept = self._buffers[name] = self._zeros(name, shape, dtype)
        return kept if kept.shape == tuple(shape) else kept._view(shape, 0)

    def make_gradient(self, name, shape, dtype):
        """The array of an argument's gradient."""
        if self._shared is not None and name in self._names:
            return self._reuse(self._shared.grad_dict.get(name), name, shape, dtype)
        if self.stypes.get(name) == "row_sparse":
            return _core.sparse_zeros("row_sparse", shape, self._context(name), dtype)
        return self._zeros(name, shape, dtype)

    def make_auxiliary(self, name, shape, dtype):
        """The array of an auxiliary state."""
        shared = None if self._shared is None else self._shared.aux_dict.get(name)
        return self._reuse(shared, name, shape, dtype)

    def _reuse(self, array, name, shape, dtype):
        if array is None:
            return self._zeros(name, shape, dtype)
        if array.shape != tuple(shape):
            raise _error(
                f"simple_bind: {name} of shared_exec has the shape {array.shape}; "
                f"expected {tuple(shape)}"
            )
        return array


def _size(shape):
    size = 1
    for dim in shape:
        size *= dim
    return size
