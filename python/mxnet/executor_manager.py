"""How the first versions trained on several devices; `mxnet.module.Module` follows it."""

from . import error
from . import ndarray as nd
from .context import cpu as cpu
from .io import DataDesc
from .module import executor_group
from .module.slicing import split_slices as _split_input_slice

__all__ = ["DataParallelExecutorGroup", "DataParallelExecutorManager", "_split_input_slice"]


def _check_arguments(symbol):
    """Refuse a network in which two arguments or two auxiliary states have one name."""
    for names in (symbol.list_arguments(), symbol.list_auxiliary_states()):
        for name in names:
            if names.count(name) > 1:
                raise error.ValueError(
                    f"symbol: two inputs have the name {name!r}; a name of its own for each is "
                    "expected"
                )


def _load_general(data, targets):
    """Copy arrays to targets: an array for each, or pairs of rows and array for each device."""
    for source, target in zip(data, targets):
        if isinstance(target, nd.NDArray):
            source.copyto(target)
        else:
            for rows, array in target:
                source[rows].copyto(array)


def _load_data(batch, targets):
    """Copy the inputs of a batch to targets; see `_load_general`."""
    _load_general(batch.data, targets)


def _load_label(batch, targets):
    """Copy the labels of a batch to targets; see `_load_general`."""
    _load_general(batch.label, targets)


def _descs(shapes):
    return [desc if isinstance(desc, DataDesc) else DataDesc(*desc) for desc in shapes]


class DataParallelExecutorGroup:
    """Executors of a network on several devices; `mxnet.module.Module` has a newer class of that
    name, which this one uses.

    Args:
        sym (Symbol): The network.
        arg_names (list of str): The arguments; told by the symbol.
        param_names (list of str): The parameters.
        ctx (list of Context): The devices.
        slices (list of slice): Rows of a batch for each device.
        train_data (DataIter): Tells the shapes of a batch.
        shared_group (DataParallelExecutorGroup): Whose parameters to share.
    """

    def __init__(self, sym, arg_names, param_names, ctx, slices, train_data, shared_group=None):
        _check_arguments(sym)
        names = sym.list_arguments()
        self.param_idx = [i for i, name in enumerate(names) if name in param_names]
        self.param_names = [names[i] for i in self.param_idx]
        self.aux_names = sym.list_auxiliary_states()
        self.data_names = [desc[0] for desc in train_data.provide_data]
        self.label_names = [desc[0] for desc in train_data.provide_label]
        self.slices = list(slices)
        self._group = executor_group.DataParallelExecutorGroup(
            sym,
            ctx,
            [rows.stop - rows.start for rows in slices],
            _descs(train_data.provide_data),
            _descs(train_data.provide_label),
            self.param_names,
            for_training=True,
            inputs_need_grad=False,
            shared_group=shared_group and shared_group._group,
        )
        self.train_execs = self._group.execs
        self.param_arrays = self._group.param_arrays
        self.grad_arrays = self._group.grad_arrays
        self.aux_arrays = self._group.aux_arrays
        self.data_arrays = self._inputs(self.data_names)
        self.label_arrays = self._inputs(self.label_names)

    def _inputs(self, names):
        """For each name, pairs of rows and array by device."""
        return [
            [(rows, e.arg_dict[name]) for rows, e in zip(self.slices, self.train_execs)]
            for name in names
        ]

    def load_data_batch(self, data_batch):
        """Copy data and labels of a batch to the devices."""
        _load_data(data_batch, self.data_arrays)
        _load_label(data_batch, self.label_arrays)

    def forward(self, is_train=False):
        """Run the network on the batch."""
        for executor in self.train_execs:
            executor.forward(is_train=is_train)

    def backward(self):
        """Compute the gradients."""
        for executor in self.train_execs:
            executor.backward()

    def update_metric(self, metric, labels, pre_sliced=False):
        """Count the outputs in a metric; see `Module.update_metric`."""
        self._group.update_metric(metric, labels, pre_sliced)


