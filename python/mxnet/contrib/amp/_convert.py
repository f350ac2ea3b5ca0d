"""Networks of float32 made into networks of mixed precision."""

from ... import _core, error
from ...gluon import HybridBlock, SymbolBlock
from ...module import BucketingModule
from ...symbol import Symbol
from ._policy import lists_of, policy_for

__all__ = ["convert_bucketing_module", "convert_hybrid_block", "convert_model", "convert_symbol"]


def _check_symbol(what, sym):
    if not isinstance(sym, Symbol):
        raise error.AssertionError(
            f"amp.{what}: sym is of type {type(sym).__name__}; First argument to {what} should be "
            "Symbol"
        )


def convert_symbol(
    sym,
    target_dtype="float16",
    target_dtype_ops=None,
    fp32_ops=None,
    conditional_fp32_ops=None,
    excluded_sym_names=None,
    data_names=None,
    cast_optional_params=False,
):
    """A symbol with casts around its operators; the one that was given stays as it is.

    Args:
        sym (Symbol): A network of float32.
        target_dtype (str): The low precision: float16 or bfloat16.
        target_dtype_ops (list of str): Operators that compute in it.
        fp32_ops (list of str): Operators that compute in float32.
        conditional_fp32_ops (list of tuple): (operator, parameter, values) for which operators
            compute in float32.
        excluded_sym_names (list of str): Nodes that stay in float32.
        data_names (list of str): Variables that are no parameters; with them, the parameters get
            their types as attributes.
        cast_optional_params (bool): Whether parameters that are read in low precision alone are
            kept in it.

    Raises:
        AssertionError: A list is wrong.
    """
    _check_symbol("convert_symbol", sym)
    lists_of(target_dtype)
    excluded = [] if excluded_sym_names is None else excluded_sym_names
    for what, names in (("excluded_sym_names", excluded), ("data_names", data_names or [])):
        if not isinstance(names, (list, tuple)) or not all(isinstance(n, str) for n in names):
            raise error.AssertionError(
                f"amp.convert_symbol: {what}={names!r}; {what} should be a list of strs"
            )
    inputs = sym.list_inputs()
    for name in data_names or []:
        if name not in inputs:
            raise error.ValueError(
                f"amp.convert_symbol: data_names holds {name}, which is no argument of the symbol; "
                f"expected some of {', '.join(inputs)}"
            )
    policy = policy_for(target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops)
    parameters = [] if data_names is None else [n for n in inputs if n not in set(data_names)]
    return _core.convert_symbol(sym, policy, list(excluded), parameters, cast_optional_params)


def _cast_parameters(sym, arrays):
    """Parameters in the types that the symbol's variables say."""
    types = {str(_core.dtype_code(each)): each for each in ("float32", "float16", "bfloat16")}
    attributes = sym.attr_dict()
    result = {}
    for name, array in arrays.items():
        wanted = types.get(attributes.get(name, {}).get("__dtype__"))
        same = wanted is None or _core.same_dtype(array, wanted)
        result[name] = array if same else array.astype(wanted)
    return result


def convert_model(
    sym,
    arg_params,
    aux_params,
    target_dtype="float16",
    target_dtype_ops=None,
    fp32_ops=None,
    conditional_fp32_ops=None,
    excluded_sym_names=None,
    cast_optional_params=False,
):
    """A network and its parameters in mixed precision.

    Args:
        sym (Symbol): A network of float32.
        arg_params (dict of str to NDArray): Its parameters.
        aux_params (dict of str to NDArray): Its auxiliary states.
        target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops, excluded_sym_names,
            cast_optional_params: See `convert_symbol`.

    Returns:
        tuple: Symbol, parameters and auxiliary states.
    """
    _check_symbol("convert_model", sym)
    for place, arrays in (("Second", arg_params), ("Third", aux_params)):
        if not isinstance(arrays, dict):
            raise error.AssertionError(
                f"amp.convert_model: {place} argument to convert_model should be a dict of name "
                f"to ndarray; it is a {type(arrays).__name__}"
            )
    data_names = [n for n in sym.list_inputs() if n not in arg_params and n not in aux_params]
    converted = convert_symbol(
        sym,
        target_dtype,
        target_dtype_ops,
        fp32_ops,
        conditional_fp32_ops,
        excluded_sym_names,
        data_names,
        cast_optional_params,
    )
    return (
        converted,
        _cast_parameters(converted, arg_params),
        _cast_parameters(converted, aux_params),
    )


