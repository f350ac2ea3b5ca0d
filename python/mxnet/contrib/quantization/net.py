"""Quantization of Gluon networks."""

import logging

from ... import cpu, error, initializer, io, ndarray, symbol
from ...gluon.block import HybridBlock, SymbolBlock
from . import model

__all__ = ["quantize_net", "quantize_net_v2"]


class LoaderIter(io.DataIter):
    """Batches of a DataLoader as an iterator of the Module kind: inputs, without labels.

    Args:
        loader (iterable): Gives arrays, or lists of them with the label last.
    """

    def __init__(self, loader):
        self._loader = loader
        first = self._arrays(next(iter(loader)))
        super().__init__(len(first[0]))
        names = [f"data{i}" for i in range(len(first))] if len(first) > 1 else ["data"]
        self.provide_data = [
            io.DataDesc(name, array.shape, array.dtype) for name, array in zip(names, first)
        ]
        self.provide_label = []
        self.reset()

    @staticmethod
    def _arrays(batch):
        arrays = list(batch) if isinstance(batch, (list, tuple)) else [batch]
        return [
            each if isinstance(each, ndarray.NDArray) else ndarray.array(each)
            for each in (arrays[:-1] if len(arrays) > 1 else arrays)
        ]

    def reset(self):
        self._batches = iter(self._loader)

    def next(self):
        arrays = self._arrays(next(self._batches))
        return io.DataBatch(arrays, pad=self.batch_size - len(arrays[0]))


def _as_iterator(calib_data):
    if isinstance(calib_data, io.DataIter):
        return calib_data
    try:
        return LoaderIter(calib_data)
    except (TypeError, AttributeError, IndexError, StopIteration) as problem:
        raise error.ValueError(
            f"quantize_net: calib_data={type(calib_data).__name__} gives no batches of arrays; "
            "expected a DataIter or a DataLoader"
        ) from problem


def _inputs_of(calib_data, data_shapes):
    """Names, shapes and dtypes of the network's inputs."""
    if calib_data is not None:
        return [io.DataDesc(*desc[:2]) for desc in calib_data.provide_data]
    if not data_shapes:
        raise error.ValueError(
            "quantize_net: data_shapes=None leaves the inputs unknown; expected shapes, or "
            "calib_data"
        )
    shapes = [getattr(each, "shape", each) for each in data_shapes]
    names = [f"data{i}" for i in range(len(shapes))] if len(shapes) > 1 else ["data"]
    return [io.DataDesc(name, tuple(shape)) for name, shape in zip(names, shapes)]


def _traced(network, inputs, ctx):
    """Symbol, parameters and states of a network."""
    network(*(ndarray.zeros(desc.shape, ctx, desc.dtype) for desc in inputs))  # infers shapes
    outputs = network(*(symbol.var(desc.name) for desc in inputs))
    sym = symbol.Group(outputs) if isinstance(outputs, (list, tuple)) else outputs
    states = set(sym.list_auxiliary_states())
    values = {name: each.data(ctx) for name, each in network.collect_params().items()}
    arg_params = {name: values[name] for name in sym.list_arguments() if name in values}
    return sym, arg_params, {name: values[name] for name in states}


def _excluded(sym, names, matches):
    """Nodes that are named, and those whose names contain one of `matches`."""
    inside = {each.name for each in sym.get_internals()}
    return list(names or ()) + [
        name for name in sorted(inside) if any(match in name for match in matches or ())
    ]


def quantize_net_v2(
    network,
    quantized_dtype="auto",
    quantize_mode="full",
    quantize_granularity="tensor-wise",
    exclude_layers=None,
    exclude_layers_match=None,
    exclude_operators=None,
    calib_data=None,
    data_shapes=None,
    calib_mode="none",
    num_calib_examples=None,
    ctx=None,
    LayerOutputCollector=None,  # noqa: N803
    logger=None,
):
    """Quantize a Gluon network.

    Args:
        network (HybridBlock): A network with parameters.
        exclude_layers (list of str): Names of nodes that stay in float32.
        exclude_layers_match (list of str): Parts of such names.
        exclude_operators (list of str): Operators that stay in float32.
        calib_data (DataIter or DataLoader): Examples, for all modes but 'none'.
        data_shapes (list of DataDesc or tuple): Shapes of the inputs, where `calib_data` does not
            tell them.
        calib_mode (str): 'none', 'naive', 'entropy', or 'customize' with `LayerOutputCollector`.
        num_calib_examples (int): How many examples; None for all.
        ctx (Context): Where the parameters are, and where calibration runs; None for mx.cpu().
        quantized_dtype, quantize_mode, quantize_granularity, LayerOutputCollector, logger: As for
            `quantize_graph`.

    Returns:
        SymbolBlock: The quantized network.

    Raises:
        ValueError: An argument is not known, or the inputs are not.
    """
    if not isinstance(network, HybridBlock):
        raise error.ValueError(
            f"quantize_net: network={type(network).__name__} has no graph; expected a HybridBlock"
        )
    ctx = ctx or cpu()
    data = None if calib_data is None else _as_iterator(calib_data)
    inputs = _inputs_of(data, data_shapes)
    sym, arg_params, aux_params = _traced(network, inputs, ctx)
    names = _excluded(sym, exclude_layers, exclude_layers_match)
    qsym, qarg_params, aux_params, collector = model.quantize_graph(
        sym,
        arg_params,
        aux_params,
        ctx,
        names,
        exclude_operators,
        calib_mode,
        quantized_dtype,
        quantize_mode,
        quantize_granularity,
        LayerOutputCollector,
        logger,
    )
    if collector is not None:
        if data is None:
            raise error.ValueError(
                f"quantize_net: calib_data=None gives no ranges; expected examples for "
                f"calib_mode={calib_mode}"
            )
        arguments = (sym, arg_params, aux_params, collector, data, (), ctx)
        count = model.collect_outputs(*arguments, num_calib_examples)
        if logger:
            logger.info("collected outputs of %d examples", count)
        qsym, qarg_params, aux_params = model.calib_graph(
            qsym, arg_params, aux_params, collector, calib_mode, quantized_dtype, logger or logging
        )
    return _as_block(qsym, {**qarg_params, **aux_params}, inputs, ctx)


def _as_block(sym, values, inputs, ctx):
    block = SymbolBlock(sym, [symbol.var(desc.name) for desc in inputs])
    for name, parameter in block.collect_params().items():
        parameter.grad_req = "null"
        parameter.shape = values[name].shape
        parameter.dtype = values[name].dtype
        parameter.initialize(initializer.Zero(), ctx=ctx)  # no draws: they may be of int8
        parameter.set_data(values[name])
    return block


def quantize_net(
    network,
    quantized_dtype="auto",
    quantize_mode="full",
    exclude_layers=None,
    exclude_layers_match=None,
    exclude_operators=None,
    calib_data=None,
    data_shapes=None,
    calib_mode="none",
    num_calib_examples=None,
    ctx=None,
    logger=None,
):
    """`quantize_net_v2` with one range for each tensor."""
    return quantize_net_v2(
        network,
        quantized_dtype,
        quantize_mode,
        "tensor-wise",
        exclude_layers,
        exclude_layers_match,
        exclude_operators,
        calib_data,
        data_shapes,
        calib_mode,
        num_calib_examples,
        ctx,
        None,
        logger,
    )
