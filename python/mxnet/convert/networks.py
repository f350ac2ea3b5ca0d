"""Networks with their parameters in ONNX files and checkpoints."""

import glob
import os
import re

import numpy as np

from .. import error
from .. import ndarray as nd
from ..checkpoint import load_checkpoint, save_checkpoint
from ..context import cpu

__all__ = ["Network", "is_network", "read_network", "write_network"]


class Network:
    """A symbol with its parameters.

    Attributes:
        symbol (Symbol): The network.
        args, auxs (dict of str to NDArray): Parameters and auxiliary states.
        shapes (dict of str to tuple of int): Shapes of inputs as far as the file tells; 0 is open.
    """

    def __init__(self, symbol, args, auxs, shapes):
        self.symbol, self.args, self.auxs, self.shapes = symbol, args, auxs, shapes

    @property
    def inputs(self):
        """Names of what the caller brings; labels are none."""
        names = self.symbol.list_arguments()
        return [name for name in names if name not in self.args and not name.endswith("label")]

    def input_shapes(self, given):
        """Shapes for one prediction.

        Args:
            given (dict of str to tuple of int): What the user says; "" names the only input.

        Raises:
            ValueError: A size is open.
        """
        shapes = {}
        for name in self.inputs:
            shape = given.get(name, given.get("") if len(self.inputs) == 1 else None)
            shape = shape or self.shapes.get(name)
            if shape and shape[0] == 0:
                shape = (1, *shape[1:])
            if not shape or 0 in shape:
                raise error.ValueError(
                    f"convert: the shape of {name!r} is not in the file; --shape, such as --shape "
                    f"{name}=1,3,224,224, is expected"
                )
            shapes[name] = tuple(shape)
        return shapes

    def input_dtypes(self):
        """Dtypes of the inputs (dict of str to type); float32 where the network does not tell."""
        stored, dtypes = self.symbol.attr_dict(), {}
        for name in self.inputs:
            number = int(stored.get(name, {}).get("__dtype__", -1))
            known = nd._DTYPE_MX_TO_NP.get(number)
            dtypes[name] = known if isinstance(known, type) else np.float32
        return dtypes

    def run(self, arrays):
        """Predict.

        Args:
            arrays (dict of str to numpy.ndarray): The inputs.

        Returns:
            list of numpy.ndarray: The outputs.
        """
        shapes = {name: array.shape for name, array in arrays.items()}
        dtypes = {name: array.dtype for name, array in arrays.items()}
        executor = self.symbol.simple_bind(cpu(), grad_req="null", type_dict=dtypes, **shapes)
        executor.copy_params_from(self.args, self.auxs, allow_extra_params=True)
        outputs = executor.forward(
            is_train=False,
            **{name: nd.array(array, dtype=array.dtype) for name, array in arrays.items()},
        )
        return [out.asnumpy() for out in outputs]


def is_network(path):
    """Whether a name is that of a network: an ONNX file, a symbol's file, or a prefix."""
    return path.endswith((".onnx", "-symbol.json")) or os.path.exists(f"{path}-symbol.json")


def _epochs(prefix):
    found = glob.glob(glob.escape(prefix) + "-*.params")
    numbers = (re.fullmatch(r"-(\d{4,})\.params", name[len(prefix) :]) for name in found)
    return sorted(int(match[1]) for match in numbers if match)


def read_network(path, epoch=None, input_shapes=None):
    """Read a network.

    Args:
        path (str): An ONNX file, the prefix of a checkpoint (of a Module or an exported Gluon
            network), or its file ``PREFIX-symbol.json``.
        epoch (int): Number of the checkpoint; None is the last one.
        input_shapes (dict of str to tuple of int): For ONNX files, see `import_model`.

    Returns:
        Network: It.

    Raises:
        OSError, MXNetError: A file is missing or damaged.
    """
    if path.endswith(".onnx"):
        from ..onnx.reading import get_model_metadata, import_model

        inputs = get_model_metadata(path)["input_tensor_data"]
        shapes = {name: shape or (1,) for name, shape in inputs}
        shapes.update(input_shapes or {})
        return Network(*import_model(path, input_shapes), shapes)
    prefix = path[: -len("-symbol.json")] if path.endswith("-symbol.json") else path
    if epoch is None:
        epochs = _epochs(prefix)
        if not epochs:
            raise error.ValueError(
                f"convert: {prefix!r} has no file of parameters; {prefix}-0000.params, or of "
                "another epoch, is expected"
            )
        epoch = epochs[-1]
    symbol, args, auxs = load_checkpoint(prefix, epoch)
    shapes = {}
    for name, attributes in symbol.attr_dict().items():
        stored = re.findall(r"-?\d+", attributes.get("__shape__", ""))
        if stored and name not in args:
            shapes[name] = tuple(max(int(size), 0) for size in stored)
    return Network(symbol, args, auxs, shapes)


def write_network(path, network, epoch, shapes):
    """Write a network.

    Args:
        path (str): An ONNX file, or the prefix of a checkpoint.
        network (Network): It.
        epoch (int): Number of the checkpoint.
        shapes (dict of str to tuple of int): Shapes of the inputs, for ONNX files.

    Returns:
        list of str: The files.

    Raises:
        OSError, MXNetError: It cannot be written.
    """
    if not path.endswith(".onnx"):
        save_checkpoint(path, epoch, network.symbol, network.args, network.auxs)
        return [f"{path}-symbol.json", f"{path}-{epoch:04d}.params"]
    from ..onnx import export_model

    params, dtypes = {**network.args, **network.auxs}, network.input_dtypes()
    export_model(
        network.symbol,
        params,
        [shapes[name] for name in network.inputs],
        [dtypes[name] for name in network.inputs],
        path,
    )
    return [path]
