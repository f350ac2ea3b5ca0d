"""The part of a module that holds parameters."""

import logging
import warnings
from collections.abc import Mapping

from .. import error
from .. import ndarray as nd
from ..context import cpu
from ..initializer import InitDesc
from ..initializer import create as create_initializer
from .base_module import BaseModule
from .loops import DEFAULT_INITIALIZER

__all__ = ["ParameterModule"]


def _callable_initializer(initializer):
    """An initializer from its name; None and a function of name and array as they are."""
    if isinstance(initializer, str):
        return create_initializer(initializer)
    if initializer is not None and not callable(initializer):
        raise error.TypeError(
            f"Module.init_params: initializer is a {type(initializer).__name__}; an Initializer, "
            "such as mx.init.Xavier(), is expected"
        )
    return initializer


def _check_params(argument, given):
    """Refuse what is no dict of arrays of this library by name."""
    if given is None:
        return
    if not isinstance(given, Mapping):
        raise error.TypeError(
            f"Module: {argument} is a {type(given).__name__}; a dict of NDArrays by name is "
            "expected"
        )
    for name, value in given.items():
        if not isinstance(value, nd.NDArray):
            raise error.TypeError(
                f"Module: {argument} has a {type(value).__name__} as {name!r}; an NDArray is "
                "expected, as mx.nd.array makes"
            )


class ParameterModule(BaseModule):
    """A module whose executor group holds parameters and auxiliary states on each device.

    Args:
        logger (Logger): Where to log.
    """

    _context = ()
    _param_names = ()
    _aux_names = ()
    _exec_group = None

    def __init__(self, logger=logging):
        super().__init__(logger=logger)
        # Copies for the user, made when asked for; the parameters live in the executors.
        self._arg_copies = None
        self._aux_copies = None
        self._params_dirty = False
        self._shares_params = False

    # Scripts of MXNet read and set these two.

    @property
    def _arg_params(self):
        """Copies of the parameters as of the last `get_params`, made if there are none yet."""
        if self._arg_copies is None and self.binded and self.params_initialized:
            self.get_params()
        return self._arg_copies

    @_arg_params.setter
    def _arg_params(self, arrays):
        self._arg_copies = arrays

    @property
    def _aux_params(self):
        """The same of the auxiliary states."""
        if self._aux_copies is None and self.binded and self.params_initialized:
            self.get_params()
        return self._aux_copies

    @_aux_params.setter
    def _aux_params(self, arrays):
        self._aux_copies = arrays

    def get_params(self):
        """Parameters and auxiliary states.

        Returns:
            tuple of dict of str to NDArray: Copies on the CPU; the next call brings the same
            arrays up to date.
        """
        if not self.binded and self.params_initialized:
            return self._arg_copies, self._aux_copies
        self._need(bound=True, params=True)
        if self._params_dirty or self._shares_params or self._arg_copies is None:
            group = self._exec_group
            self._arg_copies = group.snapshot(self._arg_copies or {}, 0, self._param_names)
            self._aux_copies = group.snapshot(self._aux_copies or {}, 2, self._aux_names)
            self._params_dirty = False
        return self._arg_copies, self._aux_copies

    def _fit_legacy_pooling(self, arg_params):
        """Bind again where the parameters fit old Pooling nodes only if those round up."""

    def _params_differ_by_device(self):
        return len(self._context) > 1

    def init_params(
        self,
        initializer=DEFAULT_INITIALIZER,
        arg_params=None,
        aux_params=None,
        allow_missing=False,
        force_init=False,
        allow_extra=False,
    ):
        """Give values to the parameters.

        Args:
            initializer (Initializer or str): For parameters that are not given.
            arg_params (dict of str to NDArray): Parameters that are given.
            aux_params (dict of str to NDArray): Auxiliary states that are given.
            allow_missing (bool): Whether `arg_params` and `aux_params` may lack some.
            force_init (bool): Whether to set parameters that have values.
            allow_extra (bool): Whether names that the network does not have are accepted.

        Raises:
            MXNetError: A parameter is missing or has another shape.
        """
        if self.params_initialized and not force_init:
            warnings.warn(
                "Module.init_params: the parameters have values, which stay; "
                "force_init=True replaces them",
                stacklevel=2,
            )
            return
        self._need(bound=True)
        initializer = _callable_initializer(initializer)
        for argument, given in (("arg_params", arg_params), ("aux_params", aux_params)):
            _check_params(argument, given)
        self._fit_legacy_pooling(arg_params)
        attrs = self._symbol.attr_dict()
        for names, given, kind, argument in (
            (self._param_names, arg_params, 0, "arg_params"),
            (self._aux_names, aux_params, 2, "aux_params"),
        ):
            for name in sorted(names):
                if given is not None and name in given:
                    self._exec_group.set_params(
                        *([{name: given[name]}, {}] if kind == 0 else [{}, {name: given[name]}])
                    )
                elif given is not None and not allow_missing:
                    raise error.ValueError(
                        f"Module: parameter {name} is missing in {argument}; a value "
                        "for each parameter, or allow_missing=True, is expected"
                    )
                elif initializer is not None:
                    self._initialize(InitDesc(name, attrs.get(name)), initializer, kind)
                elif given is None:
                    raise error.ValueError(
                        f"Module: {argument} is not given; a value for {name} is expected"
                    )
        self.params_initialized = True
        self._params_dirty = True

    def _initialize(self, desc, initializer, kind):
        """Fill a parameter on all devices; random values are drawn on the CPU."""
        targets = [arrays[kind][desc] for arrays in self._exec_group._arrays]
        first = targets[0]
        if first.context.device_type != "cpu":
            first = nd.zeros(first.shape, ctx=cpu(), dtype=first.dtype)
        initializer(desc, first)
        for target in targets:
            if target is not first:
                first.copyto(target)

    def set_params(
        self, arg_params, aux_params, allow_missing=False, force_init=True, allow_extra=False
    ):
        """Set the parameters.

        Args:
            arg_params (dict of str to NDArray): Parameters by name.
            aux_params (dict of str to NDArray): Auxiliary states by name.
            allow_missing (bool): Whether some may be missing; those stay as they are.
            force_init (bool): Whether to set them if they have values.
            allow_extra (bool): With `allow_missing`, whether names that the network does not
                have are accepted. Without it they always are.

        Raises:
            MXNetError: A parameter is missing or has another shape.
        """
        if not allow_missing:
            self.init_params(
                initializer=None,
                arg_params=arg_params,
                aux_params=aux_params,
                allow_missing=False,
                force_init=force_init,
                allow_extra=allow_extra,
            )
            return
        if self.params_initialized and not force_init:
            warnings.warn(
                "Module.set_params: the parameters have values, which stay; "
                "force_init=True replaces them",
                stacklevel=2,
            )
            return
        self._need(bound=True)
        for argument, given in (("arg_params", arg_params), ("aux_params", aux_params)):
            _check_params(argument, given)
        self._fit_legacy_pooling(arg_params)
        self._exec_group.set_params(arg_params, aux_params, allow_extra=allow_extra)
        self._params_dirty = True
        self.params_initialized = True
