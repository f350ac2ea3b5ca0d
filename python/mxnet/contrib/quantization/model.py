"""Quantization of symbols with their parameters."""

import logging

from ... import cpu, error, io, ndarray, symbol
from ...io import DataIter
from ...module import Module
from . import calibration, graph

__all__ = ["quantize_model", "quantize_model_mkldnn", "quantize_graph", "calib_graph"]

_DTYPES = ("int8", "uint8", "auto")
_MODES = ("none", "naive", "entropy", "customize")
_SUFFIX = "_quantize"


def _check(name, value, known):
    if value not in known:
        raise error.ValueError(
            f"quantization: {name}={value} is not known; expected {', '.join(known)}"
        )


def _names(name, value):
    """A list of names, for None an empty one."""
    if value is None:
        return []
    if isinstance(value, str) or not all(isinstance(each, str) for each in value):
        raise error.ValueError(
            f"quantization: {name}={value!r} is no list; expected names in a list"
        )
    return list(value)


def _loaded_symbol(sym):
    return symbol.load(sym) if isinstance(sym, str) else sym


def _quantized_parameters(qsym, params):
    """Values of the quantized symbol's variables, as far as `params` tells them.

    Weights and biases become int8, with their ranges beside them.
    """
    quantized = {}
    for name in qsym.list_arguments():
        if name in params:
            quantized[name] = params[name]
        elif name.endswith(_SUFFIX) and name.removesuffix(_SUFFIX) in params:
            value = params[name.removesuffix(_SUFFIX)].astype("float32")
            ends = ndarray.min(value).reshape((1,)), ndarray.max(value).reshape((1,))
            arrays = ndarray.contrib.quantize(value, *ends, out_type="int8")
            quantized.update(zip((name, f"{name}_min", f"{name}_max"), arrays))
    return quantized


def _collector_for(calib_mode, quantized_dtype, given, logger):
    if calib_mode == "customize":
        if not hasattr(given, "collect"):
            raise error.ValueError(
                f"quantization: LayerOutputCollector={given!r} has no collect; expected an object "
                "like CalibrationCollector for calib_mode=customize"
            )
        return given
    if calib_mode == "entropy":
        return calibration.LayerHistogramCollector(logger=logger)
    if calib_mode == "naive":
        return calibration.LayerOutputMinMaxCollector(quantized_dtype, logger=logger)
    return None


def quantize_graph(
    sym,
    arg_params,
    aux_params,
    ctx=None,
    excluded_sym_names=None,
    excluded_op_names=None,
    calib_mode="entropy",
    quantized_dtype="int8",
    quantize_mode="full",
    quantize_granularity="tensor-wise",
    LayerOutputCollector=None,  # noqa: N803
    logger=None,
):
    """Quantize a symbol and its parameters; ranges come later, by `calib_graph`.

    Args:
        sym (Symbol): A network in float32.
        arg_params, aux_params (dict of str to NDArray): Its parameters and states.
        ctx (Context): Accepted as in MXNet 1.9.1.
        excluded_sym_names (list of str): Names of nodes that stay in float32.
        excluded_op_names (list of str): Operators that stay in float32.
        calib_mode (str): 'none', 'naive', 'entropy' or 'customize'.
        quantized_dtype (str): 'int8', 'uint8', or 'auto' for uint8 where a range has no negative
            numbers.
        quantize_mode (str): 'full' or 'smart', see `graph.quantize_symbol`.
        quantize_granularity (str): 'tensor-wise' or 'channel-wise'. Operators of plain symbols have
            one range for a tensor, so that both are the same.
        LayerOutputCollector (CalibrationCollector): For 'customize'.
        logger (logging.Logger): For what is done.

    Returns:
        tuple: The quantized symbol, its parameters, its states, and the collector that must see the
        outputs of `sym` (None for 'none').

    Raises:
        ValueError: An argument is not known.
    """
    names = _names("excluded_sym_names", excluded_sym_names)
    operators = _names("excluded_op_names", excluded_op_names)
    _check("calib_mode", calib_mode, _MODES)
    _check("quantized_dtype", quantized_dtype, _DTYPES)
    _check("quantize_mode", quantize_mode, ("full", "smart"))
    _check("quantize_granularity", quantize_granularity, ("tensor-wise", "channel-wise"))
    collector = _collector_for(calib_mode, quantized_dtype, LayerOutputCollector, logger)
    qsym, wanted = graph.quantize_symbol(
        sym, names, operators, arg_params, quantized_dtype, quantize_mode
    )
    if collector is not None:
        collector.include_layer = wanted
    if logger:
        logger.info("quantized the symbol; %d ranges to find", len(wanted))
    return qsym, _quantized_parameters(qsym, arg_params), aux_params, collector


def calib_graph(
    qsym,
    arg_params,
    aux_params,
    collector,
    calib_mode="entropy",
    quantized_dtype="int8",
    logger=logging,
):
    """Write the ranges that a collector saw into a quantized symbol.

    Args:
        qsym (Symbol): From `quantize_graph`.
        arg_params, aux_params (dict of str to NDArray): Parameters, of the network in float32 or
            quantized ones.
        collector (CalibrationCollector): From `quantize_graph`, having seen outputs.
        calib_mode (str): 'naive', 'entropy' or 'customize'.
        quantized_dtype (str): As for `quantize_graph`.
        logger (logging.Logger): For what is found.

    Returns:
        tuple: Symbol, parameters and states.

    Raises:
        ValueError: `calib_mode` is none of these.
    """
    _check("calib_mode", calib_mode, _MODES[1:])
    if calib_mode == "entropy":
        ranges = calibration.optimal_thresholds(collector.hist_dict, quantized_dtype, logger=logger)
    else:
        ranges = collector.min_max_dict
    qsym = graph.calibrated_symbol(qsym, ranges)
    return qsym, _quantized_parameters(qsym, arg_params), aux_params


