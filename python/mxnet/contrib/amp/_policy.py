"""Which operators compute in which type: the lists of a type, with what the caller changed."""

import numpy as np

from ... import _core, error
from .lists import symbol_bf16, symbol_fp16

__all__ = ["lists_of", "policy_for", "type_name"]

_ALL_LISTS = """Can only choose ops from one of the lists for lp16_ops and fp32_ops
    1. amp.list_lp16_ops(target_dtype)
    2. amp.list_fp32_ops(target_dtype)
    3. amp.list_lp16_fp32_ops(target_dtype)
    4. amp.list_conditional_fp32_ops(target_dtype)"""


class _Lists:
    """The lists of one type under common names."""

    def __init__(self, module, prefix):
        self.low = getattr(module, f"{prefix}_FUNCS")
        self.either = getattr(module, f"{prefix}_FP32_FUNCS")
        self.float32 = module.FP32_FUNCS
        self.conditional = module.CONDITIONAL_FP32_FUNCS
        self.widest = module.WIDEST_TYPE_CASTS
        self.losses = module.LOSS_OUTPUT_FUNCTIONS
        self.use_float32_params = getattr(module, f"{prefix}_USE_FP32_PARAMS", None)


def type_name(target_dtype):
    """ "float16" or "bfloat16"; None for anything else."""
    if target_dtype is None:
        return None
    if isinstance(target_dtype, str):
        name = target_dtype
    else:
        dtype = np.dtype(target_dtype)
        name = dtype.names[0] if dtype.names else dtype.name
    return name if name in ("float16", "bfloat16") else None


def lists_of(target_dtype):
    """The lists of a type as they are now, programs may change them.

    Raises:
        AssertionError: It is neither float16 nor bfloat16.
    """
    name = type_name(target_dtype)
    if name is None:
        raise error.AssertionError(
            f"amp: target_dtype={target_dtype} is a not supported type; Only target_dtype float16 "
            "and bfloat16 are supported currently"
        )
    modules = {"float16": (symbol_fp16, "FP16"), "bfloat16": (symbol_bf16, "BF16")}
    return _Lists(*modules[name])


def _check_names(what, names):
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise error.AssertionError(f"amp: {what}={names!r}; {what} should be a list of strs")


def _check_conditions(conditions):
    for each in conditions:
        right = isinstance(each, (list, tuple)) and len(each) == 3
        if not (right and isinstance(each[0], str) and isinstance(each[1], str)):
            raise error.AssertionError(
                f"amp: conditional_fp32_ops holds {each!r}; conditional_fp32_ops should be a list "
                "of (str, str, list of str)"
            )
        _check_names("the values in conditional_fp32_ops", each[2])


def _check_disjoint(groups):
    """Refuse operators that are in two lists, which `groups` holds by name."""
    seen = {}
    for what, names in groups.items():
        for name in names:
            if seen.setdefault(name, what) != what:
                raise error.AssertionError(
                    f"amp: {name} is in {seen[name]} and in {what}; Ops cannot be in two or more "
                    f"lists. Common ops in {seen[name]} and {what} {{{name!r}}}"
                )


def policy_for(target_dtype, low=None, float32=None, conditional=None):
    """The policy of a type; None for a list means that of the type.

    An operator that one of the given lists names is in no other list.

    Args:
        target_dtype (str or type): float16 or bfloat16.
        low (list of str): Operators that compute in it.
        float32 (list of str): Operators that compute in float32.
        conditional (list of tuple): Operators that do for some values of a parameter.

    Raises:
        AssertionError: A list has another form, names an operator that no list has, or one that
            another list has as well.
    """
    lists = lists_of(target_dtype)
    known = {*lists.low, *lists.float32, *lists.either, *lists.widest}
    known.update(each[0] for each in lists.conditional)
    given = {
        "target_dtype_ops": lists.low if low is None else low,
        "fp32_ops": lists.float32 if float32 is None else float32,
    }
    for what, names in given.items():
        _check_names(what, names)
    conditions = lists.conditional if conditional is None else conditional
    _check_conditions(conditions)
    given["conditional_fp32_ops"] = [each[0] for each in conditions]
    for names in given.values():
        unknown = sorted(set(names) - known)
        if unknown:
            raise error.AssertionError(f"amp: {unknown} is in no list; {_ALL_LISTS}")
    _check_disjoint(given)
    return _core.CastPolicy.make(
        type_name(target_dtype),
        given["target_dtype_ops"],
        given["fp32_ops"],
        lists.widest,
        [(op, (parameter, list(values))) for op, parameter, values in conditions],
    )
