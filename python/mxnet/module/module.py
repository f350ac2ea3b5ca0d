"""A network with its parameters and optimizer on one or several devices."""

import logging
import threading
import warnings

from .. import _core, _elsewhere, error
from ..checkpoint import load_checkpoint, params_file
from ..io import DataDesc
from .base_module import check_input_names
from .executor_group import DataParallelExecutorGroup
from .optimizing import OptimizingModule
from .slicing import device_list

__all__ = ["Module"]

__getattr__ = _elsewhere.getter(
    __name__,
    {
        "BaseModule": "module.base_module",
        "_check_input_names": "module.by_hand:check_symbol_names",
        "_create_kvstore": "module.by_hand:create_kvstore",
        "_initialize_kvstore": "module.by_hand:initialize_kvstore",
        "_parse_data_desc": "module.by_hand:describe_inputs",
        "_update_params": "module.by_hand:update_params",
        "_update_params_on_kvstore": "module.by_hand:update_params_on_kvstore",
    },
)


def _describe(shapes, names, argument, required):
    """`shapes` as a list of DataDesc in the order of `names`.

    Raises:
        MXNetError: They name other inputs and are required; otherwise there is a warning.
    """
    descs = []
    for entry in shapes or []:
        if isinstance(entry, DataDesc):
            descs.append(entry)
            continue
        if len(entry) < 2 or not isinstance(entry[1], (tuple, list)):
            raise error.ValueError(
                f"Module.bind: {argument} has the entry {entry!r}; pairs of name and "
                "shape are expected, as in ('data', (1, 3, 224, 224))"
            )
        descs.append(DataDesc(*entry))
    if sorted(desc.name for desc in descs) != sorted(names):
        message = (
            f"Module.bind: {argument} names {[desc.name for desc in descs]}; {list(names)} "
            f"is expected, as {argument.replace('shapes', 'names')} says"
        )
        if required:
            raise error.ValueError(message)
        if descs:
            warnings.warn(message, stacklevel=3)
    order = {name: i for i, name in enumerate(names)}
    return sorted(descs, key=lambda desc: order.get(desc.name, len(order)))


def _resized(desc, array):
    return DataDesc(
        desc.name, array.shape, getattr(desc, "dtype", array.dtype), getattr(desc, "layout", "NCHW")
    )


