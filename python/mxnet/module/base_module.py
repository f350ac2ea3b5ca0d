"""What a module is: the interface that every module has."""

import logging
import warnings

from .. import _elsewhere, error
from .. import ndarray as nd
from ..checkpoint import split_params
from ..log import logger_or_own
from ..symbol import Symbol
from .loops import DEFAULT_INITIALIZER, Loops

__all__ = ["BaseModule"]

__getattr__ = _elsewhere.getter(
    __name__,
    {
        "_as_list": "base",
        "_check_input_names": "module.by_hand:check_symbol_names",
        "_check_names_match": "module.by_hand:check_names",
        "_parse_data_desc": "module.by_hand:describe_inputs",
        "BatchEndParam": "checkpoint",
        "DataBatch": "io",
        "DataDesc": "io",
    },
)


def check_input_names(symbol, names, argument, required):
    """Check that the symbol has arguments of these names.

    Raises:
        TypeError: It is no Symbol.
        MXNetError: It has not and they are required; otherwise there is a warning.
    """
    if not isinstance(symbol, Symbol):
        raise error.TypeError(
            f"Module: symbol is a {type(symbol).__name__}; a Symbol is expected, such as "
            "mx.sym.load reads from a file"
        )
    known = symbol.list_arguments()
    for name in names:
        if name in known:
            continue
        inputs = [arg for arg in known if not arg.endswith(("_weight", "_bias", "_gamma", "_beta"))]
        message = (
            f"Module: {argument}={list(names)} names {name!r}, which is no argument of the "
            f"symbol; one of {', '.join(inputs)} is expected"
        )
        if required:
            raise error.ValueError(message)
        warnings.warn(message, stacklevel=3)


class BaseModule(Loops):
    """Base of all modules.

    A subclass defines how it is bound, run and updated; training, scoring and prediction over
    data iterators are the same for all.

    Args:
        logger (Logger): Where to log.
    """

    def __init__(self, logger=logging):
        self.logger = logger_or_own(logger)
        self.binded = False
        self.for_training = False
        self.inputs_need_grad = False
        self.params_initialized = False
        self.optimizer_initialized = False
        self._symbol = None
        self._total_exec_bytes = 0

    # What a module is in the middle of; asked before each step.

    def _need(self, bound=False, params=False, optimizer=False):
        """Refuse a call that comes before the calls it needs."""
        owner = type(self).__name__
        if bound and not self.binded:
            raise error.AssertionError(f"{owner}: it is not bound; call bind() first")
        if params and not self.params_initialized:
            raise error.AssertionError(
                f"{owner}: its parameters have no values; call init_params() or set_params() first"
            )
        if optimizer and not self.optimizer_initialized:
            raise error.AssertionError(f"{owner}: it has no optimizer; call init_optimizer() first")

    def _keeps_optimizer(self, force_init):
        """Whether `init_optimizer` has nothing to do, as there is an optimizer; warns of it."""
        if self.optimizer_initialized and not force_init:
            self.logger.warning(
                "%s.init_optimizer: the optimizer that is there stays; expected force_init=True to "
                "replace it",
                type(self).__name__,
            )
            return True
        return False

    # What a subclass defines.

    @property
    def symbol(self):
        """The network."""
        return self._symbol

    def _missing(self, what):
        return error.NotImplementedError(f"{type(self).__name__} does not define {what}")

    @property
    def data_names(self):
        """Names of the inputs."""
        raise self._missing("data_names")

    @property
    def output_names(self):
        """Names of the outputs."""
        raise self._missing("output_names")

    @property
    def data_shapes(self):
        """Descriptions of the inputs."""
        raise self._missing("data_shapes")

    @property
    def label_shapes(self):
        """Descriptions of the labels."""
        raise self._missing("label_shapes")

    @property
    def output_shapes(self):
        """Pairs of name and shape of the outputs."""
        raise self._missing("output_shapes")

    def get_params(self):
        """Parameters and auxiliary states, two dicts by name."""
        raise self._missing("get_params()")

    def init_params(
        self,
        initializer=DEFAULT_INITIALIZER,
        arg_params=None,
        aux_params=None,
        allow_missing=False,
        force_init=False,
        allow_extra=False,
    ):
        """Give values to the parameters."""
        raise self._missing("init_params()")

    def set_params(
        self, arg_params, aux_params, allow_missing=False, force_init=True, allow_extra=False
    ):
        """Set the parameters.

        Args:
            arg_params (dict of str to NDArray): Parameters by name.
            aux_params (dict of str to NDArray): Auxiliary states by name.
            allow_missing (bool): Whether some may be missing.
            force_init (bool): Whether to set them if they have values.
            allow_extra (bool): Whether names that the network does not have are accepted.
        """
        self.init_params(
            initializer=None,
            arg_params=arg_params,
            aux_params=aux_params,
            allow_missing=allow_missing,
            force_init=force_init,
            allow_extra=allow_extra,
        )

    def save_params(self, fname):
        """Save the parameters to a file."""
        arg_params, aux_params = self.get_params()
        arrays = {f"arg:{name}": array for name, array in arg_params.items()}
        arrays.update((f"aux:{name}", array) for name, array in aux_params.items())
        nd.save(fname, arrays)

    def load_params(self, fname):
        """Set the parameters from a file.

        Raises:
            MXNetError: The file is missing or damaged, or holds something else.
        """
        self.set_params(*split_params(fname))

    def get_states(self, merge_multi_context=True):
        """The states; a module without states has none."""
        self._need(bound=True, params=True)
        return []

    def set_states(self, states=None, value=None):
        """Set the states, to arrays or to one value."""
        self._need(bound=True, params=True)

    def install_monitor(self, mon):
        """Watch the executors with a monitor."""
        raise self._missing("install_monitor()")

    def prepare(self, data_batch, sparse_row_id_fn=None):
        """Get ready for a batch.

        Args:
            data_batch (DataBatch): The batch.
            sparse_row_id_fn (function): Gives the rows of row-sparse parameters that the batch
                needs, for modules that keep such parameters in a store.
        """

    def forward(self, data_batch, is_train=None):
        """Run the network on a batch."""
        raise self._missing("forward()")

    def backward(self, out_grads=None):
        """Compute gradients."""
        raise self._missing("backward()")

    def get_outputs(self, merge_multi_context=True):
        """Outputs of the last forward pass."""
        raise self._missing("get_outputs()")

    def get_input_grads(self, merge_multi_context=True):
        """Gradients of the inputs."""
        raise self._missing("get_input_grads()")

    def update(self):
        """Update the parameters from their gradients."""
        raise self._missing("update()")

    def update_metric(self, eval_metric, labels, pre_sliced=False):
        """Count the outputs of the last forward pass in a metric."""
        raise self._missing("update_metric()")

    def bind(
        self,
        data_shapes,
        label_shapes=None,
        for_training=True,
        inputs_need_grad=False,
        force_rebind=False,
        shared_module=None,
        grad_req="write",
    ):
        """Allocate everything for inputs of these shapes."""
        raise self._missing("bind()")

    def init_optimizer(
        self,
        kvstore="local",
        optimizer="sgd",
        optimizer_params=(("learning_rate", 0.01),),
        force_init=False,
    ):
        """Choose the optimizer."""
        raise self._missing("init_optimizer()")
