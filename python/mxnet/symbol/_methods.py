"""The methods of Symbol that are written in Python."""

import json
import warnings

import numpy as np

from .. import _core, _files, error
from .._core import Symbol
from .._numpy_mode import is_np_shape, shape_is_known
from ..error import NotImplementedForSymbol
from ..executor import bind, simple_bind
from . import _arithmetic
from ._backends import backend_symbol, optimize
from ._creation import split_v2


def _operator(name):
    return _core.symbol_function(name, name, __name__)


_op_cast, _op_expand_dims, _op_flatten, _op_squeeze, _op_abs = map(
    _operator, ("cast", "expand_dims", "flatten", "squeeze", "abs")
)
_op_negative = _operator("_MulScalar")


def _not_for_symbols(name):
    def method(self, *args, **kwargs):
        raise NotImplementedForSymbol(name, None)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"Only NDArray has {name}; a symbol holds no elements."
    return method


def _binary(name, function):
    def method(self, other):
        return function(self, other)

    method.__name__ = method.__qualname__ = name
    return method


def _reflected(name, function):
    def method(self, other):
        return function(other, self)

    method.__name__ = method.__qualname__ = name
    return method


def _node_in_words(node, nodes):
    if node["op"] == "null":
        return [f"Variable:{node['name']}"]
    lines = ["-" * 20, f"Op:{node['op']}, Name={node['name']}", "Inputs:"]
    for i, (number, output, version) in enumerate(node["inputs"]):
        known = f" version={version}" if nodes[number]["op"] == "null" else ""
        lines.append(f"\targ[{i}]={nodes[number]['name']}({output}){known}")
    if node.get("attrs"):
        lines += ["Attrs:"] + [f"\t{k}={v}" for k, v in sorted(node["attrs"].items())]
    return lines


