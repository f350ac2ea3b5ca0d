"""Parts of modules, for programs that write a module of their own.

Such programs import these functions of MXNet 1.9.1 with their underscores, from `mxnet.model`,
`mxnet.module.base_module` and `mxnet.module.executor_group`; `Module` itself does without them.
"""

import warnings

from .. import error
from .. import kvstore as kvs
from ..io import DataDesc
from .base_module import check_input_names
from .slicing import merge
from .stores import choose_store

__all__ = [
    "create_kvstore",
    "create_sparse_kvstore",
    "initialize_kvstore",
    "update_params",
    "update_params_on_kvstore",
    "call_all",
    "describe_inputs",
    "load_arrays",
    "load_data",
    "load_label",
    "merge_outputs",
    "check_names",
    "check_symbol_names",
]


def create_kvstore(kvstore, num_device, arg_params):
    """The store that adds gradients of several devices.

    Args:
        kvstore (str, KVStore or None): Its name, the store, or None.
        num_device (int): How many devices there are; one needs none of the machine's own stores.
        arg_params (dict of NDArray): The parameters.

    Returns:
        tuple: The KVStore or None, and whether the optimizer runs in it.
    """
    largest = max((array.size for array in arg_params.values()), default=0)
    return choose_store(kvstore, num_device, largest, "_create_kvstore")


def create_sparse_kvstore(kvstore):
    """The store for row-sparse parameters, in which the optimizer always runs.

    Args:
        kvstore (str or KVStore): Its name, or the store.

    Returns:
        tuple: The KVStore and True.
    """
    if isinstance(kvstore, kvs.KVStoreBase):
        return kvstore, True
    if isinstance(kvstore, str):
        return kvs.create(kvstore), True
    raise error.TypeError(
        f"kvstore={kvstore!r} is a {type(kvstore).__name__}; row-sparse parameters need a name or "
        "a KVStore"
    )


def initialize_kvstore(kvstore, param_arrays, arg_params, param_names, update_on_kvstore):
    """Put parameters into a store and, where it updates them, take them to the devices.

    Args:
        kvstore (KVStore): The store.
        param_arrays (list of list of NDArray): Each parameter on each device.
        arg_params (dict of NDArray): Their values.
        param_names (list of str): Their names, which are the keys.
        update_on_kvstore (bool): Whether the optimizer runs in the store.
    """
    for name, on_devices in zip(param_names, param_arrays):
        kvstore.init(name, arg_params[name])
        if update_on_kvstore:
            kvstore.pull(name, on_devices, priority=-param_names.index(name))


def _with_gradient(param_arrays, grad_arrays):
    """Number, arrays and gradients of each parameter that has some (iterator)."""
    for index, (on_devices, gradients) in enumerate(zip(param_arrays, grad_arrays)):
        if gradients[0] is not None:
            yield index, on_devices, gradients


def update_params_on_kvstore(param_arrays, grad_arrays, kvstore, param_names):
    """Let the store add the gradients and update, and take the parameters back.

    Args:
        param_arrays (list of list of NDArray): Each parameter on each device.
        grad_arrays (list of list of NDArray): Their gradients; None in place of one that has none.
        kvstore (KVStore): The store.
        param_names (list of str): The keys.
    """
    for index, on_devices, gradients in _with_gradient(param_arrays, grad_arrays):
        kvstore.push(param_names[index], gradients, priority=-index)
        kvstore.pull(param_names[index], on_devices, priority=-index)


def update_params(param_arrays, grad_arrays, updater, num_device, kvstore=None, param_names=None):
    """Update on each device, after the store, if there is one, has added the gradients.

    Args:
        param_arrays (list of list of NDArray): Each parameter on each device.
        grad_arrays (list of list of NDArray): Their gradients; None in place of one that has none.
        updater (function): Of number, gradient and parameter, as `mx.optimizer.get_updater` gives.
        num_device (int): How many devices there are; parameter i on device k has the number
            ``i * num_device + k``.
        kvstore (KVStore): The store, or None.
        param_names (list of str): The keys.
    """
    for index, on_devices, gradients in _with_gradient(param_arrays, grad_arrays):
        if kvstore:
            kvstore.push(param_names[index], gradients, priority=-index)
            kvstore.pull(param_names[index], gradients, priority=-index)
        for k, (parameter, gradient) in enumerate(zip(on_devices, gradients)):
            updater(index * num_device + k, gradient, parameter)


def call_all(callbacks, *args, **kwargs):
    """Call one function, or each of a list; None is none."""
    if callbacks is None:
        return
    for callback in callbacks if isinstance(callbacks, list) else [callbacks]:
        callback(*args, **kwargs)


def check_names(names, shapes, what, throw):
    """Whether described inputs have the names that are expected, in any order.

    Args:
        names (list of str): What is expected.
        shapes (list of DataDesc): The descriptions.
        what (str): Argument of Module that gave the names, for messages.
        throw (bool): Whether other names are an error; otherwise they are a warning.
    """
    found = [desc[0] for desc in shapes]
    if sorted(names) != sorted(found):
        message = f"{what}_shapes names {found}; {list(names)} is expected, as {what}_names says"
        if throw:
            raise error.ValueError(message)
        warnings.warn(message, stacklevel=3)


def describe_inputs(data_names, label_names, data_shapes, label_shapes):
    """Inputs and labels as lists of DataDesc.

    Args:
        data_names (list of str): Names of the inputs.
        label_names (list of str): Names of the labels.
        data_shapes (list): A DataDesc, or a tuple of its parts, for each input.
        label_shapes (list): The same for each label, or None.

    Returns:
        tuple: Two lists; None in place of the second one without labels.
    """

    def described(shapes):
        return [desc if isinstance(desc, DataDesc) else DataDesc(*desc) for desc in shapes]

    data = described(data_shapes)
    check_names(data_names, data, "data", True)
    if label_shapes is None:
        check_names(label_names, [], "label", False)
        return data, None
    labels = described(label_shapes)
    check_names(label_names, labels, "label", False)
    return data, labels


def load_arrays(data, targets, major_axis):
    """Copy the arrays of a batch to where executors read them.

    Args:
        data (list of NDArray): The arrays; a list of such in place of one that is divided already.
        targets (list): An NDArray for each, or a list of pairs of rows (slice) and NDArray, one for
            each device.
        major_axis (list of int): Axis along which each is divided; -1 gives all to every device.
    """
    for source, target, axis in zip(data, targets, major_axis):
        if not isinstance(target, list):
            source.copyto(target)
        elif isinstance(source, list):
            for part, (_, array) in zip(source, target):
                part.copyto(array)
        else:
            for rows, array in target:
                part = source
                if axis >= 0 and source.shape != array.shape:
                    part = source.slice_axis(axis, rows.start, rows.stop)
                part.copyto(array)


def load_data(batch, targets, major_axis):
    """Copy the inputs of a batch; see `load_arrays`."""
    load_arrays(batch.data, targets, major_axis)


def load_label(batch, targets, major_axis):
    """Copy the labels of a batch; see `load_arrays`."""
    load_arrays(batch.label, targets, major_axis)


def merge_outputs(outputs, major_axis):
    """Outputs of all devices joined along their batch axes.

    Args:
        outputs (list of list of NDArray): Each output on each device.
        major_axis (list of int): The axes; -1 takes that of the first device.
    """
    return [merge(parts, axis) for parts, axis in zip(outputs, major_axis)]


def check_symbol_names(symbol, names, typename, throw):
    """Check that the symbol has arguments of these names; see `Module`."""
    check_input_names(symbol, names, f"{typename}_names", throw)
