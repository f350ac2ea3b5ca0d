"""Operators whose computation is written in Python; docs/custom_operators.md is the contract."""

import itertools
import sys
import traceback
import warnings
from collections import namedtuple

from . import _core, error, symbol
from ._numpy_mode import in_mode_of_caller, of_mode
from .base import MXNetError

__all__ = [
    "CustomOp",
    "CustomOpProp",
    "NDArrayOp",
    "NumpyOp",
    "PythonOp",
    "get_all_registered_operators",
    "get_operator_arguments",
    "register",
]

_classes = {}


class CustomOp:
    """One object of a custom operator: a subclass defines `forward` and `backward`."""

    def forward(self, is_train, req, in_data, out_data, aux):
        """Compute the outputs: write them into `out_data` with `assign`.

        Args:
            is_train (bool): Whether the call is made in train mode.
            req (list of str): How each output is written: 'write', 'add' or 'null'.
            in_data (list of NDArray): The arguments.
            out_data (list of NDArray): Where the results go.
            aux (list of NDArray): The auxiliary states, which may be written.
        """

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        """Compute the gradients of the arguments: write them into `in_grad` with `assign`.

        Args:
            req (list of str): How each gradient is written: 'write', 'add' or 'null'.
            out_grad (list of NDArray): Gradients of the outputs.
            in_data (list of NDArray): The arguments.
            out_data (list of NDArray): The outputs.
            in_grad (list of NDArray): Where the gradients go.
            aux (list of NDArray): The auxiliary states.
        """

    def assign(self, dst, req, src):
        """Write `src` into `dst` as `req` says.

        Args:
            dst (NDArray): What is written.
            req (str): 'write' or 'inplace', 'add', or 'null', which leaves `dst` as it is.
            src (NDArray): The values.
        """
        if req in ("write", "inplace"):
            dst[:] = src
        elif req == "add":
            dst[:] += src
        elif req != "null":
            raise error.ValueError(
                f"CustomOp.assign: req={req} is not known; expected write, inplace, add or null"
            )


class CustomOpProp:
    """What a custom operator declares; arguments of the call arrive in ``__init__`` as text.

    Args:
        need_top_grad (bool): Whether `backward` reads gradients of the outputs; False for a loss.
    """

    def __init__(self, need_top_grad=True):
        self.need_top_grad_ = need_top_grad

    def list_arguments(self):
        """Names of the arguments."""
        return ["data"]

    def list_outputs(self):
        """Names of the outputs."""
        return ["output"]

    def list_auxiliary_states(self):
        """Names of the auxiliary states, which `forward` may write."""
        return []

    def infer_shape(self, in_shape):
        """Shapes of arguments, outputs and auxiliary states, from those of the arguments.

        Args:
            in_shape (list of list of int): An unknown shape is empty.
        """
        return in_shape, [in_shape[0]] * len(self.list_outputs()), []

    def infer_type(self, in_type):
        """Types of arguments, outputs and auxiliary states, from those of the arguments.

        Args:
            in_type (list of type): An unknown type is None.
        """
        first = in_type[0]
        return (
            in_type,
            [first] * len(self.list_outputs()),
            [first] * len(self.list_auxiliary_states()),
        )

    def infer_storage_type(self, in_stype):
        """Storage types of arguments, outputs and auxiliary states; here dense ones only.

        Args:
            in_stype (list of str): Storage types of the arguments.
        """
        for i, stype in enumerate(in_stype):
            if stype != "default":
                raise error.ValueError(
                    f"{type(self).__name__}: the storage type of argument {i} is {stype}; expected "
                    "default, or functions infer_storage_type and infer_storage_type_backward"
                )
        return (
            in_stype,
            ["default"] * len(self.list_outputs()),
            ["default"] * len(self.list_auxiliary_states()),
        )

    def infer_storage_type_backward(self, ograd_stype, in_stype, out_stype, igrad_stype, aux_stype):
        """The same for backward: storage types of all five groups; here dense ones only."""
        groups = (ograd_stype, in_stype, out_stype, igrad_stype, aux_stype)
        for stype in itertools.chain(*groups):
            if stype not in ("default", "undefined"):
                raise error.ValueError(
                    f"{type(self).__name__}: an array of backward has the storage type {stype}; "
                    "expected default, or a function infer_storage_type_backward"
                )
        return tuple(["default"] * len(group) for group in groups)

    def declare_backward_dependency(self, out_grad, in_data, out_data):
        """Which arrays `backward` reads; the others need not be kept.

        Args:
            out_grad (list of int): Numbers of the gradients of the outputs.
            in_data (list of int): Numbers of the arguments.
            out_data (list of int): Numbers of the outputs.
        """
        return (list(out_grad) if self.need_top_grad_ else []) + list(in_data) + list(out_data)

    def create_operator(self, ctx, in_shapes, in_dtypes):
        """A CustomOp for inputs of these shapes and types.

        Args:
            ctx (Context): Where it computes.
            in_shapes (list of list of int): Shapes of arguments and auxiliary states.
            in_dtypes (list of int): Their types, as numbers.
        """
        return CustomOp()