class SymbolMethods:
    """Its attributes become attributes of Symbol."""

    __array_priority__ = 1000.0
    __hash__ = None
    __add__ = _binary("__add__", _arithmetic.add)
    __radd__ = _binary("__radd__", _arithmetic.add)
    __sub__ = _binary("__sub__", _arithmetic.subtract)
    __mul__ = _binary("__mul__", _arithmetic.multiply)
    __rmul__ = _binary("__rmul__", _arithmetic.multiply)
    __truediv__ = _binary("__truediv__", _arithmetic.divide)
    __mod__ = _binary("__mod__", _arithmetic.modulo)
    __pow__ = _binary("__pow__", _arithmetic.power)
    __eq__ = _binary("__eq__", _arithmetic.equal)
    __ne__ = _binary("__ne__", _arithmetic.not_equal)
    __gt__ = _binary("__gt__", _arithmetic.greater)
    __ge__ = _binary("__ge__", _arithmetic.greater_equal)
    __lt__ = _binary("__lt__", _arithmetic.lesser)
    __le__ = _binary("__le__", _arithmetic.lesser_equal)
    __rsub__ = _reflected("__rsub__", _arithmetic.subtract)
    __rtruediv__ = _reflected("__rtruediv__", _arithmetic.divide)
    __rmod__ = _reflected("__rmod__", _arithmetic.modulo)
    __rpow__ = _reflected("__rpow__", _arithmetic.power)
    __div__, __rdiv__ = __truediv__, __rtruediv__  # as Python 2 called them
    __iadd__ = __isub__ = __imul__ = __itruediv__ = __idiv__ = _not_for_symbols(
        "in-place arithmetic"
    )
    wait_to_read = _not_for_symbols("wait_to_read")
    asnumpy = _not_for_symbols("asnumpy")
    asscalar = _not_for_symbols("asscalar")
    copy = _not_for_symbols("copy")
    as_in_context = _not_for_symbols("as_in_context")
    detach = _not_for_symbols("detach")
    backward = _not_for_symbols("backward")

    def __neg__(self):
        return _op_negative(self, scalar=-1.0)

    def __abs__(self):
        return _op_abs(self)

    def __bool__(self):
        raise NotImplementedForSymbol("bool", None)

    def __repr__(self):
        name = self.name
        if name is None:
            name = "group [" + ", ".join(output.name for output in self) + "]"
        return f"<{type(self).__name__} {name}>"

    @property
    def num_outputs(self):
        """How many outputs it has (int)."""
        return Symbol.__len__(self)

    def _outputs(self):
        """The outputs one by one (list of Symbol)."""
        return [self._output(i) for i in range(self.num_outputs)]

    def __iter__(self):
        return iter(self._outputs())

    def __getitem__(self, index):
        """One output, by number or by name.

        Raises:
            ValueError: No output or more than one has the name.
            IndexError: The number is out of range.
        """
        if isinstance(index, slice):
            return _core.group([self._output(i) for i in range(*index.indices(len(self)))])
        if isinstance(index, str):
            places = [i for i, name in enumerate(self.list_outputs()) if name == index]
            if len(places) != 1:
                raise error.ValueError(
                    f"Symbol: {len(places)} outputs have the name {index!r}; expected "
                    "one of list_outputs()"
                )
            return self._output(places[0])
        if not isinstance(index, (int, np.integer)):
            raise error.TypeError(
                f"Symbol: index={index!r} is of type {type(index).__name__}; expected "
                "an int or a name"
            )
        if not -len(self) <= index < len(self):
            raise error.IndexError(
                f"Symbol: index={index} is out of range; expected less than {len(self)}"
            )
        return self._output(int(index) % len(self))

    def __call__(self, *args, **kwargs):
        """A copy with other symbols in the place of arguments; see `list_arguments`."""
        name = kwargs.pop("name", None)
        for value in list(args) + list(kwargs.values()):
            if not isinstance(value, Symbol):
                raise error.TypeError(
                    f"compose: {value!r} is of type {type(value).__name__}; expected Symbols"
                )
        if args and kwargs:
            raise error.TypeError(
                "compose: arguments were given by position and by name; expected one of both"
            )
        return self._compose(list(args), list(kwargs.items()), name or "")

    def __copy__(self):
        return self._copy()

    def __deepcopy__(self, memo):
        return self._copy()

    def __reduce__(self):
        return type(self), (None,), {"handle": self.tojson(remove_amp_cast=False)}

    def __setstate__(self, state):
        if state["handle"] is not None:
            self._become(_core.load_symbol_json(state["handle"], "pickled Symbol"))

    def _set_attr(self, **kwargs):
        for key, value in kwargs.items():
            if not isinstance(value, str):
                raise error.ValueError(
                    f"Symbol: attribute {key}={value!r} is no string; expected a string"
                )
            self._set(key, value)

    def list_attr(self, recursive=False):
        """Attributes of the node (dict of str to str); `attr_dict` has those of all nodes."""
        if recursive:
            raise DeprecationWarning(
                "Symbol.list_attr: recursive=True is no longer there; expected attr_dict()"
            )
        return self._list_attr()

    def infer_shape(self, *args, **kwargs):
        """The shapes that follow from those of some arguments.

        Args:
            *args (tuple of int): Shapes in the order of `list_arguments`, or None.
            **kwargs (tuple of int): Shapes by name. -1 is a size that is not
                known, and so is 0 unless shapes have NumPy's meaning (`mx.util.np_shape`).

        Returns:
            tuple: Lists of the shapes of arguments, outputs and auxiliary states, or three None
            where something stays unknown.

        Raises:
            MXNetError: Shapes contradict each other.
        """
        result = self.infer_shape_partial(*args, **kwargs)
        unknown = [
            (name, shape)
            for name, shape in zip(self.list_arguments(), result[0])
            if not shape_is_known(shape)
        ]
        if not unknown and all(map(shape_is_known, result[1])):
            return result
        lines = "".join(f"\n\t{name}: {shape}" for name, shape in unknown)
        warnings.warn(
            "infer_shape: the shapes of these arguments cannot be told "
            f"({-1 if is_np_shape() else 0} is an unknown size); give them as input:{lines}",
            stacklevel=2,
        )
        return None, None, None

    def infer_shape_partial(self, *args, **kwargs):
        """The same as `infer_shape`, with 0 and () for what stays unknown.

        Where shapes have NumPy's meaning it is -1 and None.
        """
        known = self._known("infer_shape", args, kwargs)
        for name, shape in known.items():
            if not isinstance(shape, (tuple, list)):
                raise error.TypeError(
                    f"infer_shape: {name}={shape!r} is of type "
                    f"{type(shape).__name__}; expected a tuple of ints"
                )
        return _core.infer_shape(self, known)

    def infer_type(self, *args, **kwargs):
        """The types that follow from those of some arguments.

        Args:
            *args (str or type): Types in the order of `list_arguments`, or None.
            **kwargs (str or type): Types by name.

        Returns:
            tuple: Lists of the NumPy types of arguments, outputs and auxiliary states, or three
            None where something stays unknown.
        """
        result = self.infer_type_partial(*args, **kwargs)
        unknown = [name for name, dtype in zip(self.list_arguments(), result[0]) if dtype is None]
        if not unknown:
            return result
        warnings.warn(
            "infer_type: the types of these arguments cannot be told; give them as "
            "input: " + ", ".join(unknown),
            stacklevel=2,
        )
        return None, None, None

    def infer_type_partial(self, *args, **kwargs):
        """The same as `infer_type`, with None for what stays unknown."""
        return _core.infer_type(self, self._known("infer_type", args, kwargs))

    def _known(self, who, args, kwargs):
        """Given values by name."""
        if args and kwargs:
            raise error.ValueError(
                f"{who}: values were given by position and by name; expected one of both"
            )
        if args:
            kwargs = dict(zip(self.list_arguments(), args))
        return {name: value for name, value in kwargs.items() if value is not None}

    def tojson(self, remove_amp_cast=True):
        """The symbol as JSON text, exactly as MXNet 1.9.1 writes it.

        Args:
            remove_amp_cast (bool): Whether casts that mixed precision put between operators are
                left out.
        """
        return self._tojson(remove_amp_cast)

    def save(self, fname, remove_amp_cast=True):
        """Write the symbol to a JSON file or object, which replaces an old one in one step."""
        if not isinstance(fname, str):
            raise error.TypeError(
                f"save: fname={fname!r} is of type {type(fname).__name__}; expected a string"
            )
        _files.write_text(fname, self.tojson(remove_amp_cast), "save")

    def debug_str(self):
        """The nodes in words, one after the other, as MXNet 1.9.1 writes them."""
        graph = json.loads(self._tojson(False))
        nodes, heads = graph["nodes"], graph["heads"]
        if len(heads) == 1 and nodes[heads[0][0]]["op"] == "null":
            return f"Variable:{nodes[heads[0][0]]['name']}\n"
        lines = ["Symbol Outputs:"]
        lines += [f"\toutput[{i}]={nodes[n]['name']}({k})" for i, (n, k, _) in enumerate(heads)]
        for node in nodes:
            lines += _node_in_words(node, nodes)
        return "\n".join(lines) + "\n"

    def bind(
        self,
        ctx,
        args,
        args_grad=None,
        grad_req="write",
        aux_states=None,
        group2ctx=None,
        shared_exec=None,
    ):
        """See `mxnet.executor.bind`."""
        return bind(self, ctx, args, args_grad, grad_req, aux_states, shared_exec, group2ctx)

    def simple_bind(
        self,
        ctx,
        grad_req="write",
        type_dict=None,
        stype_dict=None,
        group2ctx=None,
        shared_arg_names=None,
        shared_exec=None,
        shared_buffer=None,
        **kwargs,
    ):
        """See `mxnet.executor.simple_bind`."""
        return simple_bind(
            self,
            ctx,
            grad_req,
            type_dict,
            shared_arg_names,
            shared_exec,
            shared_buffer,
            kwargs,
            stype_dict,
            group2ctx,
        )

    def eval(self, ctx=None, **kwargs):
        """Run the symbol once.

        Args:
            ctx (Context): Where; None is the current context.
            **kwargs (NDArray): All arguments by name.

        Returns:
            list of NDArray: The outputs.
        """
        return self.bind(
            _core.current_context() if ctx is None else ctx, kwargs, grad_req="null"
        ).forward()

    def get_backend_symbol(self, backend):
        """The symbol after a backend; for 'MKLDNN' the symbol itself, as the compiler fuses when a
        symbol is bound.

        Args:
            backend (str): The name; see `optimize_for`.

        Raises:
            MXNetError: There is no such backend.
        """
        return backend_symbol(self, backend)

    def optimize_for(
        self,
        backend,
        args=None,
        aux=None,
        ctx=None,
        shape_dict=None,
        type_dict=None,
        stype_dict=None,
        skip_infer=False,
        **kwargs,
    ):
        """The symbol after a partitioner or a pass of a library that `mx.library.load` loaded.

        Args:
            backend (str): Its name; of those of MXNet 1.9.1 'MKLDNN' and 'MKLDNN_QUANTIZE' give
                the symbol itself, as the compiler does their work when a symbol is bound. For an
                unknown one an error is logged and the symbol returned, as in 1.9.1.
            args, aux (dict or list of NDArray): Arrays that the backend may look at; new ones are
                put into the dicts.
            ctx (Context): Where new arrays are; None for the current context.
            shape_dict, type_dict (dict): Shapes and types of variables without arrays.
            stype_dict (dict): Accepted.
            skip_infer (bool): Whether the backend is not told shapes and types.
            **kwargs: Options of the backend.
        """
        return optimize(self, backend, args, aux, ctx, shape_dict, type_dict, skip_infer, kwargs)

    def gradient(self, wrt):
        """Not there, as in MXNet 1.9.1: bind with gradients instead."""
        raise NotImplementedForSymbol("gradient", "bind with args_grad")

    def astype(self, dtype, **kwargs):
        """The elements in another type; None is float32."""
        return _op_cast(self, dtype=np.float32 if dtype is None else dtype, **kwargs)

    def expand_dims(self, axis, inplace=False, **kwargs):
        """A dimension of size 1 more, at `axis`."""
        return _op_expand_dims(self, axis=axis, **kwargs)

    def flatten(self, inplace=False, **kwargs):
        """All dimensions but the first joined into one."""
        return _op_flatten(self, **kwargs)

    def squeeze(self, axis=None, inplace=False, **kwargs):
        """Dimensions of size 1 dropped: all, or those in `axis`."""
        return _op_squeeze(self, axis=axis, **kwargs)

    def split_v2(self, indices_or_sections, axis=0, squeeze_axis=False):
        """See `mx.sym.split_v2`."""
        return split_v2(self, indices_or_sections, axis, squeeze_axis)

    @property
    def handle(self):
        """What `Symbol` takes to make an object for the same symbol: the symbol itself."""
        return self

    def as_np_ndarray(self):
        """This symbol as one of `mx.sym.np`."""
        return self._with_interface(True)

    def as_nd_ndarray(self):
        """This symbol."""
        return self