def collect_outputs(sym, arg_params, aux_params, collector, data, label_names, ctx, limit=None):
    """Run a network on batches of an iterator and show each output to a collector.

    Args:
        sym (Symbol): The network in float32.
        collector (CalibrationCollector): What sees the outputs.
        data (DataIter): Batches; read from its beginning.
        label_names (sequence of str): Names of labels, which are not needed.
        ctx (Context): Where it runs.
        limit (int): How many examples to run at least; None for all.

    Returns:
        int: How many were run.
    """
    labels = [name for name in label_names or () if name in sym.list_arguments()]
    module = Module(
        sym,
        [desc[0] for desc in data.provide_data],
        labels or None,
        context=ctx or cpu(),
        logger=logging,
    )
    module.bind(data.provide_data, (data.provide_label or None) if labels else None, False)
    module.set_params(arg_params, aux_params)
    for executor in module._exec_group.execs:
        executor.set_monitor_callback(collector.collect, monitor_all=True)
    data.reset()
    count = 0
    for batch in data:
        module.forward(io.DataBatch(batch.data, batch.label if labels else None), is_train=False)
        for output in module.get_outputs():
            output.wait_to_read()
        count += data.batch_size - (batch.pad or 0) if limit is None else data.batch_size
        if limit is not None and count >= limit:
            break
    return count


def quantize_model(
    sym,
    arg_params,
    aux_params,
    data_names=("data",),
    label_names=("softmax_label",),
    ctx=None,
    excluded_sym_names=None,
    excluded_op_names=None,
    calib_mode="entropy",
    calib_data=None,
    num_calib_examples=None,
    quantized_dtype="int8",
    quantize_mode="smart",
    quantize_granularity="tensor-wise",
    logger=None,
):
    """Quantize a network: its symbol, its parameters, and the ranges of its outputs.

    Args:
        sym (Symbol or str): A network in float32, or its file.
        arg_params, aux_params (dict of str to NDArray): Its parameters and states.
        data_names, label_names (sequence of str): Names of its inputs.
        ctx (Context): Where calibration runs; None for mx.cpu().
        calib_mode (str): 'none': ranges are those of each batch; 'naive': least and greatest
            element of the calibration data; 'entropy': what loses least of their distribution.
        calib_data (DataIter): Examples, for all modes but 'none'.
        num_calib_examples (int): How many of them; None for all.
        excluded_sym_names, excluded_op_names, quantized_dtype, quantize_mode,
            quantize_granularity, logger: As for `quantize_graph`.

    Returns:
        tuple: Quantized symbol, parameters and states, for `save_checkpoint` or a Module.

    Raises:
        ValueError: An argument is not known, or `calib_data` is missing or of another type.
    """
    sym = _loaded_symbol(sym)
    _check("calib_mode", calib_mode, _MODES[:3])
    if calib_mode != "none" and not isinstance(calib_data, DataIter):
        raise error.ValueError(
            f"quantize_model: calib_data={type(calib_data).__name__} is no iterator; expected a "
            f"DataIter for calib_mode={calib_mode}"
        )
    qsym, qarg_params, aux_params, collector = quantize_graph(
        sym,
        arg_params,
        aux_params,
        ctx,
        excluded_sym_names,
        excluded_op_names,
        calib_mode,
        quantized_dtype,
        quantize_mode,
        quantize_granularity,
        logger=logger,
    )
    if collector is None:
        return qsym, qarg_params, aux_params
    arguments = (sym, arg_params, aux_params, collector, calib_data, label_names, ctx)
    count = collect_outputs(*arguments, num_calib_examples)
    if logger:
        logger.info("collected outputs of %d examples", count)
    return calib_graph(qsym, arg_params, aux_params, collector, calib_mode, quantized_dtype, logger)


def quantize_model_mkldnn(
    sym,
    arg_params,
    aux_params,
    data_names=("data",),
    label_names=("softmax_label",),
    ctx=None,
    excluded_sym_names=None,
    excluded_op_names=None,
    calib_mode="entropy",
    calib_data=None,
    num_calib_examples=None,
    quantized_dtype="int8",
    quantize_mode="smart",
    quantize_granularity="tensor-wise",
    logger=None,
):
    """`quantize_model` for CPUs. The inference compiler fuses when the symbol is bound.

    Raises:
        ValueError: As `quantize_model`, or `ctx` is no CPU.
    """
    if (ctx or cpu()).device_type != "cpu":
        raise error.ValueError(f"quantize_model_mkldnn: ctx={ctx} is no CPU; expected mx.cpu()")
    return quantize_model(
        sym,
        arg_params,
        aux_params,
        data_names,
        label_names,
        ctx,
        excluded_sym_names,
        excluded_op_names,
        calib_mode,
        calib_data,
        num_calib_examples,
        quantized_dtype,
        quantize_mode,
        quantize_granularity,
        logger,
    )