class Module(OptimizingModule):
    """A network with its parameters and optimizer.

    Args:
        symbol (Symbol): The network.
        data_names (list of str): Names of the inputs.
        label_names (list of str): Names of the labels; None if there are none.
        logger (Logger): Where to log.
        context (Context or list of Context): The devices; batches are split over several.
        work_load_list (list of float): Share of each device in a batch.
        fixed_param_names (list of str): Parameters that are not trained.
        state_names (list of str): Inputs that are set by `set_states`.
        group2ctxs (dict or list): Devices of context groups: a device, or one for each of the
            devices that share a batch, by group; or a list of such dicts.
        compression_params (dict): How gradients are compressed between ranks, as
            `KVStore.set_gradient_compression` takes it.

    Raises:
        MXNetError: A name is not an argument of the symbol.

    Example:
        >>> module = mx.mod.Module(symbol)
        >>> module.bind(data_shapes=[("data", (1, 3, 224, 224))], for_training=False)
        >>> module.set_params(arg_params, aux_params)
        >>> module.forward(mx.io.DataBatch([image]))
        >>> module.get_outputs()[0]
    """

    def __init__(
        self,
        symbol,
        data_names=("data",),
        label_names=("softmax_label",),
        logger=logging,
        context=None,
        work_load_list=None,
        fixed_param_names=None,
        state_names=None,
        group2ctxs=None,
        compression_params=None,
    ):
        super().__init__(logger=logger)
        self._context = device_list(context)
        self._work_load_list = work_load_list or [1] * len(self._context)
        if len(self._work_load_list) != len(self._context):
            raise error.AssertedValueError(
                f"Module: work_load_list={work_load_list} has "
                f"{len(self._work_load_list)} entries; one for each of the "
                f"{len(self._context)} devices is expected"
            )
        self._symbol = symbol
        self._group2ctxs = group2ctxs
        self._compression_params = compression_params
        self._data_names = list(data_names or [])
        self._label_names = list(label_names or [])
        self._state_names = list(state_names or [])
        self._fixed_param_names = list(fixed_param_names or [])
        for names, argument, required in (
            (self._data_names, "data_names", True),
            (self._label_names, "label_names", False),
            (self._state_names, "state_names", True),
            (self._fixed_param_names, "fixed_param_names", True),
        ):
            check_input_names(symbol, names, argument, required)
        inputs = set(self._data_names + self._label_names + self._state_names)
        # A label that is not listed is no parameter either; its shape follows from the data.
        self._param_names = [
            name
            for name in symbol.list_arguments()
            if name not in inputs
            and (not name.endswith("_label") or name in self._fixed_param_names)
        ]
        self._aux_names = symbol.list_auxiliary_states()
        self._output_names = symbol.list_outputs()
        self._exec_group = None
        self._binding_lock = threading.RLock()
        self._data_shapes = None
        self._label_shapes = None
        self._bound_shapes = None
        self._grad_req = None

    @staticmethod
    def load(prefix, epoch, load_optimizer_states=False, **kwargs):
        """Make a module from a checkpoint.

        Args:
            prefix (str): Prefix of the files.
            epoch (int): Number of the epoch.
            load_optimizer_states (bool): Whether to load the states of the optimizer too.
            **kwargs: Arguments of `Module`.

        Returns:
            Module: The module, to be bound.
        """
        symbol, arg_params, aux_params = load_checkpoint(prefix, epoch)
        module = Module(symbol=symbol, **kwargs)
        module._arg_params = arg_params
        module._aux_params = aux_params
        module.params_initialized = True
        if load_optimizer_states:
            module._preload_opt_states = params_file(prefix, epoch, "states")
        return module

    def save_checkpoint(self, prefix, epoch, save_optimizer_states=False, remove_amp_cast=True):
        """Save symbol, parameters and, if asked for, the states of the optimizer.

        Args:
            prefix (str): Prefix of the files.
            epoch (int): Number of the epoch.
            save_optimizer_states (bool): Whether to save the states of the optimizer too.
            remove_amp_cast (bool): Whether casts that mixed precision added are left out.
        """
        fname = params_file(prefix, epoch)
        self._symbol.save(f"{prefix}-symbol.json", remove_amp_cast=remove_amp_cast)
        self.save_params(fname)
        self.logger.info('Saved checkpoint to "%s"', fname)
        if save_optimizer_states:
            fname = params_file(prefix, epoch, "states")
            self.save_optimizer_states(fname)
            self.logger.info('Saved optimizer state to "%s"', fname)

    @property
    def data_names(self):
        return self._data_names

    @property
    def label_names(self):
        """Names of the labels."""
        return self._label_names

    @property
    def output_names(self):
        return self._output_names

    @property
    def data_shapes(self):
        self._need(bound=True)
        return self._data_shapes

    @property
    def label_shapes(self):
        self._need(bound=True)
        return self._label_shapes

    @property
    def output_shapes(self):
        self._need(bound=True)
        return self._exec_group.get_output_shapes()

    # Binding

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
        """Allocate everything for inputs of these shapes.

        Batches of other shapes are accepted later; they bind anew on the fly.

        Args:
            data_shapes (list): DataDesc or pairs of name and shape, one for each input.
            label_shapes (list): The same for labels; None if there are none.
            for_training (bool): Whether gradients are needed.
            inputs_need_grad (bool): Whether gradients of the inputs are needed.
            force_rebind (bool): Whether to bind again if it is bound; parameters stay.
            shared_module (Module): Module whose parameters are used.
            grad_req (str, list or dict): What happens to gradients: ``write``, ``add`` or
                ``null``, for all arguments, by position or by name.

        Raises:
            MXNetError: An argument has a wrong value, or the network does not take such inputs.
        """
        if self.binded and not force_rebind:
            self.logger.warning("Already bound, ignoring bind()")
            return
        if inputs_need_grad and not for_training:
            raise error.AssertedValueError(
                "Module.bind: inputs_need_grad=True needs gradients; for_training=True is expected"
            )
        if self.binded and self.params_initialized:
            self.get_params()
        descs = _describe(data_shapes, self._data_names, "data_shapes", True)
        labels = _describe(label_shapes, self._label_names, "label_shapes", False) or None
        shared_group = None
        if shared_module is not None:
            shared_module._need(bound=True, params=True)
            shared_group = shared_module._exec_group
            if len(shared_group.execs) < len(self._context):
                raise error.ValueError(
                    f"Module.bind: shared_module is on {len(shared_group.execs)} "
                    f"devices; at least {len(self._context)} are expected"
                )
        self._symbol = self._with_legacy_pooling(descs + (labels or []), self._arg_params)
        self._exec_group = DataParallelExecutorGroup(
            self._symbol,
            self._context,
            self._work_load_list,
            descs,
            labels,
            self._param_names,
            for_training,
            inputs_need_grad,
            shared_group,
            logger=self.logger,
            fixed_param_names=self._fixed_param_names,
            grad_req=grad_req,
            state_names=self._state_names,
            group2ctxs=self._group2ctxs,
            label_names=self._label_names,
        )
        self._data_shapes, self._label_shapes = descs, labels
        self._bound_shapes = [desc.shape for desc in descs]
        self._grad_req = grad_req
        self._update_lists = None
        self.for_training = for_training
        self.inputs_need_grad = inputs_need_grad
        self.binded = True
        if shared_module is not None:
            # Each module may change what the others hold.
            self._shares_params = shared_module._shares_params = True
            self.params_initialized = True
            self._params_dirty = True
            if shared_module.optimizer_initialized:
                self.borrow_optimizer(shared_module)
        elif self.params_initialized:
            self._exec_group.set_params(self._arg_params, self._aux_params, allow_extra=True)

    def _with_legacy_pooling(self, descs, arg_params):
        """The network; its Pooling of before July 2016 rounds up if the shapes fit only so."""
        shapes = {desc.name: desc.shape for desc in descs}
        shapes.update((name, array.shape) for name, array in (arg_params or {}).items())
        return _core.resolve_legacy_pooling(self._symbol, shapes)

    def _fit_legacy_pooling(self, arg_params):
        descs, labels = self._data_shapes, self._label_shapes
        symbol = self._with_legacy_pooling(descs + (labels or []), arg_params)
        if symbol is self._symbol:
            return
        self._symbol = symbol
        self.params_initialized = False  # values of other shapes are of no use
        self.bind(
            descs,
            labels,
            self.for_training,
            self.inputs_need_grad,
            force_rebind=True,
            grad_req=self._grad_req,
        )

    def reshape(self, data_shapes, label_shapes=None):
        """Bind to inputs of other shapes; parameters stay as they are.

        Args:
            data_shapes (list): See `bind`.
            label_shapes (list): See `bind`.
        """
        self._need(bound=True)
        descs = _describe(data_shapes, self._data_names, "data_shapes", True)
        labels = _describe(label_shapes, self._label_names, "label_shapes", False) or None
        self._rebind(descs, labels)

    def _rebind(self, descs, labels):
        self._exec_group.bind_exec(descs, labels)
        self._data_shapes, self._label_shapes = descs, labels
        self._bound_shapes = [desc.shape for desc in descs]
        self._update_lists = None

    # Running

    def forward(self, data_batch, is_train=None):
        """Run the network on a batch.

        Args:
            data_batch (DataBatch): The batch, or anything with a list of NDArray as `data`; a
                batch of other shapes than those bound is accepted.
            is_train (bool): Whether layers behave as in training; `for_training` if not given.

        Raises:
            MXNetError: The network does not take such a batch.
        """
        self._need(bound=True, params=True)
        group = self._exec_group
        data = data_batch.data
        labels = getattr(data_batch, "label", None)
        if len(data) != len(self._data_shapes):
            raise error.ValueError(
                f"Module.forward: data_batch.data has {len(data)} arrays; one for each "
                f"of {self._data_names} is expected"
            )
        if self._fetched_rows is not None:
            self._fetched_rows.before_forward()
        with self._binding_lock:
            if [array.shape for array in data] != self._bound_shapes or (
                labels and self._labels_changed(labels)
            ):
                self._follow(data_batch, labels)
            binding = group.binding
        group.forward(data_batch, is_train, binding)

    def _labels_changed(self, labels):
        if self._label_shapes is None:
            return self.for_training and len(labels) == len(self._label_names)
        return any(array.shape != desc.shape for array, desc in zip(labels, self._label_shapes))

    def _follow(self, data_batch, labels):
        """Bind to the shapes of a batch."""
        descs = [_resized(desc, array) for desc, array in zip(self._data_shapes, data_batch.data)]
        if getattr(data_batch, "provide_data", None):
            descs = _describe(data_batch.provide_data, self._data_names, "data_shapes", True)
        label_descs = None
        if labels and len(labels) == len(self._label_names):
            old = self._label_shapes or [DataDesc(name, ()) for name in self._label_names]
            label_descs = [_resized(desc, array) for desc, array in zip(old, labels)]
        self._rebind(descs, label_descs)

    def backward(self, out_grads=None):
        """Compute gradients.

        Args:
            out_grads (list of NDArray): Gradients of the outputs; needed for outputs that are no
                losses.
        """
        self._need(bound=True, params=True)
        if not self.for_training:
            raise error.MXNetError(
                "Module.backward: the module is bound for prediction; bind it with "
                "for_training=True"
            )
        self._exec_group.backward(out_grads=out_grads)

    def get_outputs(self, merge_multi_context=True):
        """Outputs of the calling thread's last forward pass.

        Several threads may predict with one module, each with its own answers.

        Args:
            merge_multi_context (bool): Whether to join the outputs of all devices.

        Returns:
            list of NDArray: The outputs; lists of arrays by device if they are not joined. No
            later forward pass writes these arrays.
        """
        self._need(bound=True, params=True)
        return self._exec_group.get_outputs(merge_multi_context=merge_multi_context)

    def get_input_grads(self, merge_multi_context=True):
        """Gradients of the inputs.

        Args:
            merge_multi_context (bool): Whether to join the gradients of all devices.

        Returns:
            list of NDArray: One for each input.
        """
        self._need(bound=True, params=True)
        if not self.inputs_need_grad:
            raise error.AssertionError(
                "Module.get_input_grads: the module is bound without gradients of its "
                "inputs; bind it with inputs_need_grad=True"
            )
        return self._exec_group.get_input_grads(merge_multi_context=merge_multi_context)

    def get_states(self, merge_multi_context=True):
        self._need(bound=True, params=True)
        return self._exec_group.get_states(merge_multi_context)

    def set_states(self, states=None, value=None):
        self._need(bound=True, params=True)
        if states is None and value is None:
            raise error.AssertedValueError(
                "Module.set_states: neither states nor value is given; one of them is expected"
            )
        self._exec_group.set_states(states, value)

    def update_metric(self, eval_metric, labels, pre_sliced=False):
        """Count the outputs of the last forward pass in a metric.

        Args:
            eval_metric (EvalMetric): The metric.
            labels (list of NDArray): The labels; by device if `pre_sliced`.
            pre_sliced (bool): Whether labels are given by device.
        """
        self._exec_group.update_metric(eval_metric, labels, pre_sliced)

    def install_monitor(self, mon):
        self._need(bound=True)
        self._exec_group.install_monitor(mon)
