"""A whole model as a symbol with its parameters."""

from ... import error
from ... import ndarray as nd
from ... import symbol as sym
from .builder import Builder
from .dtypes import to_storage
from .files import open_model
from .graph import GraphReader, declared
from .node import NotConstantError
from .values import Size, Value

__all__ = ["Network", "read_network", "inputs_of"]


class Network:
    """What a model became.

    Attributes:
        symbol (Symbol): Its outputs that are computed; None if all are constants.
        args, auxs (dict of str to NDArray): Parameters and auxiliary states.
        outputs (dict of str to Value): All outputs by name, in order.
        computed (list of str): Names of the outputs that are those of the symbol.
        inputs (list of str): Names of the inputs that the caller brings.
    """

    def __init__(self, builder, inputs, outputs):
        self.inputs = inputs
        self.outputs = outputs
        self.computed = [name for name, value in outputs.items() if not value.is_empty]
        symbols = [_output_symbol(builder, name, outputs[name]) for name in self.computed]
        self.symbol = sym.Group(symbols) if len(symbols) > 1 else next(iter(symbols), None)
        self.args, self.auxs = {}, {}
        if self.symbol is not None:
            for names, group in (
                (self.symbol.list_arguments(), self.args),
                (self.symbol.list_auxiliary_states(), self.auxs),
            ):
                for name in names:
                    if name in builder.parameters:
                        array = builder.parameters[name]
                        group[name] = nd.array(array, dtype=array.dtype)


def _output_symbol(builder, name, value):
    symbol = builder.symbol_of(value)
    if symbol.name in builder.variables:
        # An input or a constant that is an output, too: an executor has outputs of operators.
        symbol = sym.identity(symbol, name=builder.unique_name(name))
    return symbol


def inputs_of(graph):
    """The inputs that have no initializer."""
    initialized = {tensor.name for tensor in graph.initializer}
    return [info for info in graph.input if info.name not in initialized]


def read_network(model, input_shapes=None, constants=None):
    """Translate a model.

    Args:
        model (str, bytes, ModelFile or onnx.ModelProto): The model.
        input_shapes (dict of str to tuple of int): Shapes of inputs in place of the declared ones.
        constants (dict of str to numpy.ndarray): Inputs that are constants.

    Returns:
        Network: The network.

    Raises:
        MXNetError: The model is damaged, or has what cannot be translated.
    """
    model = model if hasattr(model, "opsets") else open_model(model)
    model.restart()
    builder = Builder()
    reader = GraphReader(model, builder, model.opsets)
    named, inputs, values = {}, [], {}
    infos = inputs_of(model.graph)
    _check_names(input_shapes, infos)
    _check_different([info.name for info in infos], "an input")
    for info in infos:
        shape, dtype = declared(info)
        given = (input_shapes or {}).get(info.name)
        shape = tuple(given) if given is not None else _open_sizes(shape, named, info.name)
        if constants and info.name in constants:
            array = to_storage(constants[info.name], dtype)
            values[info.name] = Value.constant(array, dtype, info.name)
        elif 0 in shape:
            from .graph import empty_value

            values[info.name] = empty_value(shape, dtype)
        else:
            values[info.name] = builder.variable(info.name, shape, dtype)
            inputs.append(info.name)
    names = [info.name for info in model.graph.output]
    _check_different(names, "an output")
    try:
        results = reader.read(model.graph, values)
    except NotConstantError:
        raise
    except error.MXNetError as cause:
        # Names in the file may hold anything; an error is one line.
        if "\n" not in str(cause):
            raise
        raise type(cause)(" ".join(str(cause).split())) from cause
    return Network(builder, inputs, dict(zip(names, results)))


def _check_different(names, what):
    seen = set()
    for name in names:
        if name in seen:
            raise error.ValueError(
                f"import_model: {name!r} is {what} more than once; different names are expected"
            )
        seen.add(name)


def _check_names(input_shapes, infos):
    names = [info.name for info in infos]
    for name in input_shapes or ():
        if name not in names:
            raise error.ValueError(
                f"import_model: input_shapes={name!r} is no input; one of {names} is expected"
            )


def _open_sizes(shape, named, name):
    """A declared shape with an open size for each name."""
    if shape is None:
        raise error.ValueError(
            f"import_model: {name!r} is declared without a shape; input_shapes with it is expected"
        )
    sizes = []
    for size in shape:
        if isinstance(size, int):
            sizes.append(size)
        else:
            sizes.append(named.setdefault(size, Size.new()) if size else Size.new())
    return tuple(sizes)
