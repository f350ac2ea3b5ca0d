"""Training: optimizers applied to the parameters of a network, on one device or several."""

from .. import _files, autograd, error
from .. import kvstore as kv
from .. import optimizer as opt
from ..kvstore.kvstore import read_states
from .parameter import Parameter, ParameterDict

__all__ = ["Trainer"]


def _as_list(params):
    """Parameters in the order of their names, or as listed."""
    if isinstance(params, (dict, ParameterDict)):
        params = [params[name] for name in sorted(params.keys())]
    if not isinstance(params, (list, tuple)):
        raise error.ValueError(
            f"Trainer: params is a {type(params).__name__}; expected a list or dict of Parameters"
        )
    for each in params:
        if not isinstance(each, Parameter):
            raise error.ValueError(
                f"Trainer: params holds a {type(each).__name__}; expected Parameters"
            )
    return list(params)


class Trainer:
    """Updates parameters with an optimizer after `backward`.

    Args:
        params (ParameterDict, dict or list of Parameter): What to train.
        optimizer (str or Optimizer): How.
        optimizer_params (dict): Arguments of the optimizer, when its name was given.
        kvstore (str or KVStore): What adds up gradients of several devices; None for nothing.
        compression_params (dict): How gradients are compressed between machines.
        update_on_kvstore (bool): Whether the store updates the parameters, or each device does;
            None leaves that to the trainer.

    Example:
        >>> trainer = Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
        >>> with autograd.record():
        ...     loss = net(x).sum()
        >>> loss.backward()
        >>> trainer.step(batch_size=32)
    """

    def __init__(
        self,
        params,
        optimizer,
        optimizer_params=None,
        kvstore="device",
        compression_params=None,
        update_on_kvstore=None,
    ):
        self._params = _as_list(params)
        self._index = {each.name: number for number, each in enumerate(self._params)}
        self._sparse_weights = any(each.stype != "default" for each in self._params)
        self._sparse_grads = any(each.grad_stype != "default" for each in self._params)
        self._compression_params = compression_params
        self._contexts = self._check_contexts()
        self._init_optimizer(optimizer, dict(optimizer_params or {}))
        self._scale = self._optimizer.rescale_grad
        # Only now, as a trainer that could not be made must not stay behind in its parameters.
        for parameter in self._params:
            parameter._set_trainer(self)
        self._kvstore_wanted = kvstore
        self._update_on_kvstore_wanted = update_on_kvstore
        self._kv_initialized = False
        self._kvstore = None
        self._update_on_kvstore = None
        self._params_to_init = list(self._params)
        self._plan_first_values()
        # Set by mxnet.contrib.amp.init_trainer.
        self._amp_loss_scaler = None
        self._amp_original_scale = self._scale

    def _check_contexts(self):
        """The devices, on which all parameters have to be."""
        contexts = None
        for parameter in self._params:
            found = parameter.list_ctx()
            if contexts is not None and contexts != found:
                raise error.AssertionError(
                    f"Trainer: Parameter {parameter.name} is on {found} and others are on "
                    f"{contexts}; expected the same devices for all"
                )
            contexts = found
        return contexts or []

    def _init_optimizer(self, optimizer, arguments):
        by_index = dict(enumerate(self._params))
        if isinstance(optimizer, opt.Optimizer):
            if arguments:
                raise error.AssertionError(
                    "Trainer: optimizer_params was given beside an Optimizer; expected it for the "
                    "name of an optimizer only"
                )
            self._optimizer = optimizer
            self._optimizer.param_dict = by_index
        else:
            self._optimizer = opt.create(optimizer, param_dict=by_index, **arguments)
        self._updaters = [opt.get_updater(self._optimizer) for _ in self._contexts]

    # The store.

    def _create_store(self):
        """The store that was asked for, or None where one device does not need it."""
        wanted = self._kvstore_wanted
        if wanted is None or isinstance(wanted, kv.KVStoreBase):
            return wanted
        if not isinstance(wanted, str):
            raise error.TypeError(
                f"Trainer: kvstore={wanted!r} is a {type(wanted).__name__}; expected the name of a "
                "store, a KVStore or None"
            )
        alone = len(self._contexts) == 1 and not kv.base.is_distributed(wanted)
        return None if alone and not self._sparse_weights else kv.create(wanted)

    def _decide(self, store):
        """Whether the store updates."""
        wanted = self._update_on_kvstore_wanted
        if self._sparse_weights:
            if wanted is False:
                raise error.ValueError(
                    "Trainer: update_on_kvstore=False cannot be with sparse parameters; expected "
                    "None or True"
                )
            if store is None:
                raise error.ValueError(
                    "Trainer: kvstore=None cannot be with sparse parameters; expected the name of "
                    "a store, such as 'device'"
                )
            return True
        if store is None:
            return False
        if "async" in store.type and wanted is False:
            raise error.ValueError(
                f"Trainer: update_on_kvstore=False cannot be with the store {store.type}, whose "
                "ranks do not wait for each other; expected None or True"
            )
        if not store.is_capable(kv.KVStoreBase.OPTIMIZER):
            if wanted:
                raise error.ValueError(
                    f"Trainer: update_on_kvstore=True cannot be with the store {store.type}, which "
                    "has no optimizer; expected None or False"
                )
            return False
        if wanted is not None:
            return wanted
        if self._sparse_grads:  # each device touches the rows of its weight
            return kv.base.is_distributed(store)
        return bool(int(_update_on_kvstore_default()))

    def _init_kvstore(self):
        self._kvstore = self._create_store()
        self._update_on_kvstore = self._decide(self._kvstore)
        if self._kvstore is not None:
            if self._compression_params:
                self._kvstore.set_gradient_compression(self._compression_params)
            if self._update_on_kvstore:
                self._kvstore.set_optimizer(self._optimizer)
        self._kv_initialized = True

    def _init_params(self):
        """Put parameters into the store as soon as they have values."""
        waiting = []
        for parameter in self._params_to_init:
            if parameter._deferred_init:
                waiting.append(parameter)
            elif self._kvstore is not None:
                index, arrays = self._index[parameter.name], parameter._data
                if parameter.stype == "default":
                    self._kvstore.broadcast(index, arrays[0], arrays, priority=-index)
                else:
                    self._kvstore.init(index, arrays[0])
        self._params_to_init = waiting

    def _plan_first_values(self):
        """Let the ranks of a job begin with the values of rank 0, before the first forward pass."""
        self._first_tags = {}
        if not kv.base.is_distributed(self._kvstore_wanted):
            return
        self._kvstore_wanted = store = self._create_store()
        for parameter in self._params:
            if parameter.stype == "default":
                self._first_tags[parameter.name] = store._new_tag()
        for parameter in self._params:
            if parameter._data is not None:
                self._take_first_values(parameter)

    def _take_first_values(self, parameter):
        """Hand values that were made on to other ranks, or take those of rank 0; once for each."""
        tag = self._first_tags.pop(parameter.name, None)
        if tag is not None:
            self._kvstore_wanted._take_values_of_first(
                tag, parameter._data, f"first values of {parameter.name!r}"
            )

    def _ready(self):
        """Make the store, and put into it what can be put."""
        if not self._kv_initialized:
            self._init_kvstore()
        if self._params_to_init:
            self._init_params()

    def _store(self, parameter, data):
        """Let the store know values that were set."""
        if not (self._kv_initialized and self._update_on_kvstore):
            return
        if parameter not in self._params_to_init:
            self._kvstore._assign(self._index[parameter.name], data)

    def _row_sparse_pull(self, parameter, out, row_id):
        """Fill sparse arrays with rows of the newest values."""
        index = self._index[parameter.name]
        with autograd.pause():
            # Layers may have run on some devices already: what is written there stays the same.
            self._ready()
            self._kvstore.row_sparse_pull(index, out=out, row_ids=row_id, priority=-index)

    # Settings.

    @property
    def learning_rate(self):
        """The current learning rate (float)."""
        return self._optimizer.learning_rate

    @property
    def optimizer(self):
        """The optimizer."""
        return self._optimizer

    def set_learning_rate(self, lr):
        """Set the learning rate.

        Raises:
            UserWarning: A scheduler sets it already.
        """
        self._optimizer.set_learning_rate(lr)

    # Steps.

    def step(self, batch_size, ignore_stale_grad=False):
        """Add gradients of all devices up and update the parameters; after `backward`.

        Args:
            batch_size (int): Gradients are divided by it.
            ignore_stale_grad (bool): Whether parameters whose gradients `backward` did not write
                since the last step are left as they are.

        Raises:
            UserWarning: A gradient was not written, without `ignore_stale_grad`.
        """
        self._optimizer.rescale_grad = self._scale / batch_size
        self._ready()
        if self._kvstore is not None:
            if self._update_on_kvstore:
                self._check_fresh(ignore_stale_grad)
                if self._overflows():  # what is pushed is applied
                    return
            self._allreduce_grads()
        self._update(ignore_stale_grad)
        self._note_step(batch_size)

    def _note_step(self, batch_size):
        if isinstance(self._kvstore, kv.KVStoreBase):
            self._kvstore._note_step(batch_size)

    def _refuse_with_store(self, what):
        if self._kvstore is not None and self._update_on_kvstore:
            raise error.AssertionError(
                f"Trainer.{what}: the parameters are updated on the store; expected "
                "update_on_kvstore=False when the trainer is made, or step()"
            )

    def allreduce_grads(self):
        """Add gradients of all devices up, for `update`; the first half of `step`."""
        self._ready()
        self._refuse_with_store("allreduce_grads")
        if self._kvstore is not None:
            self._allreduce_grads()

    def update(self, batch_size, ignore_stale_grad=False):
        """Update the parameters with gradients that were added up; the second half of `step`.

        Args:
            batch_size (int): Gradients are divided by it.
            ignore_stale_grad (bool): See `step`.
        """
        self._ready()
        self._refuse_with_store("update")
        self._optimizer.rescale_grad = self._scale / batch_size
        self._update(ignore_stale_grad)
        self._note_step(batch_size)

    def _trained(self):
        return [
            (index, parameter)
            for index, parameter in enumerate(self._params)
            if parameter.grad_req != "null"
        ]

    def _allreduce_grads(self):
        trained = self._trained()
        if not trained:
            return
        indices = [index for index, _ in trained]
        grads = [parameter.list_grad() for _, parameter in trained]
        if not self._update_on_kvstore:
            self._kvstore._add_up(indices, grads)
            return
        # Rows of sparse weights are brought when somebody asks for them.
        weights = [each._data if each.stype == "default" else None for _, each in trained]
        self._kvstore._step(indices, grads, weights)

    def _overflows(self):
        """Whether mixed precision wants this step to be skipped."""
        scaler = self._amp_loss_scaler
        return scaler is not None and scaler.has_overflow(self._params)

    def _skip_gradients(self):
        """Count all gradients as used."""
        for _, parameter in self._trained():
            for array in parameter._data or ():
                array._fresh_grad = False

    def _check_fresh(self, ignore_stale_grad):
        """Refuse gradients that `backward` did not write, and count all as used."""
        for _, parameter in self._trained():
            if parameter._data is None:
                raise parameter._missing()
            for array in parameter._data:
                if not ignore_stale_grad and not array._fresh_grad:
                    raise _stale(parameter, array)
                array._fresh_grad = False

    def _update(self, ignore_stale_grad):
        if self._kvstore is not None and self._update_on_kvstore:
            return
        if self._overflows():
            return self._skip_gradients()
        updates = [([], [], []) for _ in self._updaters]
        for index, parameter in self._trained():
            if parameter._data is None:
                raise parameter._missing()
            for lists, array, grad in zip(updates, parameter._data, parameter._grad):
                if not array._fresh_grad:
                    if ignore_stale_grad:
                        continue
                    raise _stale(parameter, array)
                for each, value in zip(lists, (index, grad, array)):
                    each.append(value)
        for updater, lists in zip(self._updaters, updates):
            for array in lists[2]:
                array._fresh_grad = False
            updater(*lists)

    # Files.

    def save_states(self, fname):
        """Write the optimizer with its states to a file."""
        self._ready()
        if self._update_on_kvstore:
            if self._params_to_init:
                raise error.AssertionError(
                    "Trainer.save_states: some parameters have no values yet; expected a forward "
                    "pass before"
                )
            self._kvstore.save_optimizer_states(fname, dump_optimizer=True)
        else:
            content = self._updaters[0].get_states(dump_optimizer=True)
            _files.write_bytes(fname, content, "Trainer.save_states")

    def load_states(self, fname):
        """Read what `save_states` wrote.

        Raises:
            OSError: The file cannot be read.
            ValueError: It holds no states.
        """
        self._ready()
        if self._update_on_kvstore:
            self._kvstore.load_optimizer_states(fname)
            self._optimizer = self._kvstore._updater.optimizer
        else:
            for updater in self._updaters:
                read_states(updater, fname)
                updater.optimizer = self._updaters[0].optimizer
            self._optimizer = self._updaters[0].optimizer
        self._optimizer.param_dict = dict(enumerate(self._params))


def _update_on_kvstore_default():
    """Whether stores update where nothing else was said."""
    from ..util import getenv

    return getenv("MXNET_UPDATE_ON_KVSTORE") or "1"


def _stale(parameter, array):
    """What 1.9.1 raises where a gradient is old."""
    return UserWarning(
        f"Gradient of Parameter `{parameter.name}` on context {array.context} has not been updated "
        "by backward since last `step`. This could mean a bug in your model that made it only use "
        "a subset of the Parameters (Blocks) for this iteration. If you are intentionally only "
        "using a subset, call step with ignore_stale_grad=True to suppress this warning and skip "
        "updating of Parameters with stale gradient"
    )