class DataParallelExecutorManager:
    """Executors of a network on several devices, and the batch that they work on.

    Args:
        symbol (Symbol): The network.
        ctx (list of Context): The devices.
        train_data (DataIter): Tells the shapes of a batch.
        arg_names (list of str): The arguments; told by the symbol.
        param_names (list of str): The parameters.
        aux_names (list of str): The auxiliary states; told by the symbol.
        work_load_list (list of float): Share of each device in a batch.
        logger (Logger): Where to log.
        sym_gen (function): Makes the network from the bucket key of a batch.
    """

    def __init__(
        self,
        symbol,
        ctx,
        train_data,
        arg_names=None,
        param_names=None,
        aux_names=None,
        work_load_list=None,
        logger=None,
        sym_gen=None,
    ):
        _check_arguments(symbol)
        self.symbol = symbol
        self.sym_gen = sym_gen
        self.ctx = ctx
        self.param_names = param_names
        self._work_load_list = work_load_list or [1] * len(ctx)
        self._logger = logger
        self._batch = None
        self.execgrp = self.curr_execgrp = self._group(symbol, train_data, None)
        self._groups = {getattr(train_data, "default_bucket_key", None): self.execgrp}

    def _group(self, symbol, source, shared):
        return executor_group.DataParallelExecutorGroup(
            symbol,
            self.ctx,
            self._work_load_list,
            _descs(source.provide_data),
            _descs(source.provide_label),
            self.param_names,
            for_training=True,
            inputs_need_grad=False,
            shared_group=shared,
            logger=self._logger,
        )

    @property
    def slices(self):
        """Rows of a batch for each device."""
        return self.execgrp.slices

    @property
    def param_arrays(self):
        """Parameters, each as a list by device."""
        return self.execgrp.param_arrays

    @property
    def grad_arrays(self):
        """Their gradients, each as a list by device."""
        return self.execgrp.grad_arrays

    @property
    def aux_arrays(self):
        """Auxiliary states, each as a list by device."""
        return self.execgrp.aux_arrays

    def install_monitor(self, monitor):
        """Watch the executors; not possible where a function makes the networks."""
        if self.sym_gen is not None:
            raise error.NotImplementedError(
                "DataParallelExecutorManager.install_monitor: sym_gen is given; a network of one "
                "shape is expected"
            )
        self.execgrp.install_monitor(monitor)

    def set_params(self, arg_params, aux_params):
        """Copy parameters and auxiliary states to every device."""
        self.execgrp.set_params(arg_params, aux_params, allow_extra=True)

    def copy_to(self, arg_params, aux_params):
        """Copy the means over the devices to the arrays in two dicts by name."""
        means = self.execgrp.snapshot({}, 0, self.param_names)
        for name, value in means.items():
            value.astype(arg_params[name].dtype).copyto(arg_params[name])
        for name, value in self.execgrp.snapshot({}, 2, self.execgrp.aux_names).items():
            value.astype(aux_params[name].dtype).copyto(aux_params[name])

    def load_data_batch(self, data_batch):
        """Choose the batch, and with `sym_gen` the network for it."""
        self._batch = data_batch
        if self.sym_gen is None:
            return
        key = data_batch.bucket_key
        if key not in self._groups:
            self._groups[key] = self._group(self.sym_gen(key), data_batch, self.execgrp)
        self.curr_execgrp = self._groups[key]

    def forward(self, is_train=False):
        """Run the network on the batch."""
        self.curr_execgrp.forward(self._batch, is_train)

    def backward(self):
        """Compute the gradients."""
        self.curr_execgrp.backward()

    def update_metric(self, metric, labels, pre_sliced=False):
        """Count the outputs in a metric; see `Module.update_metric`."""
        self.curr_execgrp.update_metric(metric, labels, pre_sliced)