def register(reg_name):
    """A decorator that makes a `CustomOpProp` usable as ``op_type=reg_name``.

    Args:
        reg_name (str): The name. A class that has it already is replaced.
    """

    def add(prop_cls):
        if not issubclass(prop_cls, CustomOpProp):
            raise error.TypeError(
                f"register: {prop_cls.__name__} is no CustomOpProp; expected a subclass of it"
            )
        _classes[reg_name] = prop_cls
        return prop_cls

    return add


def _raise_user_error(who):
    """Raises what is being handled once more, as an MXNetError that shows where it came from."""
    caught = traceback.format_exc().rstrip()
    cause = sys.exc_info()[1]
    builtin = (ValueError, TypeError, IndexError, NotImplementedError, MemoryError)
    found = next((kind.__name__ for kind in builtin if isinstance(cause, kind)), None)
    kind = getattr(error, found) if found else MXNetError
    raise kind(f"{who} raised an exception; expected none\n{caught}") from cause


class _Runner:
    """Calls an operator for the core, with arrays of the kind that the thread works with.

    `backward` may be called by another thread, or outside of a block of code that chose `mx.np`:
    it gets what `forward` got.
    """

    def __init__(self, op, ctx):
        self.op, self.ctx = op, ctx
        self._call = in_mode_of_caller(self._run)

    def forward(self, is_train, req, in_data, out_data, aux):
        arrays = {"in_data": in_data, "out_data": out_data, "aux": aux}
        self._call("forward", arrays, is_train=is_train, req=req)

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        arrays = {"out_grad": out_grad, "in_data": in_data, "out_data": out_data}
        self._call("backward", {**arrays, "in_grad": in_grad, "aux": aux}, req=req)

    def _run(self, function, arrays, **arguments):
        arrays = {name: [of_mode(array) for array in group] for name, group in arrays.items()}
        try:
            with self.ctx:
                getattr(self.op, function)(**arguments, **arrays)
        except Exception:
            _raise_user_error(f"Custom: {type(self.op).__name__}.{function}")


