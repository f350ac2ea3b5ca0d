"""``export_model``: a network and its parameters as an ONNX file."""

import os

import numpy as np

from ... import error, ndarray, symbol
from ...libinfo import __version__
from ...log import logger
from ..package import onnx
from . import files
from .dtypes import code_of
from .source import Source, Type
from .translate import needed_nodes, translate
from .writer import Writer

OLDEST_OPSET = 13
# What most runtimes of today read; newer versions add nothing to most networks.
DEFAULT_OPSET = 18


def export_model(
    sym,
    params,
    in_shapes=None,
    in_types=np.float32,
    onnx_file_path="model.onnx",
    verbose=False,
    dynamic=False,
    dynamic_input_shapes=None,
    run_shape_inference=False,
    input_type=None,
    input_shape=None,
    large_model=False,
    opset_version=None,
):
    """Write a network as an ONNX file.

    Inputs and parameters keep their names; an output has that of its node, with a number behind it
    where the node has several. The file predicts: dropout is left out, batch
    norm uses its averages, and labels are no inputs.

    Args:
        sym (Symbol or str): The network, or the name of its file.
        params (dict of str to NDArray, list of dict, or str): Parameters and auxiliary states, with
            or without ``arg:`` and ``aux:`` before their names, or the name of their file.
        in_shapes (list of tuple): Shape of each input in the order of ``sym.list_inputs()``.
        in_types (dtype or list of dtype): Dtype of all inputs, or of each one.
        onnx_file_path (str): The file to write.
        verbose (bool): Whether to log what is written.
        dynamic (bool): Whether sizes of inputs may vary from run to run.
        dynamic_input_shapes (list of tuple): Shape of each input with None, or the name of the
            size, for each size that may vary; by default every first one is.
        run_shape_inference (bool): Whether to store the shapes of all values inside.
        input_type: Older name of `in_types`.
        input_shape: Older name of `in_shapes`.
        large_model (bool): Whether to keep parameters in a second file, ``<onnx_file_path>.data``,
            which models over 2 GB have in any case.
        opset_version (int): Version of ONNX's operators, from 13 on; 18 by default.

    Returns:
        str: `onnx_file_path`.

    Raises:
        NotImplementedError: An operator has no meaning in ONNX; the message names it and its node.
        ValueError: Shapes or types are missing or do not fit the network.

    Example:
        >>> mx.onnx.export_model("net-symbol.json", "net-0000.params", [(1, 3, 224, 224)],
        ...                      np.float32, "net.onnx")
    """
    opset = _opset(opset_version)
    sym = sym if isinstance(sym, symbol.Symbol) else symbol.load(sym)
    params = _parameters(params)
    inputs = _inputs(sym, params)
    shapes = _in_shapes(inputs, in_shapes if in_shapes is not None else input_shape)
    dtypes = _in_types(inputs, in_types if input_type is None else input_type)
    dims = _varying(shapes, dynamic, dynamic_input_shapes)
    trials = _Trials()
    types = {
        name: Type(trials.of(shape, varying), dtype)
        for name, shape, varying, dtype in zip(inputs, shapes, dims, dtypes)
    }
    known = {n: Type((a.shape,) * 2, np.dtype(a.dtype)) for n, a in params.items()}
    source = Source(sym, {**known, **types})
    model, constants = _build(source, params, dict(zip(inputs, dims)), types, opset)
    if verbose:
        logger.info(
            "export_model: %d nodes, %d parameters, opset %d",
            len(model.graph.node), len(constants), opset,
        )  # fmt: skip
    files.save(model, constants, os.fspath(onnx_file_path), large_model)
    if run_shape_inference:
        onnx.shape_inference.infer_shapes_path(os.fspath(onnx_file_path))
    return onnx_file_path


def _opset(version):
    newest = onnx.defs.onnx_opset_version()
    version = min(DEFAULT_OPSET, newest) if version is None else version
    if not OLDEST_OPSET <= version <= newest:
        raise error.ValueError(
            f"export_model: opset_version={version} cannot be written; a number from "
            f"{OLDEST_OPSET} to {newest} is expected"
        )
    return version


def _parameters(params):
    """All parameters in one dict by their names without ``arg:`` and ``aux:``."""
    if isinstance(params, (str, os.PathLike)):
        params = ndarray.load(os.fspath(params))
    groups = params if isinstance(params, (list, tuple)) else [params]
    if not all(isinstance(group, dict) for group in groups):
        raise error.TypeError(
            f"export_model: params is a {type(params).__name__}; the name of a file, a dict of "
            "arrays by name, or a list of such dicts is expected"
        )
    found = {}
    for group in groups:
        for key, array in group.items():
            prefix, _, rest = key.partition(":")
            if isinstance(array, np.ndarray):
                array = ndarray.array(array, dtype=array.dtype)
            array = array if array.stype == "default" else array.tostype("default")
            found[rest if prefix in ("arg", "aux") and rest else key] = array
    return found


def _inputs(sym, params):
    """Names of the variables that have no parameter and on which a prediction depends."""
    source = Source(sym, {})
    used = {source.nodes[number].name for number in needed_nodes(source)}
    names = [name for name in sym.list_inputs() if name not in params and name in used]
    auxiliary = [name for name in names if name in sym.list_auxiliary_states()]
    if auxiliary:
        raise error.ValueError(
            f"export_model: params has no {auxiliary[0]!r}; an array for every auxiliary state is "
            "expected"
        )
    return names


