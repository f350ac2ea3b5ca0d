"""Executors of one network, one for each device, and the arrays they are bound to."""

import logging
import threading
from typing import NamedTuple

import numpy as np

from .. import _core, _elsewhere, error
from .. import ndarray as nd
from ..context import cpu
from ..executor import variable_contexts, variable_stypes
from ..io import DataDesc
from .context_groups import groups_of_devices
from .slicing import merge, part_of_shape, split_slices

__all__ = ["DataParallelExecutorGroup"]

__getattr__ = _elsewhere.getter(
    __name__,
    {
        "_load_data": "module.by_hand:load_data",
        "_load_general": "module.by_hand:load_arrays",
        "_load_label": "module.by_hand:load_label",
        "_merge_multi_context": "module.by_hand:merge_outputs",
        "_split_input_slice": "module.slicing:split_slices",
    },
)


class Binding(NamedTuple):
    """Executors and what they are fed with; not changed once made."""

    execs: list  # one for each device
    slices: list  # of a batch, one for each device
    descs: list  # DataDesc of the inputs that are fed
    fed: list  # and their names
    label_slots: list  # numbers of the labels among them


def _described(shapes):
    """Names with shapes as a list of DataDesc; None as it is."""
    if shapes is None:
        return None
    return [each if isinstance(each, DataDesc) else DataDesc(*each) for each in shapes]


