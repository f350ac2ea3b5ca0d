"""Networks out of ONNX files."""

from .files import open_model
from .graph import declared
from .network import inputs_of, read_network

__all__ = ["import_model", "import_to_gluon", "get_model_metadata"]


def import_model(model_file, input_shapes=None):
    """Read an ONNX file.

    Args:
        model_file (str, os.PathLike, bytes or onnx.ModelProto): Name or contents of the file.
        input_shapes (dict of str to tuple of int): Shapes of inputs in place of those that the file
            declares; for networks whose operators need sizes that the file leaves open.

    Returns:
        tuple: The symbol, its parameters and its auxiliary states (dicts of str to NDArray). Inputs
        and outputs without axes have the shape (1,).

    Raises:
        ImportError: The package ``onnx`` is missing.
        OSError: The file cannot be read.
        MXNetError: The file is damaged, or has what cannot be translated.
    """
    network = read_network(open_model(model_file), input_shapes)
    if network.symbol is None:
        from ... import error

        raise error.ValueError(
            "import_model: no output has elements; a network that computes something is expected"
        )
    return network.symbol, network.args, network.auxs


def import_to_gluon(model_file, ctx, input_shapes=None):
    """Read an ONNX file into a Gluon network.

    Args:
        model_file (str, os.PathLike, bytes or onnx.ModelProto): Name or contents of the file.
        ctx (Context or list of Context): Where its parameters are.
        input_shapes (dict of str to tuple of int): See `import_model`.

    Returns:
        SymbolBlock: The network.

    Raises:
        ImportError: The package ``onnx`` is missing.
        OSError: The file cannot be read.
        MXNetError: The file is damaged, or has what cannot be translated.
    """
    from ... import symbol as sym
    from ...gluon import SymbolBlock

    network = read_network(open_model(model_file), input_shapes)
    variables = [sym.var(name) for name in network.inputs]
    net = SymbolBlock(network.symbol, variables)
    parameters = net.collect_params()
    for group in (network.args, network.auxs):
        for name, array in group.items():
            parameters[name].shape = array.shape
            parameters[name].dtype = array.dtype
            parameters[name].initialize(ctx=ctx)
            parameters[name].set_data(array)
    return net


def get_model_metadata(model_file):
    """Names and shapes of the inputs and outputs of an ONNX file.

    Args:
        model_file (str, os.PathLike, bytes or onnx.ModelProto): Name or contents of the file.

    Returns:
        dict: ``input_tensor_data`` and ``output_tensor_data``, lists of pairs of a name and a
        shape, in which 0 is a size that the file leaves open.

    Raises:
        ImportError: The package ``onnx`` is missing.
        OSError: The file cannot be read.
        MXNetError: The file is damaged.
    """
    graph = open_model(model_file).graph
    return {
        "input_tensor_data": [_name_and_shape(info) for info in inputs_of(graph)],
        "output_tensor_data": [_name_and_shape(info) for info in graph.output],
    }


def _name_and_shape(info):
    shape, _ = declared(info)
    return info.name, tuple(size if isinstance(size, int) else 0 for size in shape or ())
