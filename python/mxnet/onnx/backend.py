"""Remx as a backend of ONNX: the functions of ``onnx.backend.base`` for programs that run any.

`prepare` keeps the model; it is translated for the shapes of the first inputs, and again for other
ones. Where a translation needs the numbers of an input (the shape that ``Reshape`` gets), the
network is made for those numbers and kept with them.
"""

import numpy as np

from .. import error
from .. import ndarray as nd
from ..context import cpu, gpu, num_gpus
from .reading.dtypes import numpy_dtype, to_storage
from .reading.files import open_model
from .reading.graph import declared, inputs_before
from .reading.network import inputs_of, read_network
from .reading.node import NotConstantError

__all__ = ["RemxRep", "prepare", "run_model", "run_node", "supports_device"]

_KEPT = 16


class RemxRep:
    """A model that is ready to run.

    Args:
        model (onnx.ModelProto, str or bytes): The model.
        context (Context): Where to run it.
    """

    def __init__(self, model, context):
        self._model = open_model(model)
        self._context = context
        self._infos = inputs_of(self._model.graph)
        self._fixed = set()
        self._networks = {}

    def run(self, inputs, **kwargs):
        """Run the model.

        Args:
            inputs (list or dict of numpy.ndarray): All inputs in order, or by name.

        Returns:
            tuple of numpy.ndarray: All outputs, with the shapes and dtypes of ONNX.

        Raises:
            MXNetError: Inputs do not fit, or the model has what cannot be translated.
        """
        names = [info.name for info in self._infos]
        if not isinstance(inputs, dict):
            inputs = [inputs] if isinstance(inputs, np.ndarray) else list(inputs)
            if len(inputs) != len(names):
                raise error.ValueError(
                    f"run: inputs={len(inputs)} arrays; {len(names)} are expected: {names}"
                )
            inputs = dict(zip(names, inputs))
        missing = [name for name in names if name not in inputs]
        if missing:
            raise error.ValueError(f"run: inputs={missing[0]!r} is missing; an array is expected")
        arrays = {name: np.asarray(inputs[name]) for name in names}
        return self._execute(self._network(arrays), arrays)

    def _network(self, arrays):
        """The network for shapes of inputs, and for the numbers of some."""
        while True:
            key = tuple(
                (name, array.shape, array.tobytes() if name in self._fixed else None)
                for name, array in arrays.items()
            )
            if key in self._networks:
                return self._networks[key]
            try:
                network = read_network(
                    self._model,
                    {name: array.shape for name, array in arrays.items()},
                    {name: arrays[name] for name in self._fixed},
                )
            except NotConstantError as cause:
                names = {info.name for info in self._infos}
                found = inputs_before(self._model.graph.node, cause.tensors) & names - self._fixed
                if not found:
                    raise
                self._fixed |= found
                continue
            if len(self._networks) >= _KEPT:
                self._networks.pop(next(iter(self._networks)))
            self._networks[key] = network
            return network

    def _execute(self, network, arrays):
        results = {}
        if network.symbol is not None:
            args = dict(network.args)
            dtypes = {info.name: declared(info)[1] for info in self._infos}
            for name in set(network.inputs) & set(network.symbol.list_arguments()):
                stored = to_storage(arrays[name], dtypes[name])
                stored = stored.reshape(stored.shape or (1,))
                args[name] = nd.array(stored, dtype=stored.dtype, ctx=self._context)
            executor = network.symbol.bind(
                self._context, args, grad_req="null", aux_states=network.auxs
            )
            outputs = executor.forward(is_train=False)
            results = dict(zip(network.computed, outputs))
        return tuple(
            self._as_onnx(results[name].asnumpy() if name in results else value.array(), value)
            for name, value in network.outputs.items()
        )

    @staticmethod
    def _as_onnx(array, value):
        array = np.asarray(array).astype(numpy_dtype(value.dtype), copy=False)
        return array.reshape(()) if value.shape == () else array


def prepare(model, device="CPU", **kwargs):
    """Keep a model ready to run.

    Args:
        model (onnx.ModelProto, str or bytes): The model, or the name of its file.
        device (str): "CPU", "CUDA" or "CUDA:N".

    Returns:
        RemxRep: It.

    Raises:
        ImportError: The package ``onnx`` is missing.
        MXNetError: The model is damaged, or the device is unknown.
    """
    return RemxRep(model, _context(device))


def run_model(model, inputs, device="CPU", **kwargs):
    """Run a model once.

    Args:
        model (onnx.ModelProto, str or bytes): The model.
        inputs (list or dict of numpy.ndarray): Its inputs.
        device (str): See `prepare`.

    Returns:
        tuple of numpy.ndarray: Its outputs.

    Raises:
        MXNetError: See `RemxRep.run`.
    """
    return prepare(model, device, **kwargs).run(inputs)


def run_node(node, inputs, device="CPU", outputs_info=None, **kwargs):
    """Run a single node.

    Args:
        node (onnx.NodeProto): The node.
        inputs (list of numpy.ndarray): Its inputs.
        device (str): See `prepare`.
        outputs_info (list): Dtype and shape of each output; not needed.
        opset_version (int): Version of the operator set; the newest if not given.

    Returns:
        tuple of numpy.ndarray: Its outputs.

    Raises:
        MXNetError: See `RemxRep.run`.
    """
    from onnx import defs, helper

    arrays = [np.asarray(array) for array in inputs]
    names = [name for name in node.input if name]
    infos = [
        helper.make_tensor_value_info(
            name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape
        )
        for name, array in zip(names, arrays)
    ]
    outputs = [helper.make_empty_tensor_value_info(name) for name in node.output if name]
    graph = helper.make_graph([node], "node", infos, outputs)
    opsets = [helper.make_opsetid("", kwargs.get("opset_version", defs.onnx_opset_version()))]
    if node.domain not in ("", "ai.onnx"):
        opsets.append(helper.make_opsetid(node.domain, 1))
    return run_model(helper.make_model(graph, opset_imports=opsets), arrays, device)


def supports_device(device):
    """Whether "CPU", "CUDA" or "CUDA:N" is there."""
    try:
        context = _context(device)
    except error.MXNetError:
        return False
    return context.device_type == "cpu" or context.device_id < num_gpus()


def _context(device):
    kind, _, number = device.partition(":")
    if kind not in ("CPU", "CUDA") or not (number or "0").isdecimal():
        raise error.ValueError(f"prepare: device={device!r} is unknown; CPU or CUDA is expected")
    return cpu() if kind == "CPU" else gpu(int(number or 0))