class DataParallelExecutorGroup:
    """Binds a symbol on every device; batches are split over them.

    Args:
        symbol (Symbol): The network.
        contexts (list of Context): The devices.
        workload (list of float): Share of each device in a batch.
        data_shapes (list of DataDesc): The inputs.
        label_shapes (list of DataDesc): The labels, or None.
        param_names (list of str): The parameters.
        for_training (bool): Whether gradients are needed.
        inputs_need_grad (bool): Whether gradients of the inputs are needed.
        shared_group (DataParallelExecutorGroup): Group whose parameters are used.
        logger (Logger): Where to log.
        fixed_param_names (list of str): Parameters without a gradient.
        grad_req (str, list or dict): What happens to gradients: ``write``, ``add`` or ``null``.
        state_names (list of str): Inputs that are set by `set_states`.
        group2ctxs (dict or list): See `groups_of_devices`.
        label_names (list of str): Names of the labels in batches, for metrics.
    """

    def __init__(
        self,
        symbol,
        contexts,
        workload,
        data_shapes,
        label_shapes,
        param_names,
        for_training,
        inputs_need_grad,
        shared_group=None,
        logger=logging,
        fixed_param_names=None,
        grad_req="write",
        state_names=None,
        group2ctxs=None,
        label_names=None,
    ):
        self.symbol = symbol
        self.contexts = contexts
        self.workload = workload
        self.group2ctxs = groups_of_devices(group2ctxs, len(contexts))
        self.logger = logger
        self.for_training = for_training
        self.inputs_need_grad = inputs_need_grad
        self.arg_names = symbol.list_arguments()
        self.aux_names = symbol.list_auxiliary_states()
        self.output_names = symbol.list_outputs()
        self.param_names = param_names
        self.fixed_param_names = fixed_param_names or []
        self.state_names = state_names or []
        data_shapes, label_shapes = _described(data_shapes), _described(label_shapes)
        self.data_names = [desc.name for desc in data_shapes]
        self.label_names = label_names or [desc.name for desc in label_shapes or []]
        self.grad_req = self._requests(grad_req)
        self.output_axes = [
            DataDesc.get_batch_axis(symbol[i].attr("__layout__"))
            for i in range(len(self.output_names))
        ]
        self.execs = []
        # The executors that a thread ran last: others may bind to other shapes meanwhile.
        self._last_run = threading.local()
        self._arrays = [({}, {}, {}) for _ in contexts]
        if shared_group is not None:
            self._share(shared_group)
        self.bind_exec(data_shapes, label_shapes)

    def _requests(self, grad_req):
        """Gradient request of every argument."""
        if isinstance(grad_req, (list, tuple)):
            if len(grad_req) != len(self.arg_names):
                raise error.ValueError(
                    f"Module.bind: grad_req has {len(grad_req)} entries; one for each "
                    f"of the {len(self.arg_names)} arguments is expected"
                )
            wanted = dict(zip(self.arg_names, grad_req))
        elif isinstance(grad_req, dict):
            wanted = grad_req
        else:
            wanted = dict.fromkeys(self.arg_names, grad_req)
        for name, request in wanted.items():
            if request not in ("write", "add", "null"):
                raise error.ValueError(
                    f"Module.bind: grad_req={request!r} of {name} is unknown; write, "
                    "add or null is expected"
                )
        if not self.for_training:
            return dict.fromkeys(self.arg_names, "null")
        learned = set(self.param_names) - set(self.fixed_param_names)
        if self.inputs_need_grad:
            learned.update(self.data_names)
        default = "write" if isinstance(grad_req, dict) else "null"
        return {
            name: wanted.get(name, default) if name in learned else "null"
            for name in self.arg_names
        }

    def _share(self, other):
        """Use the parameters, gradients and states of another group."""
        names = set(self.param_names)
        for mine, theirs in zip(self._arrays, other._arrays):
            for own, shared, kept in zip(mine, theirs, (names, names, set(self.aux_names))):
                own.update((name, array) for name, array in shared.items() if name in kept)

    @property
    def shared_data_arrays(self):
        """The arrays of data and labels of each device, by name (list of dict)."""
        names = [desc.name for desc in self.data_shapes + (self.label_shapes or [])]
        return [{name: args[name] for name in names if name in args} for args, _, _ in self._arrays]

    def reshape(self, data_shapes, label_shapes):
        """As `bind_exec`."""
        self.bind_exec(_described(data_shapes), _described(label_shapes))

    def bind_exec(self, data_shapes, label_shapes):
        """Bind to inputs of these shapes; parameters stay as they are.

        Raises:
            MXNetError: The network does not take inputs of these shapes.
        """
        descs = data_shapes + (label_shapes or [])
        batch_size = self._common_batch_size(descs)
        slices = split_slices(batch_size, self.workload)
        old = self.execs or [None] * len(self.contexts)
        bound = [self._bind_device(i, slices[i], descs, old[i]) for i in range(len(self.contexts))]
        # Nothing has changed up to here, so inputs that do not fit leave the group as it was.
        self.execs = [executor for executor, _ in bound]
        self._arrays = [arrays for _, arrays in bound]
        self.data_shapes, self.label_shapes = data_shapes, label_shapes
        self.batch_size, self.slices = batch_size, slices
        self._collect()

    @staticmethod
    def _common_batch_size(descs):
        size = None
        for desc in descs:
            axis = DataDesc.get_batch_axis(getattr(desc, "layout", None))
            if axis < 0 or axis >= len(desc.shape):
                continue
            if size is None:
                size, first = desc.shape[axis], desc.name
            elif desc.shape[axis] != size:
                raise error.AssertedValueError(
                    f"Module.bind: {desc.name} has the shape {desc.shape}; a batch of "
                    f"{size} rows is expected, as {first} has"
                )
        if size is None:
            raise error.ValueError(
                "Module.bind: data_shapes has no batch axis; a layout with N is expected"
            )
        return size

    def _bind_device(self, device, part, descs, old):
        """An executor for the rows `part` of a batch, and the arrays it is bound to."""
        shapes = {
            desc.name: part_of_shape(desc, part) for desc in descs if desc.name in self.arg_names
        }
        dtypes = {desc.name: desc.dtype for desc in descs if desc.name in shapes}
        arg_shapes, _, aux_shapes = self.symbol.infer_shape(**shapes)
        if arg_shapes is None:
            raise error.ValueError(
                f"Module.bind: the shapes {shapes} do not determine those of all "
                "arguments; shapes of more inputs are expected"
            )
        arg_types, _, aux_types = self.symbol.infer_type(**dtypes)
        stypes = variable_stypes(self.symbol)
        args, grads, auxs = arrays = tuple(dict(kind) for kind in self._arrays[device])
        context, group2ctx = self.contexts[device], self.group2ctxs[device]
        places = variable_contexts(self.symbol, group2ctx)
        self._check_params(shapes, zip(self.arg_names, arg_shapes), args)
        self._check_params(shapes, zip(self.aux_names, aux_shapes), auxs)
        for names, found, types, target in (
            (self.arg_names, arg_shapes, arg_types, args),
            (self.aux_names, aux_shapes, aux_types, auxs),
        ):
            for i, name in enumerate(names):
                dtype = types[i] if types is not None and types[i] is not None else np.float32
                place = places.get(name, context)
                self._allocate(target, name, found[i], dtype, place, stypes.get(name))
        for name, shape in zip(self.arg_names, arg_shapes):
            if self.grad_req[name] != "null":
                # The gradient of a csr input is dense: it has values where the input has none.
                stype = "row_sparse" if stypes.get(name) == "row_sparse" else None
                place = places.get(name, context)
                self._allocate(grads, name, shape, args[name].dtype, place, stype)
        executor = self.symbol.bind(
            context,
            args=args,
            args_grad=grads,
            grad_req=self.grad_req,
            aux_states=auxs,
            group2ctx=group2ctx,
            shared_exec=old,
        )
        return executor, arrays

    @staticmethod
    def _allocate(arrays, name, shape, dtype, context, stype):
        stype, old = stype or "default", arrays.get(name)
        if old is not None and old.shape == tuple(shape) and old.dtype == dtype:
            if old.stype == stype:
                return
        if stype == "default":
            arrays[name] = _core.fresh_zeros(shape, context, dtype)
        else:
            arrays[name] = _core.sparse_zeros(stype, shape, context, dtype)

    def _check_params(self, shapes, found, arrays):
        """Refuse inputs with which a parameter that has values would get another shape."""
        inputs = set(self.data_names) | set(self.state_names)
        kept = (set(self.param_names) | set(self.aux_names)) - inputs
        for name, shape in found:
            if name in kept and name in arrays and arrays[name].shape != tuple(shape):
                given = ", ".join(f"{key}={value}" for key, value in shapes.items())
                raise error.ValueError(
                    f"Module: {given} does not fit the network; with it {name} would "
                    f"have the shape {tuple(shape)}, but its shape is "
                    f"{arrays[name].shape}"
                )

    def _collect(self):
        """Lists of arrays in the order of names, each with one array for each device."""

        def by_name(names, kind):
            return [[arrays[kind].get(name) for arrays in self._arrays] for name in names]

        self.param_arrays = by_name(self.param_names, 0)
        self.grad_arrays = by_name(self.param_names, 1) if self.for_training else None
        self.aux_arrays = by_name(self.aux_names, 2)
        self.input_grad_arrays = by_name(self.data_names, 1) if self.inputs_need_grad else None
        self.state_arrays = by_name(self.state_names, 0)
        labels = self.label_shapes or []
        slots = [i for i, desc in enumerate(labels) if desc.name in self.arg_names]
        self.binding = Binding(
            self.execs,
            self.slices,
            self.data_shapes + [labels[i] for i in slots],
            self.data_names + [labels[i].name for i in slots],
            slots,
        )

    def set_params(self, arg_params, aux_params, allow_extra=False):
        """Copy parameters to every device.

        Args:
            arg_params (dict of str to NDArray): Parameters by name.
            aux_params (dict of str to NDArray): Auxiliary states by name.
            allow_extra (bool): Whether names that the network does not have are accepted.
        """
        for values, kind, known in (
            (arg_params, 0, self.arg_names),
            (aux_params, 2, self.aux_names),
        ):
            for name, value in (values or {}).items():
                if name in known:
                    for arrays in self._arrays:
                        self._assign(arrays[kind][name], name, value)
                elif not allow_extra:
                    raise error.ValueError(
                        f"Module.set_params: parameter {name} is not in the network; "
                        "allow_extra=True accepts it"
                    )

    @staticmethod
    def _assign(target, name, value):
        if target.shape != value.shape:
            raise error.ValueError(
                f"Module.set_params: parameter {name} has the shape {value.shape}; "
                f"{target.shape} is expected"
            )
        if target is not value:
            value.copyto(target)

    def get_params(self, arg_params, aux_params):
        """Copy the parameters, averaged over devices, to the arrays in `arg_params` and those of
        states to `aux_params`; what they lack is added."""
        self.snapshot(arg_params, 0, self.param_names)
        self.snapshot(aux_params, 2, self.aux_names)

    def snapshot(self, target, kind, names):
        """Copy the parameters (kind 0) or states (kind 2), averaged over devices, to `target`."""
        for name in names:
            parts = [arrays[kind][name] for arrays in self._arrays]
            value = parts[0]
            if len(parts) > 1:
                home = value.context
                total = sum((part.as_in_context(home) for part in parts[1:]), value)
                value = (total / len(parts)).astype(value.dtype)
            if name in target:
                value.copyto(target[name])
            else:
                target[name] = value.copyto(cpu())
        return target

    def forward(self, data_batch, is_train=None, binding=None):
        """Run the network on a batch of the bound shapes.

        Args:
            data_batch (DataBatch): The batch.
            is_train (bool): Whether layers behave as in training.
            binding (Binding): What to run it on; what is bound now if not given.
        """
        if is_train is None:
            is_train = self.for_training
        binding = binding or self.binding
        self._last_run.execs = binding.execs
        arrays = list(data_batch.data)
        labels = getattr(data_batch, "label", None)
        if labels and binding.label_slots:
            arrays += [labels[i] for i in binding.label_slots]
        arrays = [array if isinstance(array, nd.NDArray) else nd.array(array) for array in arrays]
        if len(binding.execs) == 1:
            binding.execs[0].forward(is_train, **dict(zip(binding.fed, arrays)))
            return
        axes = [DataDesc.get_batch_axis(getattr(desc, "layout", None)) for desc in binding.descs]
        for executor, part in zip(binding.execs, binding.slices):
            executor.forward(
                is_train,
                **{
                    name: _part(array, axis, part)
                    for name, array, axis in zip(binding.fed, arrays, axes)
                },
            )

    def _slice(self, array, axis, device):
        return _part(array, axis, self.slices[device])

    def backward(self, out_grads=None):
        """Compute the gradients of the last forward pass.

        Args:
            out_grads (list of NDArray): Gradients of the outputs; None if all are losses.
        """
        if out_grads is not None and not isinstance(out_grads, (list, tuple)):
            out_grads = [out_grads]
        for device, executor in enumerate(self.execs):
            if out_grads is None:
                executor.backward()
            elif len(self.execs) == 1:
                executor.backward(out_grads=list(out_grads))
            else:
                executor.backward(
                    out_grads=[
                        self._slice(grad, axis, device).as_in_context(self.contexts[device])
                        for grad, axis in zip(out_grads, self.output_axes)
                    ]
                )

    def get_outputs(self, merge_multi_context=True, begin=0, end=None):
        """Outputs of the calling thread's last forward pass, in arrays that stay as they are.

        They are joined over devices, or lists by device.
        """
        execs = getattr(self._last_run, "execs", self.execs)
        if len(execs) == 1:
            outputs = execs[0].answers()[begin:end]
            return outputs if merge_multi_context else [[output] for output in outputs]
        parts = [list(group) for group in zip(*(e.answers()[begin:end] for e in execs))]
        if not merge_multi_context:
            return parts
        return [merge(group, axis) for group, axis in zip(parts, self.output_axes[begin:end])]

    def get_output_shapes(self):
        """Pairs of name and shape of the outputs for a whole batch."""
        shapes = []
        for i, name in enumerate(self.output_names):
            shape, axis = list(self.execs[0].outputs[i].shape), self.output_axes[i]
            if axis >= 0 and len(self.execs) > 1:
                shape[axis] = self.batch_size
            shapes.append((name, tuple(shape)))
        return shapes

    def get_input_grads(self, merge_multi_context=True):
        """Gradients of the inputs, joined over devices or as lists by device."""
        if not merge_multi_context:
            return self.input_grad_arrays
        axes = [DataDesc.get_batch_axis(desc.layout) for desc in self.data_shapes]
        return [merge(group, axis) for group, axis in zip(self.input_grad_arrays, axes)]

    def get_states(self, merge_multi_context=True):
        """The states, joined over devices or as lists by device."""
        if not merge_multi_context:
            return self.state_arrays
        return [merge(group, 0) for group in self.state_arrays]

    def set_states(self, states=None, value=None):
        """Set the states to arrays by device, or all to one value."""
        for i, group in enumerate(self.state_arrays):
            for device, array in enumerate(group):
                if states is None:
                    array[:] = value
                elif isinstance(states[i], (list, tuple)):
                    states[i][device].copyto(array)
                else:
                    self._slice(states[i], 0, device).copyto(array)

    def update_metric(self, eval_metric, labels, pre_sliced=False):
        """Count the outputs of the last forward pass in a metric.

        Args:
            eval_metric (EvalMetric): The metric.
            labels (list of NDArray): The labels; by device if `pre_sliced`.
            pre_sliced (bool): Whether labels are given by device.
        """
        for device, executor in enumerate(self.execs):
            if pre_sliced:
                own = labels[device]
            elif len(self.execs) == 1:
                own = labels
            else:
                own = [
                    self._slice(label, DataDesc.get_batch_axis(desc.layout), device)
                    for label, desc in zip(labels, self.label_shapes or [])
                ]
            eval_metric.update_dict(
                dict(zip(self.label_names, own or [])),
                dict(zip(self.output_names, executor.outputs)),
            )

    def install_monitor(self, mon):
        """Watch every executor with a monitor."""
        for executor in self.execs:
            mon.install(executor)


def _part(array, axis, part):
    """The rows `part` of a batch; without a batch axis (-1) all of it."""
    if axis < 0:
        return array
    if axis == 0:
        return array[part]
    return nd.slice_axis(array, axis=axis, begin=part.start, end=part.stop)
