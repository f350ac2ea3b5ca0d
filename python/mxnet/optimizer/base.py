"""What every optimizer shares: learning rates, weight decay, update counts, half precision."""

import inspect
import warnings

import numpy as np

from .. import error
from .. import ndarray as nd

__all__ = ["Optimizer", "register", "create"]


def is_half(array):
    """Whether the elements of an NDArray have 16 bits."""
    dtype = np.dtype(array.dtype)
    # There is no bfloat16 in NumPy; it is shown as a record of this name.
    return dtype == np.float16 or dtype.names == ("bfloat16",)


def check_numbers(owner, arguments):
    """Refuse strings where numbers are expected, as they come from files and command lines.

    Raises:
        TypeError: One of `arguments`, a dict, is a string.
    """
    for name, value in arguments.items():
        if isinstance(value, str):
            raise error.TypeError(
                f"{owner}: {name}={value!r} is a str; a number is expected, as float() makes"
            )


def _numeric_arguments(klass):
    """Names of the arguments of a class whose defaults are numbers."""
    parameters = (
        parameter
        for base in klass.__mro__[:-1]
        for parameter in inspect.signature(base.__init__).parameters.values()
    )
    return {parameter.name for parameter in parameters if isinstance(parameter.default, float)}


class Optimizer:
    """Base of all optimizers; a subclass defines `create_state` and `update`.

    Parameters are known by an index; names, for their multipliers, come from `param_idx2name`.

    Args:
        rescale_grad (float): Gradients are multiplied by this first.
        param_idx2name (dict of int to str): Names of the parameters.
        wd (float): Weight decay.
        clip_gradient (float): Gradients are clipped to this range around 0.
        learning_rate (float): Learning rate; 0.01 if neither it nor `lr_scheduler` is given.
        lr_scheduler (LRScheduler): Learning rate by number of updates; starts from
            `learning_rate` if that is given.
        sym (Symbol): Symbol whose variables carry ``__lr_mult__`` and ``__wd_mult__``.
        begin_num_update (int): Updates that were done before.
        multi_precision (bool): Whether to keep 32 bit copies of 16 bit parameters.
        param_dict (dict): Parameters with `lr_mult` and `wd_mult`, by index.
    """

    opt_registry = {}
    # What ends the names of parameters with weight decay.
    _decayed_endings = ("_weight", "_gamma")

    def __init__(
        self,
        rescale_grad=1.0,
        param_idx2name=None,
        wd=0.0,
        clip_gradient=None,
        learning_rate=None,
        lr_scheduler=None,
        sym=None,
        begin_num_update=0,
        multi_precision=False,
        param_dict=None,
    ):
        if param_idx2name is not None and not isinstance(param_idx2name, dict):
            raise error.AssertedValueError(
                f"{type(self).__name__}: param_idx2name is a "
                f"{type(param_idx2name).__name__}; a dict of names by index is "
                "expected"
            )
        owner = type(self).__name__
        check_numbers(
            owner,
            {
                "learning_rate": learning_rate,
                "wd": wd,
                "rescale_grad": rescale_grad,
                "clip_gradient": clip_gradient,
                "begin_num_update": begin_num_update,
            },
        )
        if lr_scheduler is not None and not callable(lr_scheduler):
            raise error.TypeError(
                f"{owner}: lr_scheduler is a {type(lr_scheduler).__name__}; an LRScheduler, such "
                "as mx.lr_scheduler.FactorScheduler, is expected"
            )
        self.rescale_grad = rescale_grad
        self.lr_scheduler = lr_scheduler
        if lr_scheduler is None:
            self.lr = 0.01 if learning_rate is None else learning_rate
        else:
            self.lr = learning_rate
            if learning_rate is not None:
                lr_scheduler.base_lr = learning_rate
        self.wd = wd
        self.lr_mult = {}
        self.wd_mult = {}
        self.begin_num_update = begin_num_update
        self.num_update = begin_num_update
        self._all_index_update_counts = {0: {}}
        self._index_update_count = self._all_index_update_counts[0]
        self.clip_gradient = clip_gradient
        self.multi_precision = multi_precision
        self.aggregate_num = 0
        self.idx2name = dict(param_idx2name or {})
        self.sym_info = (sym.attr_dict(), sym.list_arguments()) if sym is not None else ()
        self.param_dict = param_dict or {}
        self.set_lr_mult({})
        self.set_wd_mult({})

    # What MXNet 1.9.1 looks for in an optimizer that it reads from a file, besides or in place of
    # what is here.
    _written = {}

    def __getstate__(self):
        # Parameters are not part of the optimizer that is written to a file.
        state = {name: value for name, value in self.__dict__.items() if name != "param_dict"}
        return {**state, "allow_np_array": False, **self._written}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self.param_dict = {}
        if "aggregate_num" in self._written:
            self.aggregate_num = self._own_aggregation()

    @staticmethod
    def _own_aggregation():
        """How many parameters one call updates; 0 for one at a time, without lists."""
        return 0

    @staticmethod
    def register(klass):
        """Register an optimizer class under its own name; usable as a decorator."""
        if not isinstance(klass, type):
            raise error.AssertedTypeError(
                f"Optimizer.register: klass={klass!r} is no class; expected one"
            )
        name = klass.__name__.lower()
        known = Optimizer.opt_registry.get(name)
        if known is not None:
            warnings.warn(
                f"optimizer {klass.__module__}.{klass.__name__} replaces "
                f"{known.__module__}.{known.__name__} under the name {name}",
                UserWarning,
                stacklevel=2,
            )
        Optimizer.opt_registry[name] = klass
        return klass

    @staticmethod
    def create_optimizer(name, **kwargs):
        """Create an optimizer from its name and arguments.

        Raises:
            ValueError: There is no optimizer of this name.
            TypeError: An argument is a string in place of a number.
        """
        klass = Optimizer.opt_registry.get(name.lower()) if isinstance(name, str) else None
        if klass is None:
            raise error.ValueError(
                f"optimizer={name!r} is not registered; one of "
                f"{', '.join(sorted(Optimizer.opt_registry))} is expected"
            )
        numeric = _numeric_arguments(klass)
        check_numbers(klass.__name__, {key: kwargs[key] for key in numeric if key in kwargs})
        return klass(**kwargs)

    @property
    def learning_rate(self):
        """The learning rate at the current number of updates, without multipliers."""
        if self.lr_scheduler is not None:
            return self.lr_scheduler(self.num_update)
        return self.lr

    def set_learning_rate(self, lr):
        """Set the learning rate.

        Raises:
            UserWarning: A scheduler sets it already.
        """
        if self.lr_scheduler is not None:
            raise UserWarning(
                f"{type(self).__name__}: the learning rate comes from a scheduler; "
                "set_learning_rate is for optimizers without one"
            )
        check_numbers(type(self).__name__, {"learning_rate": lr})
        self.lr = lr

    def set_lr_scale(self, args_lrscale):
        """Gone since multipliers have names; `set_lr_mult` replaces it."""
        raise DeprecationWarning("set_lr_scale is gone; use set_lr_mult")

    def _multipliers_of_symbol(self, attribute):
        if not self.sym_info:
            return {}
        attrs, arguments = self.sym_info
        return {
            name: float(attrs[name][attribute])
            for name in arguments
            if attribute in attrs.get(name, {})
        }

    def set_lr_mult(self, args_lr_mult):
        """Set factors of the learning rate, beside those in the symbol.

        Args:
            args_lr_mult (dict): Factors by index or name of a parameter.
        """
        self.lr_mult = {**self._multipliers_of_symbol("__lr_mult__"), **args_lr_mult}

    def set_wd_mult(self, args_wd_mult):
        """Set factors of the weight decay, beside those in the symbol.

        Parameters whose names do not end in ``_weight`` or ``_gamma`` have 0 if nothing is set.

        Args:
            args_wd_mult (dict): Factors by index or name of a parameter.
        """
        undecayed = {
            name: 0.0 for name in self.idx2name.values() if not name.endswith(self._decayed_endings)
        }
        self.wd_mult = {**undecayed, **self._multipliers_of_symbol("__wd_mult__"), **args_wd_mult}

    def _set_current_context(self, device_id):
        """Count the updates of this device from now on."""
        self._index_update_count = self._all_index_update_counts.setdefault(device_id, {})

    def _update_count(self, index):
        """Count an update of one parameter or of each in a list."""
        counts = self._index_update_count
        for i in index if isinstance(index, (list, tuple)) else (index,):
            count = counts.get(i, self.begin_num_update) + 1
            counts[i] = count
            if count > self.num_update:
                self.num_update = count

    def _multiplier(self, index, attribute):
        if index in self.param_dict:
            return getattr(self.param_dict[index], attribute)
        factors = getattr(self, attribute)
        if index in factors:
            return factors[index]
        return factors.get(self.idx2name.get(index), 1.0)

    def _get_lrs(self, indices):
        rate = self.learning_rate
        if not self.param_dict and not self.lr_mult:
            return [rate] * len(indices)
        return [rate * self._multiplier(index, "lr_mult") for index in indices]

    def _get_lr(self, index):
        return self._get_lrs([index])[0]

    def _get_wds(self, indices):
        return [self.wd * self._multiplier(index, "wd_mult") for index in indices]

    def _get_wd(self, index):
        return self._get_wds([index])[0]

    def create_state(self, index, weight):
        """Make what the optimizer remembers of a parameter.

        Args:
            index (int): The parameter.
            weight (NDArray): Its value.

        Returns:
            None, an NDArray, or a tuple of them.
        """

    def create_state_multi_precision(self, index, weight):
        """`create_state`, with a 32 bit copy of a 16 bit parameter in multi-precision."""
        if is_half(weight):
            if self.multi_precision:
                copy = weight.astype("float32")
                return copy, self.create_state(index, copy)
            self._warn_of_half()
        return self.create_state(index, weight)

    def _warn_of_half(self):
        warnings.warn(
            f"{type(self).__name__} adds up in 16 bits, which loses accuracy; "
            "multi_precision=True keeps a copy of the parameter in 32 bits",
            stacklevel=3,
        )

    def update(self, index, weight, grad, state):
        """Update a parameter in place.

        Args:
            index (int): The parameter.
            weight (NDArray): Its value.
            grad (NDArray): Its gradient.
            state: What `create_state` made for it.
        """
        raise error.NotImplementedError(
            f"{type(self).__name__} does not define update(index, weight, grad, state)"
        )

    def update_multi_precision(self, index, weight, grad, state):
        """`update`, by way of the 32 bit copy of a 16 bit parameter in multi-precision.

        Given lists, it updates one parameter after the other.
        """
        if isinstance(index, (list, tuple)):
            for each in zip(index, weight, grad, state):
                self.update_multi_precision(*each)
            return
        if self.multi_precision and is_half(weight):
            copy, state = state
            self.update(index, copy, grad.astype("float32"), state)
            copy.astype(weight.dtype).copyto(weight)
        else:
            self.update(index, weight, grad, state)

    def _begin(self, index):
        """Count an update of a parameter; gives its learning rate and weight decay."""
        self._update_count(index)
        return self._get_lr(index), self._get_wd(index)

    def _scaled(self, grad):
        """`grad` after `rescale_grad` and `clip_gradient`."""
        grad = grad * self.rescale_grad
        if self.clip_gradient is not None:
            grad = nd.clip(grad, -self.clip_gradient, self.clip_gradient)
        return grad

    def _scaled_decayed(self, weight, grad, wd):
        """`grad` after `rescale_grad`, weight decay and `clip_gradient`, in this order."""
        grad = grad * self.rescale_grad + wd * weight
        if self.clip_gradient is not None:
            grad = nd.clip(grad, -self.clip_gradient, self.clip_gradient)
        return grad

    def _fused_options(self):
        """Arguments that all fused update operators have."""
        options = {"rescale_grad": self.rescale_grad}
        if self.clip_gradient:
            options["clip_gradient"] = self.clip_gradient
        return options


def zeros_like(weight, dtype=None, stype="default"):
    """Zeros of the shape of `weight` on its device."""
    return nd.zeros(weight.shape, ctx=weight.context, dtype=dtype or weight.dtype, stype=stype)


def lazy_stype(optimizer, weight):
    """Storage kind of states that are updated with the rows of a gradient."""
    return weight.stype if optimizer.lazy_update else "default"


register = Optimizer.register


def create(name, **kwargs):
    """Create an optimizer from its name and arguments.

    Args:
        name (str): Name of a registered optimizer, in any case.
        **kwargs: Arguments of the optimizer.

    Raises:
        ValueError: There is no optimizer of this name.

    Example:
        >>> create("sgd", learning_rate=0.1, momentum=0.9)
    """
    return Optimizer.create_optimizer(name, **kwargs)
