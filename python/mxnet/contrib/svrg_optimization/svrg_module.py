"""A module that trains with stochastic variance-reduced gradients."""

import logging

from ... import error
from ... import ndarray as nd
from ... import optimizer as opt
from ...module import Module
from .svrg_optimizer import FULL, _SVRGOptimizer

__all__ = ["SVRGModule"]


class SVRGModule(Module):
    """Trains with stochastic variance-reduced gradients (Johnson and Zhang, 2013).

    Every few epochs the gradient over all data is computed and kept with the parameters that it
    belongs to. The gradient of a batch is then that of the parameters, less that of the kept
    parameters for the same batch, plus the kept one over all data.

    Args:
        symbol (Symbol): The network.
        update_freq (int): Epochs between gradients over all data.
        **kwargs: The other arguments are those of `Module`.

    Raises:
        MXNetError: An argument has a wrong value.

    Example:
        >>> module = SVRGModule(symbol, label_names=["lin_reg_label"], update_freq=2)
        >>> module.fit(batches, eval_metric="mse", num_epoch=10)
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
        update_freq=None,
    ):
        if isinstance(update_freq, bool) or not isinstance(update_freq, int):
            raise error.TypeError(
                f"SVRGModule: update_freq={update_freq!r} is a {type(update_freq).__name__}; an "
                "int is expected"
            )
        if update_freq < 1:
            raise error.ValueError(
                f"SVRGModule: update_freq={update_freq} is out of range; at least 1 is expected"
            )
        options = {
            "data_names": data_names,
            "label_names": label_names,
            "logger": logger,
            "context": context,
            "work_load_list": work_load_list,
            "fixed_param_names": fixed_param_names,
            "state_names": state_names,
            "group2ctxs": group2ctxs,
            "compression_params": compression_params,
        }
        super().__init__(symbol, **options)
        self.update_freq = update_freq
        # Holds the kept parameters, and computes their gradients.
        self._mod_aux = Module(symbol, **options)
        self._ctx_len = len(self._context)
        self._param_dict = None

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
        """Allocate everything for inputs of these shapes; see `Module.bind`."""
        super().bind(
            data_shapes,
            label_shapes,
            for_training,
            inputs_need_grad,
            force_rebind,
            shared_module,
            grad_req,
        )
        if for_training:
            self._mod_aux.bind(
                data_shapes, label_shapes, True, inputs_need_grad, force_rebind, None, grad_req
            )

    def reshape(self, data_shapes, label_shapes=None):
        """Bind to inputs of other shapes; see `Module.reshape`."""
        super().reshape(data_shapes, label_shapes)
        if self._mod_aux.binded:
            self._mod_aux.reshape(data_shapes, label_shapes)

    def init_optimizer(
        self,
        kvstore="local",
        optimizer="sgd",
        optimizer_params=(("learning_rate", 0.01),),
        force_init=False,
    ):
        """Choose the optimizer; see `Module.init_optimizer`."""
        if self.optimizer_initialized and not force_init:
            self.logger.warning("optimizer already initialized, ignoring...")
            return
        super().init_optimizer(kvstore, optimizer, optimizer_params, force_init)
        self._param_dict = [
            {name: nd.zeros_like(self._block(1, name)[k]) for name in self._trained_names()}
            for k in range(self._ctx_len)
        ]
        if self._kvstore is not None:
            for name, zeros in self._param_dict[0].items():
                self._kvstore.init(name + FULL, zeros)

    def _make_optimizer(self, optimizer, optimizer_params):
        default = super()._make_optimizer(optimizer, optimizer_params)
        return opt.create(
            _SVRGOptimizer.__name__,
            default_optimizer=default,
            rescale_grad=default.rescale_grad,
            learning_rate=default.lr,
            multi_precision=default.multi_precision,
            param_idx2name=default.idx2name,
        )

    def forward(self, data_batch, is_train=None):
        """Run the network on a batch, in training with the kept parameters too."""
        super().forward(data_batch, is_train)
        if self.for_training if is_train is None else is_train:
            self._mod_aux.forward(data_batch, is_train)

    def backward(self, out_grads=None):
        """Compute gradients of the parameters and of the kept ones."""
        super().backward(out_grads)
        if self._mod_aux.binded:
            self._mod_aux.backward(out_grads)

    def update(self):
        """Update the parameters by the variance-reduced gradients, which are then in place of
        those of the batch."""
        self._need(bound=True, params=True, optimizer=True)
        self._update_svrg_gradients()
        super().update()

    def prepare(self, data_batch, sparse_row_id_fn=None):
        """Get ready for a batch; see `Module.prepare`."""
        super().prepare(data_batch, sparse_row_id_fn)
        self._mod_aux.prepare(data_batch)

    def update_full_grads(self, train_data):
        """Keep the parameters as they are now, with their gradient averaged over all batches.

        Args:
            train_data (DataIter): The data; it is at its start afterwards.
        """
        self._need(bound=True, params=True, optimizer=True)
        self._mod_aux.init_params(
            arg_params=self.get_params()[0], aux_params=self.get_params()[1], force_init=True
        )
        for full in self._param_dict:
            for array in full.values():
                array[:] = 0
        train_data.reset()
        num_batches, pad = 0, 0
        for batch in train_data:
            self._mod_aux.forward_backward(batch)
            self._add_gradients()
            num_batches += 1
            pad = getattr(batch, "pad", None) or 0
        train_data.reset()
        if num_batches == 0:
            raise error.ValueError(
                "SVRGModule.update_full_grads: train_data gives no batch; one at least is expected"
            )
        # The rows that fill the last batch up count for gradients, but not for their number.
        num_batches -= pad / train_data.batch_size
        for name in self._param_dict[0]:
            blocks = [full[name] for full in self._param_dict]
            for array in blocks:
                array /= num_batches
            if self._kvstore is not None:
                self._accumulate_kvstore(name, blocks)

    def _add_gradients(self):
        for k, full in enumerate(self._param_dict):
            for name, array in full.items():
                array += self._mod_aux._block(1, name)[k]

    def _accumulate_kvstore(self, key, value):
        """Add the gradients of all devices and workers up, and give each its share."""
        self._kvstore.push(key + FULL, value)
        self._allocate_gradients(key, value)

    def _allocate_gradients(self, key, value):
        self._kvstore.pull(key + FULL, value)
        for array in value:
            array /= len(value) * self._kvstore.num_workers

    @staticmethod
    def _svrg_grads_update_rule(
        g_curr_batch_curr_weight, g_curr_batch_special_weight, g_special_weight_all_batch
    ):
        return g_curr_batch_curr_weight - g_curr_batch_special_weight + g_special_weight_all_batch

    def _update_svrg_gradients(self):
        for k, full in enumerate(self._param_dict):
            for name, kept in full.items():
                gradient = self._block(1, name)[k]
                gradient[:] = self._svrg_grads_update_rule(
                    gradient, self._mod_aux._block(1, name)[k], kept
                )

    def _train_epoch(self, epoch, train_data, *args, **kwargs):
        if epoch % self.update_freq == 0:
            self.update_full_grads(train_data)
        return super()._train_epoch(epoch, train_data, *args, **kwargs)