def _in_shapes(names, shapes):
    if shapes is None and not names:
        return []
    shapes = list(shapes) if isinstance(shapes, (list, tuple)) else []
    if len(names) != len(shapes):
        raise error.ValueError(
            f"export_model: in_shapes={shapes} has {len(shapes)} shapes; one for each input is "
            f"expected: {', '.join(names)} (params has no arrays of these names)"
        )
    return list(map(_sizes, shapes))


def _sizes(shape):
    """A shape whose numbers are Python's; other sizes, None or names, stay."""
    return tuple(int(size) if hasattr(size, "__index__") else size for size in shape)


def _in_types(names, types):
    types = list(types) if isinstance(types, (list, tuple)) else [types] * len(names)
    if len(names) != len(types):
        raise error.ValueError(
            f"export_model: in_types has {len(types)} dtypes; one, or one for each input, is "
            f"expected: {', '.join(names)}"
        )
    return [np.dtype(each) for each in types]


def _varying(shapes, dynamic, dynamic_shapes):
    """For each input its sizes, with None or a name for those that may vary."""
    if not dynamic:
        return shapes
    if dynamic_shapes is None:
        return [("batch", *shape[1:]) for shape in shapes]
    if [len(each) for each in dynamic_shapes] != [len(shape) for shape in shapes]:
        raise error.ValueError(
            f"export_model: dynamic_input_shapes={dynamic_shapes} do not fit in_shapes={shapes}; "
            "as many sizes for each input are expected"
        )
    return list(map(_sizes, dynamic_shapes))


class _Trials:
    """Two shapes for each input, which differ where sizes may vary.

    Each size that varies by itself grows by a factor of its own, so that the sizes inside of the
    network tell on which one they depend; sizes of one name grow alike.
    """

    def __init__(self):
        self._factors = {}

    def of(self, shape, dims):
        """The two shapes of an input."""
        sizes = [s if isinstance(s, int) and s > 0 else 1 for s in shape]
        other = [s if isinstance(d, int) and d > 0 else s * self._factor(d)
                 for s, d in zip(sizes, dims)]  # fmt: skip
        return tuple(sizes), tuple(other)

    def _factor(self, name):
        count = len(self._factors) + 2
        return self._factors.setdefault(name if isinstance(name, str) else object(), count)


def _build(source, params, dims, types, opset):
    """The ModelProto without parameters, and the parameters by name."""
    g = Writer(opset)
    names = {i: source.nodes[i].name for i in source.variables}
    for name in [*dims, *params]:
        g.reserve(name)
    heads = _head_names(source, g)
    for name, array in params.items():
        g.define(name, array)
    for name, kind in types.items():
        for axis, sizes in enumerate(zip(*kind.shapes)):
            if len(set(sizes)) > 1:
                g.name_size(sizes, name, axis)
    _check_heads(source)
    results = translate(source, g, names, heads)
    _name_outputs(g, results, heads)
    inputs = [_info(name, types[name].dtype, dims[name]) for name in dims]
    kinds = [source.nodes[number].types[output] for number, output in source.heads]
    outputs = [_info(name, kind.dtype, kind.dims) for name, kind in zip(heads, kinds)]
    graph = onnx.helper.make_graph(g.nodes, "remx", inputs, outputs)
    opsets = [onnx.helper.make_opsetid("", opset)]
    model = onnx.helper.make_model(
        graph,
        opset_imports=opsets,
        ir_version=onnx.helper.find_min_ir_version_for(opsets),
        producer_name="remx",
        producer_version=__version__,
    )
    if any(kind.dims is None for kind in kinds):
        _complete_outputs(model, g)
    return model, g.used_constants


def _head_names(source, g):
    """A name for each head; one that is an input or a parameter has its name already."""
    found = []
    for number, output in source.heads:
        name = source.name_of(number, output)
        is_variable = source.nodes[number].op == "null"
        own = is_variable and name not in found
        found.append(name if own or g.reserve(name) else g.new_name(name))
    return found


def _complete_outputs(model, g):
    """Lets ONNX tell the shapes of outputs that the network does not tell: those without axes."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    for name, value in g.used_constants.items():
        if isinstance(value, np.ndarray):  # axes and sizes; parameters are no NumPy arrays
            copy.graph.initializer.append(onnx.numpy_helper.from_array(value, name))
    inferred = onnx.shape_inference.infer_shapes(copy).graph
    for output, found in zip(model.graph.output, inferred.output):
        output.type.CopyFrom(found.type)


def _check_heads(source):
    """Sums of quantized layers are real numbers in a file, so that none may be an output."""
    for number, output in source.heads:
        node = source.nodes[number]
        if node.op.startswith("_contrib_quantized_") and node.types[output].dtype == np.int32:
            raise error.NotImplementedError(
                f"{node.op}: node {node.name!r} gives sums in int32, which ONNX has no layer for; "
                "dequantize or requantize them"
            )


def _name_outputs(g, results, names):
    """Gives the heads the names that the network has for them."""
    for result, name in zip(results, names):
        if result != name:
            g.nodes.append(onnx.helper.make_node("Identity", [g.read(result)], [name], name))
        elif g.is_constant(result):
            g.read(result)


def _info(name, dtype, dims):
    """Name, dtype and shape of an input or output of the model."""
    code = code_of(dtype)
    return onnx.helper.make_tensor_value_info(name, code, dims)