class _Declaration:
    """What an object of a class declares, checked, for the core."""

    def __init__(self, prop):
        self.prop = prop
        self.arguments = self._names("list_arguments")
        self.outputs = self._names("list_outputs")
        self.states = self._names("list_auxiliary_states")
        if not self.outputs:
            raise error.ValueError(
                f"{self._who('list_outputs')} returned no name; expected one or more"
            )
        self._read_dependency()

    def _who(self, function):
        return f"Custom: {type(self.prop).__name__}.{function}"

    def _ask(self, function, *args):
        try:
            return getattr(self.prop, function)(*args)
        except Exception:
            _raise_user_error(self._who(function))

    def _names(self, function):
        return [str(name) for name in self._ask(function)]

    def _read_dependency(self):
        numbers = itertools.count()
        groups = [
            list(itertools.islice(numbers, len(names)))
            for names in (self.outputs, self.arguments, self.outputs)
        ]
        needed = set(self._ask("declare_backward_dependency", *groups))
        wants = [not needed.isdisjoint(group) for group in groups]
        self.wants_out_grad, self.wants_in_data, self.wants_out_data = wants
        self.needs_head_gradient = self.wants_out_grad

    def _groups(self, function, result, sizes):
        """The lists that a function of the class returned. Raises ValueError for wrong ones."""
        result = list(result) if isinstance(result, (list, tuple)) else [result]
        if len(result) == 2 and len(sizes) == 3:
            result.append([])
        who = self._who(function)
        if len(result) != len(sizes):
            raise error.ValueError(f"{who} returned {len(result)} lists; expected {len(sizes)}")
        for what, got, size in zip(("arguments", "outputs", "states"), result, sizes):
            if len(got) != size:
                raise error.ValueError(
                    f"{who} returned {len(got)} entries for {what}; expected {size}"
                )
        return result

    def _inferred(self, function, given):
        """Entries of arguments, states and outputs, in this order."""
        sizes = (len(self.arguments), len(self.outputs), len(self.states))
        result = self._ask(function, given)
        arguments, outputs, states = self._groups(function, result, sizes)
        return [*arguments, *states, *outputs]

    def infer_shape(self, shapes):
        return [tuple(shape) for shape in self._inferred("infer_shape", shapes)]

    def infer_type(self, dtypes):
        return self._inferred("infer_type", dtypes)

    def infer_storage_type(self, stypes):
        first = len(self.arguments) + len(self.states)
        return self._inferred("infer_storage_type", stypes)[first:]

    def infer_storage_type_backward(self, out_grads, arguments, outputs, states):
        function = "infer_storage_type_backward"
        unknown = ["undefined"] * len(arguments)
        result = self._ask(function, out_grads, arguments, outputs, unknown, states)
        if len(result) == 4:
            result = [*result, []]
        if len(result) != 5 or len(result[3]) != len(arguments):
            raise error.ValueError(
                f"{self._who(function)} returned other lists than it was given; expected five, the "
                f"fourth with {len(arguments)} entries"
            )
        return ["default" if stype == "undefined" else stype for stype in result[3]]

    def create(self, ctx, shapes, dtypes):
        return _Runner(self._ask("create_operator", ctx, shapes, dtypes), ctx)


def _declare(op_type, kwargs):
    prop_cls = _classes.get(op_type)
    if prop_cls is None:
        known = ", ".join(sorted(_classes)) or "none"
        raise error.ValueError(
            f"Custom: op_type={op_type} is not registered; expected one of those that are: {known}"
        )
    try:
        prop = prop_cls(**kwargs)
    except Exception:
        _raise_user_error(f"Custom: {prop_cls.__name__}")
    return _Declaration(prop)


_core.set_custom_language(_declare)


class _PythonOpProp(CustomOpProp):
    """Declares what a PythonOp says of itself."""

    def __init__(self, op):
        super().__init__(op.need_top_grad())
        self.list_arguments = op.list_arguments
        self.list_outputs = op.list_outputs
        self.infer_shape = op.infer_shape
        if isinstance(op, NDArrayOp):
            self.declare_backward_dependency = op.declare_backward_dependency
        self._op = op

    def create_operator(self, ctx, in_shapes, in_dtypes):
        return _PythonOpCalls(self._op)


class _PythonOpCalls(CustomOp):
    """Calls a PythonOp as it expects it."""

    def __init__(self, op):
        self._op = op

    def forward(self, is_train, req, in_data, out_data, aux):
        self._op._call(self._op.forward, {"in_data": in_data}, {"out_data": (out_data, req)})

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        read = {"out_grad": out_grad, "in_data": in_data, "out_data": out_data}
        self._op._call(self._op.backward, read, {"in_grad": (in_grad, req)})