def convert_hybrid_block(
    block,
    target_dtype="float16",
    target_dtype_ops=None,
    fp32_ops=None,
    conditional_fp32_ops=None,
    excluded_sym_names=None,
    ctx=None,
    cast_optional_params=False,
):
    """A hybridized block in mixed precision.

    Args:
        block (HybridBlock): A block that ran since it was hybridized.
        target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops, excluded_sym_names,
            cast_optional_params: See `convert_symbol`.
        ctx (Context or list of Context): Where to put the parameters; None for where they are.

    Returns:
        SymbolBlock: The new block; it has parameters of its own.

    Raises:
        AssertionError: It is no hybrid block.
        MXNetError: It did not run yet.
    """
    if not isinstance(block, HybridBlock):
        raise error.AssertionError(
            f"amp.convert_hybrid_block: block is of type {type(block).__name__}; block input "
            "should be a HybridBlock"
        )
    graph = block._last_graph("convert_hybrid_block")
    inputs = [each.name for each in graph.inputs]
    converted = convert_symbol(
        graph.symbol,
        target_dtype,
        target_dtype_ops,
        fp32_ops,
        conditional_fp32_ops,
        excluded_sym_names,
        inputs,
        cast_optional_params,
    )
    parameters = block.collect_params()
    arrays = {name: parameters[name]._reduce() for name in parameters}
    result = SymbolBlock(converted, graph.inputs)
    own = result.collect_params()
    for name, array in _cast_parameters(converted, arrays).items():
        if name in own:
            own[name]._load_init(
                array,
                parameters[name].list_ctx() if ctx is None else ctx,
                cast_dtype=True,
                dtype_source="saved",
            )
    return result


def convert_bucketing_module(
    bucketing_mod,
    target_dtype="float16",
    target_dtype_ops=None,
    fp32_ops=None,
    conditional_fp32_ops=None,
    excluded_sym_names=None,
    cast_optional_params=False,
):
    """A bucketing module whose networks are in mixed precision.

    Args:
        bucketing_mod (BucketingModule): Has parameters.
        target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops, excluded_sym_names,
            cast_optional_params: See `convert_symbol`.

    Returns:
        BucketingModule: The new module, which is not bound.

    Raises:
        AssertionError: It is another kind of module, or has no parameters yet.
    """
    if not isinstance(bucketing_mod, BucketingModule):
        raise error.AssertionError(
            "amp.convert_bucketing_module: module is of type "
            f"{type(bucketing_mod).__name__}; expected a BucketingModule"
        )
    if not (bucketing_mod.binded and bucketing_mod.params_initialized):
        raise error.AssertionError(
            "amp.convert_bucketing_module: the module has no parameters yet; expected bind() and "
            "init_params() before"
        )
    arg_params, aux_params = bucketing_mod.get_params()

    def convert(sym):
        return convert_model(
            sym,
            arg_params,
            aux_params,
            target_dtype,
            target_dtype_ops,
            fp32_ops,
            conditional_fp32_ops,
            excluded_sym_names,
            cast_optional_params,
        )

    def sym_gen(bucket_key):
        sym, data_names, label_names = bucketing_mod._generate(bucket_key)
        return convert(sym)[0], data_names, label_names

    key = bucketing_mod._default_bucket_key
    _, arg_params, aux_params = convert(bucketing_mod._generate(key)[0])
    return BucketingModule.load_dict(
        sym_gen=sym_gen,
        default_bucket_key=key,
        arg_params=arg_params,
        aux_params=aux_params,
        **bucketing_mod._options,
    )
