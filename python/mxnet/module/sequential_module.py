"""Modules one behind the other: each takes the outputs of the one before as its data."""

import logging

from .. import error
from ..io import DataBatch, DataDesc
from .base_module import BaseModule
from .loops import DEFAULT_INITIALIZER

__all__ = ["SequentialModule"]


class SequentialModule(BaseModule):
    """A chain of modules that is trained and run as one.

    Args:
        logger (Logger): Where to log.

    Example:
        >>> chain = mx.mod.SequentialModule()
        >>> chain.add(features).add(loss, take_labels=True, auto_wiring=True)
    """

    META_TAKE_LABELS = "take_labels"
    META_AUTO_WIRING = "auto_wiring"

    def __init__(self, logger=logging):
        super().__init__(logger=logger)
        self._modules = []
        self._metas = []
        self._data_shapes = None
        self._label_shapes = None

    def add(self, module, **kwargs):
        """Add a module at the end of the chain, which is to be bound anew then.

        Args:
            module (BaseModule): The module.
            take_labels (bool): Whether it gets the labels of a batch.
            auto_wiring (bool): Whether the outputs before it go to its inputs in their order,
                whatever their names are. Otherwise the names have to be equal.

        Returns:
            SequentialModule: Itself.

        Raises:
            ValueError: Another argument is given.
        """
        known = (self.META_TAKE_LABELS, self.META_AUTO_WIRING)
        for name in kwargs:
            if name not in known:
                raise error.AssertedValueError(
                    f"SequentialModule.add: {name!r} is unknown; one of {', '.join(known)} is "
                    "expected"
                )
        self._modules.append(module)
        self._metas.append(kwargs)
        self.binded = self.params_initialized = self.optimizer_initialized = False
        return self

    def _takes_labels(self, meta):
        return bool(meta.get(self.META_TAKE_LABELS))

    @property
    def data_names(self):
        """Names of the inputs of the first module."""
        return self._modules[0].data_names if self._modules else []

    @property
    def output_names(self):
        """Names of the outputs of the last module."""
        return self._modules[-1].output_names if self._modules else []

    @property
    def data_shapes(self):
        """Descriptions of the inputs of the first module."""
        self._need(bound=True)
        return self._modules[0].data_shapes

    @property
    def label_shapes(self):
        """Descriptions of the labels; None if no module takes them."""
        self._need(bound=True)
        return self._label_shapes

    @property
    def output_shapes(self):
        """Pairs of name and shape of the outputs of the last module."""
        self._need(bound=True)
        return self._modules[-1].output_shapes

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
        """Bind all modules, each to the outputs of the one before; see `Module.bind`.

        Raises:
            ValueError: There is no module, `shared_module` is given, or outputs do not fit inputs.
        """
        if self.binded and not force_rebind:
            self.logger.warning("Already bound, ignoring bind()")
            return
        if shared_module is not None:
            raise error.ValueError(
                "SequentialModule.bind: shared_module is given; a chain shares nothing"
            )
        if not self._modules:
            raise error.AssertedValueError(
                "SequentialModule.bind: it is empty; add() a module first"
            )
        for i, (module, meta) in enumerate(zip(self._modules, self._metas)):
            if meta.get(self.META_AUTO_WIRING):
                data_shapes = self._wired(i, data_shapes)
            module.bind(
                data_shapes=data_shapes,
                label_shapes=label_shapes if self._takes_labels(meta) else None,
                for_training=for_training,
                inputs_need_grad=inputs_need_grad or (for_training and i > 0),
                force_rebind=force_rebind,
                grad_req=grad_req,
            )
            data_shapes = module.output_shapes
        labelled = any(self._takes_labels(meta) for meta in self._metas)
        self._label_shapes = label_shapes if labelled else None
        self.for_training = for_training
        self.inputs_need_grad = inputs_need_grad
        self.binded = True

    def _wired(self, i, shapes):
        """Descriptions under the names of the inputs of module `i`."""
        names = self._modules[i].data_names
        if len(names) != len(shapes):
            raise error.ValueError(
                f"SequentialModule.bind: module {i} gets {len(shapes)} arrays; one for each of its "
                f"inputs {', '.join(names)} is expected"
            )
        return [DataDesc(name, desc[1]) for name, desc in zip(names, shapes)]

    # Parameters and optimizer

    def get_params(self):
        """Parameters and auxiliary states of all modules, two dicts by name."""
        self._need(bound=True, params=True)
        arg_params, aux_params = {}, {}
        for module in self._modules:
            arg, aux = module.get_params()
            arg_params.update(arg)
            aux_params.update(aux)
        return arg_params, aux_params

    def init_params(
        self,
        initializer=DEFAULT_INITIALIZER,
        arg_params=None,
        aux_params=None,
        allow_missing=False,
        force_init=False,
        allow_extra=False,
    ):
        """Give values to the parameters of all modules; see `Module.init_params`.

        Raises:
            ValueError: Two modules have a parameter of one name, or values are given that belong to
                none and `allow_extra` is not set.
        """
        if self.params_initialized and not force_init:
            return
        self._need(bound=True)
        for module in self._modules:
            module.init_params(
                initializer, arg_params, aux_params, allow_missing, force_init, allow_extra=True
            )
        owners = self._owners()
        for given in (arg_params or {}, aux_params or {}):
            for name in given:
                if allow_missing and not allow_extra and name not in owners:
                    raise error.ValueError(
                        f"SequentialModule.init_params: {name!r} belongs to no module; "
                        "allow_extra=True accepts it"
                    )
        self.params_initialized = True

    def _owners(self):
        """The module of each parameter and auxiliary state, by name."""
        owners = {}
        for i, module in enumerate(self._modules):
            for name in (name for group in module.get_params() for name in group):
                if name in owners:
                    raise error.ValueError(
                        f"SequentialModule: modules {owners[name]} and {i} have a parameter "
                        f"{name!r} each; names of their own are expected"
                    )
                owners[name] = i
        return owners

    def init_optimizer(
        self,
        kvstore="local",
        optimizer="sgd",
        optimizer_params=(("learning_rate", 0.01),),
        force_init=False,
    ):
        """Choose the optimizer of all modules; see `Module.init_optimizer`."""
        self._need(bound=True, params=True)
        if self._keeps_optimizer(force_init):
            return
        for module in self._modules:
            module.init_optimizer(kvstore, optimizer, optimizer_params, force_init)
        self.optimizer_initialized = True

    def update(self):
        """Update the parameters of all modules from their gradients."""
        self._need(bound=True, params=True, optimizer=True)
        for module in self._modules:
            module.update()

    # Running

    def forward(self, data_batch, is_train=None):
        """Run all modules on a batch; see `Module.forward`."""
        self._need(bound=True, params=True)
        for i, module in enumerate(self._modules):
            module.forward(data_batch, is_train=is_train)
            if i + 1 < len(self._modules):
                data_batch = self._following(data_batch, i)

    def _following(self, batch, i):
        """The batch for the module behind module `i`: its outputs, with the labels."""
        outputs = self._modules[i].get_outputs()
        names = self._modules[i + 1].data_names
        return DataBatch(
            outputs,
            label=batch.label,
            pad=batch.pad,
            index=batch.index,
            bucket_key=batch.bucket_key,
            provide_data=[DataDesc(name, out.shape) for name, out in zip(names, outputs)],
            provide_label=batch.provide_label,
        )

    def backward(self, out_grads=None):
        """Compute gradients, from the last module to the first; see `Module.backward`."""
        self._need(bound=True, params=True)
        for module in reversed(self._modules):
            module.backward(out_grads=out_grads)
            if module is not self._modules[0]:
                out_grads = module.get_input_grads()

    def get_outputs(self, merge_multi_context=True):
        """Outputs of the last module; see `Module.get_outputs`."""
        self._need(bound=True, params=True)
        return self._modules[-1].get_outputs(merge_multi_context)

    def get_input_grads(self, merge_multi_context=True):
        """Gradients of the inputs of the first module; see `Module.get_input_grads`."""
        self._need(bound=True, params=True)
        return self._modules[0].get_input_grads(merge_multi_context)

    def update_metric(self, eval_metric, labels, pre_sliced=False):
        """Count the outputs of the modules that take labels in a metric."""
        self._need(bound=True, params=True)
        for module, meta in zip(self._modules, self._metas):
            if self._takes_labels(meta):
                module.update_metric(eval_metric, labels, pre_sliced)

    def install_monitor(self, mon):
        """Watch all modules with a monitor."""
        self._need(bound=True)
        for module in self._modules:
            module.install_monitor(mon)
