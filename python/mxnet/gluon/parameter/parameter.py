"""One parameter: its arrays on each device, its gradients, and when they are made."""

import warnings

import numpy as np

from ... import _core, autograd, error, initializer, symbol
from ... import ndarray as nd
from ..._numpy_mode import array_of_mode, is_np_shape, of_mode
from ...base import integer_types
from ...context import Context, cpu, current_context
from .initial_value import GivenValue, create_array

__all__ = ["DeferredInitializationError", "Parameter", "Constant", "tensor_types"]

tensor_types = (symbol.Symbol, nd.NDArray)

_GRAD_REQS = ("write", "add", "null")
_STYPES = ("default", "row_sparse", "csr")


class DeferredInitializationError(error.MXNetError):
    """A parameter was asked for before the first forward pass told its shape."""


def _as_contexts(ctx):
    if ctx is None:
        return [current_context()]
    return [ctx] if isinstance(ctx, Context) else list(ctx)


def _check_choice(owner, what, value, choices):
    if value not in choices:
        expected = ", ".join(map(repr, choices))
        raise error.AssertionError(f"{owner}: {what}={value!r} is not known; expected {expected}")


class Parameter:
    """An array that a network learns, with one copy for each device.

    Its shape may hold dimensions that are not known yet (0 or -1); then its arrays are made in the
    first forward pass, which tells them.

    Args:
        name (str): Its name.
        grad_req (str): What `backward` does with its gradient: 'write', 'add' or 'null'.
        shape (int or tuple of int): Its shape; None if nothing is known.
        dtype (str or type): Type of its elements.
        lr_mult (float): Factor of the learning rate.
        wd_mult (float): Factor of the weight decay.
        init (Initializer or str): Its own initializer.
        allow_deferred_init (bool): Whether the shape may become known later.
        differentiable (bool): Whether it has a gradient at all.
        stype (str): Storage kind of the array: 'default', 'row_sparse' or 'csr'.
        grad_stype (str): Storage kind of the gradient.

    Example:
        >>> weight = Parameter("weight", shape=(2, 3))
        >>> weight.initialize(init="ones")
        >>> weight.data().sum().asscalar()
        6.0
    """

    def __init__(
        self,
        name,
        grad_req="write",
        shape=None,
        dtype=np.float32,
        lr_mult=1.0,
        wd_mult=1.0,
        init=None,
        allow_deferred_init=False,
        differentiable=True,
        stype="default",
        grad_stype="default",
    ):
        self._var = None
        self._data = None
        self._grad = None
        self._ctx_list = None
        self._deferred_init = ()
        self._trainer = None
        self._differentiable = differentiable
        self._allow_deferred_init = allow_deferred_init
        self._grad_req = None
        self._shape = (
            (shape,)
            if isinstance(shape, integer_types)
            else None
            if shape is None
            else tuple(shape)
        )
        self.name = name
        self._dtype = dtype
        self.lr_mult = lr_mult
        self.wd_mult = wd_mult
        self.grad_req = grad_req
        self.init = init
        _check_choice(f"Parameter {name}", "stype", stype, _STYPES)
        _check_choice(f"Parameter {name}", "grad_stype", grad_stype, _STYPES)
        self._stype = stype
        self._grad_stype = grad_stype

    def __repr__(self):
        return f"{type(self).__name__} {self.name} (shape={self.shape}, dtype={self.dtype})"

    def __getstate__(self):
        return {**vars(self), "_trainer": None}

    def __setstate__(self, state):
        vars(self).update(state)
        if self._grad is not None:
            autograd.mark_variables(self._data, self._grad, self.grad_req)

    @property
    def grad_req(self):
        """What `backward` does with the gradient (str)."""
        return self._grad_req

    @grad_req.setter
    def grad_req(self, req):
        _check_choice(f"Parameter {self.name}", "grad_req", req, _GRAD_REQS)
        if not self._differentiable:
            req = "null"
        if self._grad_req == req:
            return
        self._grad_req = req
        if req == "null" and self._grad is not None:
            self._grad = None
            self._data = [array.detach() for array in self._data]
        elif self._data is not None:
            self._init_grad()

    @property
    def dtype(self):
        """Type of the elements; setting it casts."""
        return self._dtype

    @dtype.setter
    def dtype(self, dtype):
        self.cast(dtype)

    @property
    def shape(self):
        """The shape, with 0 or -1 for what is not known; None if nothing is.

        A parameter has elements, so that 0 is an unknown size also where shapes have NumPy's
        meaning, in which it reads as -1.
        """
        if self._shape is None or not is_np_shape():
            return self._shape
        return tuple(size or -1 for size in self._shape)

    def _has_known_shape(self):
        return self._shape is not None and all(size > 0 for size in self._shape)

    @shape.setter
    def shape(self, shape):
        shape = tuple(shape)
        own = self._shape
        if own is not None and (
            len(own) != len(shape) or any(old > 0 and old != new for old, new in zip(own, shape))
        ):
            raise error.AssertionError(
                f"Parameter {self.name}: shape={shape} does not fit; expected {own}, where 0 and "
                "-1 are sizes not known yet"
            )
        self._shape = shape

    @property
    def stype(self):
        """Storage kind of the array (str)."""
        return self._stype

    @property
    def grad_stype(self):
        """Storage kind of the gradient (str)."""
        return self._grad_stype

    def _set_trainer(self, trainer):
        """Tell the trainer that keeps the rows of a sparse parameter."""
        if self._stype != "default" and self._trainer and trainer and self._trainer is not trainer:
            raise error.MXNetError(
                f"Parameter {self.name}: a Trainer has this {self._stype} parameter already; "
                "expected one Trainer for it"
            )
        self._trainer = trainer

    # Making the arrays.

    def initialize(self, init=None, ctx=None, default_init=None, force_reinit=False):
        """Make the arrays, or note how to make them once the shape is known.

        Args:
            init (Initializer or str): Goes before the parameter's own initializer.
            ctx (Context or list of Context): Where; None is the current context.
            default_init (Initializer): Used where neither `init` nor an own one is given; None is
                `mx.init.Uniform()`.
            force_reinit (bool): Whether to make them again if they are there.

        Raises:
            ValueError: The shape is not known, and may not become known later.
        """
        if self._data is not None and not force_reinit:
            warnings.warn(
                f"Parameter {self.name}: the values that are there stay; expected "
                "force_reinit=True to make them again",
                stacklevel=2,
            )
            return
        self._data = self._grad = None
        contexts = _as_contexts(ctx)
        if default_init is None:
            default_init = initializer.Uniform()
        if init is None:
            init = default_init if self.init is None else self.init
        known = self._has_known_shape()
        if not known and not self._allow_deferred_init:
            raise error.ValueError(
                f"Parameter {self.name}: shape={self.shape} is not known and cannot be later; "
                "expected a whole shape, or allow_deferred_init=True"
            )
        self._deferred_init = (init, contexts, default_init, None)
        if known:
            self._finish_deferred_init()

    def _finish_deferred_init(self):
        """Make the arrays whose making was put off, now that the shape is known."""
        if not self._deferred_init:
            return
        init, contexts, default_init, data = self._deferred_init
        if not self._has_known_shape():
            raise error.AssertionError(
                f"Parameter {self.name}: shape={self.shape} is not known after the forward pass; "
                "expected in_units, in_channels or the like for its layer"
            )
        self._deferred_init = ()
        with autograd.pause():
            if data is None:
                data = create_array(self, init, default_init)
            self._init_arrays(data, contexts)

    def _init_arrays(self, data, contexts):
        """Make one array for each context from the values in `data`."""
        self._ctx_list = list(contexts)
        self._data = [of_mode(data.copyto(ctx)) for ctx in self._ctx_list]
        if self._trainer:
            self._trainer._take_first_values(self)
        self._init_grad()

    def _init_grad(self):
        if self.grad_req == "null":
            self._grad = None
            return
        self._grad = [self._zero_grad_of(array) for array in self._data]
        autograd.mark_variables(self._data, self._grad, self.grad_req)

    def _zero_grad_of(self, array):
        if self._grad_stype == array.stype == "default":
            return nd.zeros_like(array)
        return nd.zeros(array.shape, array.context, array.dtype, self._grad_stype)

    def _load_init(self, data, ctx, cast_dtype=False, dtype_source="current"):
        """Take values that come from a file.

        Raises:
            AssertionError: Shape, type or devices differ.
        """
        data = self._checked(data, cast_dtype, dtype_source)
        if self._data is not None:
            if ctx is not None and set(_as_contexts(ctx)) != set(self.list_ctx()):
                raise error.AssertionError(
                    f"Parameter {self.name}: ctx={ctx} is not where it is; expected "
                    f"{self.list_ctx()}, or reset_ctx() first"
                )
            self.set_data(data)
        else:
            contexts = self._deferred_init[1] if self._deferred_init else None
            if contexts and ctx is not None and set(_as_contexts(ctx)) != set(contexts):
                raise error.AssertionError(
                    f"Parameter {self.name}: ctx={ctx} is not where it is initialized; expected "
                    f"{contexts}"
                )
            with autograd.pause():
                self._init_arrays(data, contexts or _as_contexts(ctx or cpu()))
        self._deferred_init = ()

    def _checked(self, data, cast_dtype, dtype_source):
        """The array as it can be stored here; takes over its shape and type."""
        own = self._shape
        if own is not None:
            differs = len(own) != len(data.shape) or any(
                mine > 0 and mine != size for mine, size in zip(own, data.shape)
            )
            if differs:
                raise error.AssertionError(
                    f"Parameter {self.name}: the saved array has the shape {data.shape}; expected "
                    f"{own}"
                )
            self._shape = data.shape
        if not _core.same_dtype(data, self.dtype):
            if not cast_dtype:
                raise error.AssertionError(
                    f"Parameter {self.name}: the saved array is of type {np.dtype(data.dtype)}; "
                    f"expected {np.dtype(self.dtype)}, or cast_dtype=True to cast"
                )
            if dtype_source == "saved":
                self.cast(data.dtype)
            else:
                data = data.astype(self.dtype)
        return data if data.stype == self._stype else data.tostype(self._stype)

    # What it holds.

    def _missing(self):
        """The error of asking for arrays that are not there."""
        if self._deferred_init:
            return DeferredInitializationError(
                f"Parameter {self.name}: shape={self.shape} is not known yet, so that it has no "
                "values; expected a forward pass with one batch first, or in_units, in_channels or "
                "the like for its layer"
            )
        return error.MXNetError(
            f"Parameter {self.name}: it has not been initialized; expected initialize() of the "
            "block (collect_params() has the parameters of nested blocks, params has not)"
        )

    @property
    def _ctx_map(self):
        """Numbers of the arrays by kind (CPU, GPU) and number of the device, for subclasses."""
        if self._ctx_list is None:
            return None
        numbers = [[], []]
        for number, ctx in enumerate(self._ctx_list):
            of_kind = numbers[ctx.device_typeid & 1]
            of_kind.extend([None] * (ctx.device_id + 1 - len(of_kind)))
            of_kind[ctx.device_id] = number
        return numbers

    @_ctx_map.setter
    def _ctx_map(self, value):
        pass  # it follows from _ctx_list

    def _check_and_get(self, arrays, ctx):
        """The array on `ctx`; the only one, or that of the current context, if it is None; all of
        them for the type `list`."""
        if arrays is None:
            raise self._missing()
        if ctx is list:
            return arrays
        if ctx is None:
            if len(arrays) == 1:
                return arrays[0]
            ctx = current_context()
        for array, own in zip(arrays, self._ctx_list):
            if own == ctx:
                return array
        raise error.MXNetError(
            f"Parameter {self.name}: ctx={ctx} is not where it was initialized; expected one of "
            f"{self._ctx_list}"
        )

    def _need_dense(self, what):
        if self._stype != "default":
            raise error.MXNetError(
                f"Parameter {self.name}: {what} is for dense parameters, and this is "
                f"{self._stype}; expected row_sparse_data()"
            )

    def data(self, ctx=None):
        """The array on one device.

        Args:
            ctx (Context): Which device; None for the only one, or the current context.

        Raises:
            DeferredInitializationError: The shape is not known yet.
            MXNetError: It was not initialized, not on this device, or is sparse.
        """
        if self._data is not None and len(self._data) == 1 and self._stype == "default":
            only = self._data[0]
            if ctx is None or self._ctx_list[0] == ctx:
                return only
        self._need_dense("data()")
        return self._check_and_get(self._data, ctx)

    def list_data(self):
        """The arrays on all devices (list of NDArray), in the order they were initialized in."""
        self._need_dense("list_data()")
        if self._data is None:
            raise self._missing()
        return list(self._data)

    def _row_sparse(self, arrays, row_id):
        if not self._trainer:
            raise error.MXNetError(
                f"Parameter {self.name}: row_sparse_data() has no Trainer to get rows from; "
                "expected a Trainer made with it"
            )
        self._trainer._row_sparse_pull(self, arrays, row_id)
        return arrays

    def _need_row_sparse(self, what):
        if self._stype != "row_sparse":
            raise error.MXNetError(
                f"Parameter {self.name}: {what} is for row_sparse parameters, and this is "
                f"{self._stype}; expected data()"
            )

    def row_sparse_data(self, row_id):
        """The array on the device of `row_id`, with the rows `row_id` of the newest values.

        Args:
            row_id (NDArray): Numbers of the rows.
        """
        self._need_row_sparse("row_sparse_data()")
        return self._row_sparse(self._check_and_get(self._data, row_id.context), row_id)

    def list_row_sparse_data(self, row_id):
        """The arrays on all devices with the rows `row_id` of the newest values."""
        self._need_row_sparse("list_row_sparse_data()")
        if self._data is None:
            raise self._missing()
        return self._row_sparse(list(self._data), row_id)

    def _need_grad(self):
        if self._data is not None and self._grad is None:
            raise error.MXNetError(
                f"Parameter {self.name}: grad_req='null', so that it has no gradient; expected "
                "'write' or 'add'"
            )

    def grad(self, ctx=None):
        """The gradient on one device; see `data`."""
        self._need_grad()
        return self._check_and_get(self._grad, ctx)

    def list_grad(self):
        """The gradients on all devices (list of NDArray)."""
        self._need_grad()
        if self._grad is None:
            raise self._missing()
        return list(self._grad)

    def list_ctx(self):
        """Where it is, or will be, initialized (list of Context)."""
        if self._data is None:
            if self._deferred_init:
                return self._deferred_init[1]
            raise error.MXNetError(
                f"Parameter {self.name}: it has not been initialized; expected initialize()"
            )
        return self._ctx_list

    def zero_grad(self):
        """Set the gradients to zero."""
        for grad in self._grad or ():
            nd.zeros_like(grad, out=grad)

    def set_data(self, data):
        """Write new values to the arrays on all devices.

        Args:
            data (NDArray): The values.

        Raises:
            AssertionError: The shape differs, or it was not initialized.
        """
        self.shape = data.shape
        if self._data is None:
            if not self._deferred_init:
                raise error.AssertionError(
                    f"Parameter {self.name}: it has not been initialized; expected initialize() "
                    "before set_data()"
                )
            self._deferred_init = (*self._deferred_init[:3], data)
            return
        if self._trainer:
            self._trainer._store(self, data)
        with autograd.pause():
            for array in self._data:
                if isinstance(data, nd.NDArray):
                    data.copyto(array)
                else:
                    array[:] = data

    def _reduce(self):
        """The mean of the arrays of all devices, on the CPU; all rows of sparse ones."""
        if self._stype == "row_sparse":
            if not self._trainer:
                return self._check_and_get(
                    self._data, None if len(self._data or ()) < 2 else self._ctx_list[0]
                )
            rows = nd.arange(0, self.shape[0], dtype="int64")
            result = nd.zeros(self.shape, dtype=self.dtype, stype="row_sparse")
            return self._row_sparse(result, rows)
        arrays = self.list_data()
        total = arrays[0].copyto(cpu())
        for array in arrays[1:]:
            total += array.as_in_context(cpu())
        return total / len(arrays) if len(arrays) > 1 else total

    def reset_ctx(self, ctx):
        """Move it to other devices.

        Args:
            ctx (Context or list of Context): Where.

        Raises:
            ValueError: It was not initialized.
        """
        contexts = _as_contexts(ctx)
        if self._data is not None:
            with autograd.pause():
                self._init_arrays(self._reduce(), contexts)
        elif self._deferred_init:
            init, _, default_init, data = self._deferred_init
            self._deferred_init = (init, contexts, default_init, data)
        else:
            raise error.ValueError(
                f"Parameter {self.name}: it has not been initialized; expected initialize() before "
                "reset_ctx()"
            )

    def cast(self, dtype):
        """Turn values and gradients into another type; `dtype` is a str or type."""
        self._dtype = dtype
        self._var = None
        if self._data is None:
            return
        with autograd.pause():
            self._data = [array.astype(dtype) for array in self._data]
            if self._grad is not None:
                self._grad = [grad.astype(dtype) for grad in self._grad]
                autograd.mark_variables(self._data, self._grad, self.grad_req)

    def var(self):
        """The variable that stands for it in symbols (Symbol), always of the same node."""
        if self._var is None:
            self._var = symbol.var(
                self.name,
                shape=self.shape,
                dtype=self.dtype,
                lr_mult=self.lr_mult,
                wd_mult=self.wd_mult,
                init=self.init,
                stype=self._stype,
            )
        return of_mode(self._var)


class Constant(Parameter):
    """A parameter whose value is given and never learned.

    Args:
        name (str): Its name.
        value (array_like): Its value.
    """

    def __init__(self, name, value):
        if not isinstance(value, nd.NDArray):
            value = array_of_mode(value)
        self.value = value
        super().__init__(
            name, grad_req="null", shape=value.shape, dtype=value.dtype, init=GivenValue(value)
        )

    @property
    def grad_req(self):
        """Always 'null'."""
        return "null"

    @grad_req.setter
    def grad_req(self, req):
        self._grad_req = "null"
        if req != "null":
            warnings.warn(
                f'Constant parameter "{self.name}" does not support grad_req other than "null", '
                f'and new value "{req}" is ignored.',
                stacklevel=2,
            )