class PythonOp:
    """Base of operators of an older form, one object for each place in a network; use CustomOp.

    Args:
        need_top_grad (bool): Whether `backward` reads gradients of the outputs.
    """

    _numbers = itertools.count()

    def __init__(self, need_top_grad=True):
        name = type(self).__name__
        warnings.warn(
            f"{name}: this form of operators is deprecated; expected CustomOp", stacklevel=2
        )
        self.need_top_grad_ = need_top_grad
        self._op_type = f"_{name}{next(PythonOp._numbers)}"

    def __call__(self, *args, **kwargs):
        """A symbol of the operator; arguments as those of `get_symbol`."""
        return self.get_symbol(*args, **kwargs)

    def get_symbol(self, *args, **kwargs):
        """A symbol that applies the operator to symbols, and runs in this process only."""
        _classes[self._op_type] = lambda **_: _PythonOpProp(self)
        return symbol.Custom(*args, op_type=self._op_type, **kwargs)

    def forward(self, in_data, out_data):
        """Compute the outputs: write them into the arrays of `out_data`."""
        out_data[0][:] = in_data[0]

    def backward(self, out_grad, in_data, out_data, in_grad):
        """Compute the gradients of the arguments: write them into the arrays of `in_grad`."""
        in_grad[0][:] = 1.0

    def infer_shape(self, in_shape):
        """Shapes of arguments and outputs, from those of the arguments."""
        return in_shape, [in_shape[0]]

    def list_outputs(self):
        """Names of the outputs."""
        return ["output"]

    def list_arguments(self):
        """Names of the arguments."""
        return ["data"]

    def need_top_grad(self):
        """Whether `backward` reads gradients of the outputs."""
        return self.need_top_grad_

    def _call(self, function, read, written):
        raise error.NotImplementedError("PythonOp: it has no arrays; expected NumpyOp or NDArrayOp")


class NumpyOp(PythonOp):
    """An operator on NumPy arrays, of an older form; use CustomOp."""

    def _call(self, function, read, written):
        arguments = {name: [array.asnumpy() for array in arrays] for name, arrays in read.items()}
        for name, (arrays, _) in written.items():
            arguments[name] = [array.asnumpy() for array in arrays]
        function(**arguments)
        for name, (arrays, req) in written.items():
            for array, mode, value in zip(arrays, req, arguments[name]):
                CustomOp.assign(self, array, mode, value)


class NDArrayOp(PythonOp):
    """An operator on NDArrays, of an older form; use CustomOp."""

    def declare_backward_dependency(self, out_grad, in_data, out_data):
        """Which arrays `backward` reads, as `CustomOpProp.declare_backward_dependency`."""
        return (list(out_grad) if self.need_top_grad_ else []) + list(in_data) + list(out_data)

    def _call(self, function, read, written):
        function(**read, **{name: arrays for name, (arrays, _) in written.items()})


def get_all_registered_operators():
    """Names of all operators, aliases among them."""
    return _core.list_ops(True)


OperatorArguments = namedtuple("OperatorArguments", ["narg", "names", "types"])


def get_operator_arguments(op_name):
    """Names and types of an operator's arguments.

    Args:
        op_name (str): Name in the registry.

    Returns:
        OperatorArguments: `narg`, `names` and `types`.
    """
    op = _core.describe_op(op_name)
    array = "NDArray-or-Symbol[]" if op["variadic"] else "NDArray-or-Symbol"
    names = ["data"] if op["variadic"] else [name for name, _ in op["inputs"]]
    types = [array] * len(names)
    for name, kind, default, _ in op["params"]:
        names.append(name)
        types.append(
            f"{kind}, required" if default is None else f"{kind}, optional, default={default}"
        )
    return OperatorArguments(len(names), names, types)
