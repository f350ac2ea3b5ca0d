"""The part of a module that updates its parameters."""

import logging
import warnings
from collections.abc import Mapping

from .. import _files, error
from .. import kvstore as kvs
from .. import optimizer as opt
from .fetched_rows import FetchedRows
from .parameters import ParameterModule
from .stores import choose_store

__all__ = ["OptimizingModule"]


class OptimizingModule(ParameterModule):
    """A module whose executor group holds gradients on each device too.

    Args:
        logger (Logger): Where to log.
    """

    def __init__(self, logger=logging):
        super().__init__(logger=logger)
        self._optimizer = None
        self._kvstore = None
        self._update_on_kvstore = None
        self._updater = None
        self._update_lists = None
        self._fetched_rows = None
        self._preload_opt_states = None

    def init_optimizer(
        self,
        kvstore="local",
        optimizer="sgd",
        optimizer_params=(("learning_rate", 0.01),),
        force_init=False,
    ):
        """Choose the optimizer.

        Args:
            kvstore (str or KVStore): How gradients of several devices are added; ``local`` or
                ``device``. One device needs none.
            optimizer (str or Optimizer): The optimizer. One made from a name divides gradients
                by the batch size unless `optimizer_params` has `rescale_grad`.
            optimizer_params (dict or pairs): Arguments of an optimizer that is given by name.
            force_init (bool): Whether to replace an optimizer.

        Raises:
            MXNetError: An argument has a wrong value.
        """
        self._need(bound=True, params=True)
        if self._keeps_optimizer(force_init):
            return
        self._choose_kvstore(kvstore)
        self._optimizer = self._make_optimizer(optimizer, optimizer_params)
        self._updater = None
        self._update_lists = self._fetched_rows = None
        group = self._exec_group
        if self._kvstore is not None:
            names = self._trained_names()
            if self._compression_params:
                self._kvstore.set_gradient_compression(self._compression_params)
            self._kvstore.init(names, [self._block(0, name)[0] for name in names])
            if self._update_on_kvstore:
                self._kvstore.set_optimizer(self._optimizer)
                self._fetched_rows = FetchedRows(self._kvstore, lambda name: self._block(0, name))
            for name in names:
                self._kvstore.pull(name, self._block(0, name), ignore_sparse=False)
        if not self._update_on_kvstore:
            self._updater = opt.get_updater(self._optimizer)
        self.optimizer_initialized = group is not None
        if self._preload_opt_states is not None:
            self.load_optimizer_states(self._preload_opt_states)
            self._preload_opt_states = None

    def _choose_kvstore(self, kvstore):
        sizes = (block[0].size for block in self._exec_group.param_arrays)
        self._kvstore, self._update_on_kvstore = choose_store(
            kvstore, len(self._context), max(sizes, default=0), "Module.init_optimizer"
        )

    def _joined_batch_size(self):
        """Samples of a step: of all ranks together where their gradients are added up."""
        batch_size = self._exec_group.batch_size
        if kvs.base.is_distributed(self._kvstore) and "async" not in self._kvstore.type:
            batch_size *= self._kvstore.num_workers
        return batch_size

    def _make_optimizer(self, optimizer, optimizer_params):
        rescale_grad = 1.0 / self._joined_batch_size()
        if self._update_on_kvstore:
            names = dict(enumerate(self._param_names))
        else:
            count = len(self._context)
            names = {
                i * count + k: name
                for i, name in enumerate(self._param_names)
                for k in range(count)
            }
        if isinstance(optimizer, str):
            if not isinstance(optimizer_params, (Mapping, tuple, list)):
                raise error.TypeError(
                    f"Module.init_optimizer: optimizer_params is a "
                    f"{type(optimizer_params).__name__}; a dict is expected, such as "
                    "{'learning_rate': 0.1}"
                )
            options = {"rescale_grad": rescale_grad, **dict(optimizer_params)}
            return opt.create(optimizer, sym=self.symbol, param_idx2name=names, **options)
        if not isinstance(optimizer, opt.Optimizer):
            raise error.ValueError(
                f"Module.init_optimizer: optimizer is a {type(optimizer).__name__}; "
                "a name or an Optimizer is expected"
            )
        if optimizer.rescale_grad != rescale_grad:
            warnings.warn(
                f"Module.init_optimizer: the optimizer has rescale_grad="
                f"{optimizer.rescale_grad}; 1/batch_size={rescale_grad} would make the "
                "step independent of the batch size",
                stacklevel=3,
            )
        if not optimizer.idx2name:
            optimizer.idx2name = names
            optimizer.set_wd_mult({})
        return optimizer

    def borrow_optimizer(self, shared_module):
        """Use the optimizer of another module.

        Args:
            shared_module (Module): The module.
        """
        shared_module._need(optimizer=True)
        for name in (
            "_optimizer",
            "_kvstore",
            "_update_on_kvstore",
            "_updater",
            "_fetched_rows",
        ):
            setattr(self, name, getattr(shared_module, name))
        self._update_lists = None
        self.optimizer_initialized = True

    def _block(self, kind, name):
        """A parameter (kind 0) or its gradient (kind 1) on every device."""
        return [arrays[kind].get(name) for arrays in self._exec_group._arrays]

    def _trained_names(self):
        return [name for name in self._param_names if self._block(1, name)[0] is not None]

    def update(self):
        """Update the parameters from the gradients of the last backward pass."""
        self._need(bound=True, params=True, optimizer=True)
        self._params_dirty = True
        if self._update_lists is None:
            self._update_lists = self._list_updates()
        if self._kvstore is None:
            for lists in self._update_lists:
                self._updater(*lists)
        else:
            self._update_by_kvstore(*self._update_lists)
            if isinstance(self._kvstore, kvs.KVStoreBase):
                self._kvstore._note_step(self._joined_batch_size())

    def _list_updates(self):
        """What `update` hands over, made once: nothing is looked up in a training step."""
        names = self._trained_names()
        position = {name: i for i, name in enumerate(self._param_names)}
        count = len(self._context)
        weights = [self._block(0, name) for name in names]
        grads = [self._block(1, name) for name in names]
        by_device = [
            (
                [position[name] * count + k for name in names],
                [grad[k] for grad in grads],
                [weight[k] for weight in weights],
            )
            for k in range(count)
        ]
        return by_device if self._kvstore is None else (names, grads, weights, by_device)

    def _update_by_kvstore(self, names, grads, weights, by_device):
        store = self._kvstore
        if self._update_on_kvstore:
            store.push(names, grads)
            for name, block in zip(names, weights):
                if name not in self._fetched_rows:
                    store.pull(name, block, ignore_sparse=False)
            self._fetched_rows.after_update()
            return
        for name, block in zip(names, grads):
            store.push(name, block)
            store.pull(name, block, ignore_sparse=False)
        for lists in by_device:
            self._updater(*lists)

    def prepare(self, data_batch, sparse_row_id_fn=None):
        """Get the rows of row-sparse parameters that a batch needs from the store.

        Args:
            data_batch (DataBatch): The next batch.
            sparse_row_id_fn (function): Called with the batch; gives a dict from names of
                parameters to row numbers (NDArray, or a list with one for each device). Without a
                store that updates, as on one device, the device has all rows and there is nothing
                to do.

        Raises:
            MXNetError: It names something that is not trained.
        """
        self._need(bound=True)
        if sparse_row_id_fn is None or self._fetched_rows is None:
            return
        rows = sparse_row_id_fn(data_batch)
        if not isinstance(rows, Mapping):
            raise error.TypeError(
                f"Module.prepare: sparse_row_id_fn gave a {type(rows).__name__}; a dict of row "
                "numbers by name of the parameter is expected"
            )
        for name in rows:
            if name not in self._trained_names():
                raise error.ValueError(
                    f"Module.prepare: sparse_row_id_fn names {name!r}; the name of a parameter "
                    "that is trained is expected"
                )
        sparse = [name for name in rows if self._block(0, name)[0].stype == "row_sparse"]
        for name in set(rows).difference(sparse):
            warnings.warn(
                f"Module.prepare: {name} is not row_sparse; the device has all its rows",
                stacklevel=2,
            )
        self._fetched_rows.fetch({name: rows[name] for name in sparse})

    def get_params(self):
        """Parameters and auxiliary states.

        Returns:
            tuple of dict of str to NDArray: Copies on the CPU; the next call brings the same
            arrays up to date.
        """
        if self._fetched_rows is not None:
            self._fetched_rows.fetch_all()
        return super().get_params()

    def save_optimizer_states(self, fname):
        """Save the states of the optimizer to a file."""
        self._need(optimizer=True)
        if self._update_on_kvstore:
            self._kvstore.save_optimizer_states(fname)
            return
        _files.write_bytes(fname, self._updater.get_states(), "save_optimizer_states")

    def load_optimizer_states(self, fname):
        """Load the states of the optimizer from a file.

        Raises:
            OSError: The file cannot be read.
            ValueError: It holds no states.
        """
        self._need(optimizer=True)
        if self._update_on_kvstore:
            self._kvstore.load_optimizer_states(fname)
            return
        kvs.read_states(self._updater, fname)
