"""A module with a network for every kind of batch, all with the same parameters."""

import logging
import warnings

from .. import error
from .. import ndarray as nd
from ..checkpoint import load_params, params_file
from ..name import NameManager
from .base_module import DEFAULT_INITIALIZER, BaseModule
from .module import Module

__all__ = ["BucketingModule"]


class BucketingModule(BaseModule):
    """Chooses a network by the `bucket_key` of a batch, for instance by the length of sequences.

    Args:
        sym_gen (function): Takes a bucket key; gives symbol, data names and label names. Layers
            without a name are numbered from 0 in each symbol, so that buckets share them.
        default_bucket_key: Key of the largest network, whose parameters the others use.
        logger (Logger): Where to log.
        context, work_load_list, fixed_param_names, state_names, group2ctxs, compression_params:
            See `Module`.

    Example:
        >>> module = mx.mod.BucketingModule(network_of_length, default_bucket_key=60)
    """

    def __init__(
        self,
        sym_gen,
        default_bucket_key=None,
        logger=logging,
        context=None,
        work_load_list=None,
        fixed_param_names=None,
        state_names=None,
        group2ctxs=None,
        compression_params=None,
    ):
        super().__init__(logger=logger)
        if default_bucket_key is None:
            raise error.AssertedValueError(
                "BucketingModule: default_bucket_key is not given; the key of the largest network "
                "is expected"
            )
        self._default_bucket_key = default_bucket_key
        self._sym_gen = sym_gen
        self._options = {
            "logger": logger,
            "context": context,
            "work_load_list": work_load_list,
            "fixed_param_names": fixed_param_names,
            "state_names": state_names,
            "group2ctxs": group2ctxs,
            "compression_params": compression_params,
        }
        self._buckets = {}
        self._curr_module = None
        self._curr_bucket_key = None
        self._grad_req = None
        self._monitor = None
        # Parameters that were loaded before there was a network to put them into.
        self._loaded = None

    @staticmethod
    def load(prefix, epoch, sym_gen=None, default_bucket_key=None, **kwargs):
        """Make a module from the parameters of a checkpoint.

        Args:
            prefix (str): Prefix of the files.
            epoch (int): Number of the epoch.
            sym_gen (function): See `BucketingModule`.
            default_bucket_key: See `BucketingModule`.
            **kwargs: Other arguments of `BucketingModule`.
        """
        if sym_gen is None:
            raise error.AssertedValueError(
                "BucketingModule.load: sym_gen is not given; the function that makes the symbols "
                "is expected"
            )
        arg_params, aux_params = load_params(prefix, epoch)
        return BucketingModule.load_dict(
            sym_gen=sym_gen,
            default_bucket_key=default_bucket_key,
            arg_params=arg_params,
            aux_params=aux_params,
            **kwargs,
        )

    @staticmethod
    def load_dict(
        sym_dict=None,
        sym_gen=None,
        default_bucket_key=None,
        arg_params=None,
        aux_params=None,
        **kwargs,
    ):
        """Make a module from parameters.

        Args:
            sym_dict (dict): Symbols by bucket key, if there is no `sym_gen`.
            sym_gen (function): See `BucketingModule`.
            default_bucket_key: See `BucketingModule`.
            arg_params (dict of str to NDArray): Parameters by name.
            aux_params (dict of str to NDArray): Auxiliary states by name.
            **kwargs: Other arguments of `BucketingModule`.
        """
        if sym_gen is None:
            if sym_dict is None:
                raise error.AssertedValueError(
                    "BucketingModule.load_dict: neither sym_dict nor sym_gen is given; one of them "
                    "is expected"
                )

            def sym_gen(bucket_key):
                return sym_dict[bucket_key], ("data",), ("softmax_label",)

        module = BucketingModule(sym_gen, default_bucket_key, **kwargs)
        module._loaded = (arg_params or {}, aux_params or {})
        module.params_initialized = True
        return module

    def save_checkpoint(self, prefix, epoch, remove_amp_cast=False):
        """Save the symbols of all buckets, each in a file of its own, and the parameters.

        Keys that are integers are listed in ``prefix.buckets``, as an array.

        Args:
            prefix (str): Prefix of the files.
            epoch (int): Number of the epoch.
            remove_amp_cast (bool): Whether casts that mixed precision added are left out.
        """
        self._need(bound=True, params=True)
        for key, module in self._buckets.items():
            module.symbol.save(f"{prefix}-{key}-symbol.json", remove_amp_cast=remove_amp_cast)
        if all(isinstance(key, int) for key in self._buckets):
            nd.save(f"{prefix}.buckets", [nd.array(list(self._buckets), dtype="int32")])
        fname = params_file(prefix, epoch)
        self.save_params(fname)
        self.logger.info('Saved checkpoint to "%s"', fname)

    def _generate(self, bucket_key):
        # Names count from 0 in every network, so that those of unnamed layers agree.
        with NameManager():
            generated = self._sym_gen(bucket_key)
        if not isinstance(generated, (tuple, list)) or len(generated) != 3:
            raise error.ValueError(
                f"BucketingModule: sym_gen({bucket_key!r}) gives {generated!r}; symbol, data names "
                "and label names are expected"
            )
        return generated

    def _current(self):
        self._need(bound=True)
        return self._curr_module

    @property
    def _default(self):
        return self._buckets[self._default_bucket_key]

    @property
    def data_names(self):
        if self.binded:
            return self._curr_module.data_names
        return list(self._generate(self._default_bucket_key)[1])

    @property
    def output_names(self):
        if self.binded:
            return self._curr_module.output_names
        return self._generate(self._default_bucket_key)[0].list_outputs()

    @property
    def data_shapes(self):
        return self._current().data_shapes

    @property
    def label_shapes(self):
        return self._current().label_shapes

    @property
    def output_shapes(self):
        return self._current().output_shapes

    @property
    def symbol(self):
        return self._current().symbol

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
        """Bind the network of the default bucket; see `Module.bind`."""
        if shared_module is not None:
            raise error.ValueError(
                "BucketingModule.bind: shared_module is given; parameters are shared between the "
                "buckets only"
            )
        if self.binded and not force_rebind:
            self.logger.warning("Already bound, ignoring bind()")
            return
        kept = self.get_params() if self.binded and self.params_initialized else self._loaded
        module = self._make(self._default_bucket_key)
        module.bind(data_shapes, label_shapes, for_training, inputs_need_grad, grad_req=grad_req)
        self._buckets = {self._default_bucket_key: module}
        self._curr_module, self._curr_bucket_key = module, self._default_bucket_key
        self._grad_req = grad_req
        self.for_training = for_training
        self.inputs_need_grad = inputs_need_grad
        self.binded = True
        if kept is not None:
            self.set_params(*kept)
            self._loaded = None

    def _make(self, bucket_key):
        symbol, data_names, label_names = self._generate(bucket_key)
        return Module(symbol, data_names, label_names, **self._options)

    def switch_bucket(self, bucket_key, data_shapes, label_shapes=None):
        """Make the network of a bucket the current one, binding it if it is new.

        Args:
            bucket_key: The key.
            data_shapes (list): See `Module.bind`.
            label_shapes (list): See `Module.bind`.
        """
        self._need(bound=True)
        if bucket_key not in self._buckets:
            module = self._make(bucket_key)
            module.bind(
                data_shapes,
                label_shapes,
                self.for_training,
                self.inputs_need_grad,
                shared_module=self._default,
                grad_req=self._grad_req,
            )
            if self._monitor is not None:
                module.install_monitor(self._monitor)
            self._buckets[bucket_key] = module
        self._curr_module = self._buckets[bucket_key]
        self._curr_bucket_key = bucket_key

    def prepare(self, data_batch, sparse_row_id_fn=None):
        """Bind the network for a batch that will come, without making it the current one."""
        self._need(bound=True, params=True)
        current = self._curr_module, self._curr_bucket_key
        self._switch_for(data_batch)
        self._curr_module.prepare(data_batch, sparse_row_id_fn=sparse_row_id_fn)
        self._curr_module, self._curr_bucket_key = current

    def _switch_for(self, data_batch):
        key = getattr(data_batch, "bucket_key", None)
        if key is None:
            return
        self.switch_bucket(key, data_batch.provide_data, data_batch.provide_label)

    # Parameters and optimizer: those of the default bucket, which the others share

    def get_params(self):
        """Parameters and auxiliary states; see `Module.get_params`."""
        self._need(params=True)
        if not self.binded:
            return self._loaded
        return self._default.get_params()

    def init_params(
        self,
        initializer=DEFAULT_INITIALIZER,
        arg_params=None,
        aux_params=None,
        allow_missing=False,
        force_init=False,
        allow_extra=False,
    ):
        """Give values to the parameters; see `Module.init_params`."""
        if self.params_initialized and not force_init:
            warnings.warn(
                "BucketingModule.init_params: the parameters have values, which stay; "
                "force_init=True replaces them",
                stacklevel=2,
            )
            return
        self._need(bound=True)
        self._default.init_params(
            initializer, arg_params, aux_params, allow_missing, force_init, allow_extra
        )
        self.params_initialized = True

    def set_params(
        self, arg_params, aux_params, allow_missing=False, force_init=True, allow_extra=False
    ):
        """Set the parameters; see `Module.set_params`."""
        self._need(bound=True)
        self._default.set_params(arg_params, aux_params, allow_missing, force_init, allow_extra)
        self.params_initialized = True

    def init_optimizer(
        self,
        kvstore="local",
        optimizer="sgd",
        optimizer_params=(("learning_rate", 0.01),),
        force_init=False,
    ):
        """Choose the optimizer; see `Module.init_optimizer`."""
        self._need(bound=True, params=True)
        if self._keeps_optimizer(force_init):
            return
        self._default.init_optimizer(kvstore, optimizer, optimizer_params, force_init)
        for module in self._buckets.values():
            if module is not self._default:
                module.borrow_optimizer(self._default)
        self.optimizer_initialized = True

    def update(self):
        """Update the parameters from the gradients of the current bucket."""
        self._need(bound=True, params=True, optimizer=True)
        self._curr_module.update()

    # Running

    def forward(self, data_batch, is_train=None):
        """Run the network of the batch's bucket; see `Module.forward`."""
        self._need(bound=True, params=True)
        self._switch_for(data_batch)
        self._curr_module.forward(data_batch, is_train=is_train)

    def backward(self, out_grads=None):
        """Compute gradients; see `Module.backward`."""
        self._need(bound=True, params=True)
        self._curr_module.backward(out_grads=out_grads)

    def get_outputs(self, merge_multi_context=True):
        """Outputs of the last forward pass; see `Module.get_outputs`."""
        return self._current().get_outputs(merge_multi_context)

    def get_input_grads(self, merge_multi_context=True):
        """Gradients of the inputs; see `Module.get_input_grads`."""
        return self._current().get_input_grads(merge_multi_context)

    def get_states(self, merge_multi_context=True):
        return self._current().get_states(merge_multi_context)

    def set_states(self, states=None, value=None):
        self._current().set_states(states, value)

    def update_metric(self, eval_metric, labels, pre_sliced=False):
        """Count the outputs of the last forward pass in a metric."""
        self._current().update_metric(eval_metric, labels, pre_sliced)

    def install_monitor(self, mon):
        """Watch the executors of all buckets."""
        self._need(bound=True)
        self._monitor = mon
        for module in self._buckets.values():
            module.install_monitor(mon)
