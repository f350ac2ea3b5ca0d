"""Functions of `mx.nd.contrib` that update parameters: AdamW and LAMB, for one or several."""

from .. import _core, error
from .._adamw import adamw_functions
from .._core import NDArray
from ._creation import full

__all__ = [
    "adamw_update",
    "mp_adamw_update",
    "multi_adamw_update",
    "multi_mp_adamw_update",
    "multi_lamb_update",
    "multi_mp_lamb_update",
]

_KINDS = ("_adamw", "_mp_adamw", "_multi_adamw", "_multi_mp_adamw", "_multi_lamb", "_multi_mp_lamb")
_operators = {kind: _core.op_function(f"{kind}_update", kind, __name__) for kind in _KINDS}


def _scale(rescale_grad, like):
    """The factor of the gradient as an array of one element."""
    if isinstance(rescale_grad, NDArray):
        return rescale_grad
    return full((1,), rescale_grad, ctx=like.context)


def _groups(who, *lists):
    """Weight, gradient and states of each parameter, one parameter after the other."""
    if len({len(each) for each in lists}) != 1:
        sizes = ", ".join(str(len(each)) for each in lists)
        raise error.ValueError(f"{who}: lists of {sizes} arrays; equally many are expected of each")
    return [array for group in zip(*lists) for array in group]


def _apply_adamw(kind, inputs, rescale_grad, out, name, options):
    return _operators[kind](*inputs, _scale(rescale_grad, inputs[0]), out=out, **options)


adamw_update, mp_adamw_update = adamw_functions(_apply_adamw, __name__)


def multi_adamw_update(
    weights, grads, mean, var, rescale_grad, lrs, wds, etas, out=None, name=None, size=0, **kwargs
):
    """`adamw_update` for lists of weights, gradients and states."""
    inputs = _groups("multi_adamw_update", weights, grads, mean, var)
    options = {"lrs": lrs, "wds": wds, "etas": etas, "num_weights": size or len(weights)}
    scale = _scale(rescale_grad, weights[0])
    return _operators["_multi_adamw"](*inputs, scale, out=out, **options, **kwargs)


def multi_mp_adamw_update(
    weights,
    grads,
    mean,
    var,
    weights32,
    rescale_grad,
    lrs,
    wds,
    etas,
    out=None,
    name=None,
    size=0,
    **kwargs,
):
    """`mp_adamw_update` for lists of weights, gradients and states."""
    inputs = _groups("multi_mp_adamw_update", weights, grads, mean, var, weights32)
    options = {"lrs": lrs, "wds": wds, "etas": etas, "num_weights": size or len(weights)}
    scale = _scale(rescale_grad, weights[0])
    return _operators["_multi_mp_adamw"](*inputs, scale, out=out, **options, **kwargs)


def multi_lamb_update(
    weights, grads, mean, var, step_count, lrs, wds, out=None, num_tensors=0, **kwargs
):
    """LAMB (arXiv:1904.00962) for lists of weights, gradients and states."""
    inputs = _groups("multi_lamb_update", weights, grads, mean, var)
    options = {"learning_rates": lrs, "wds": wds, "num_tensors": num_tensors or len(weights)}
    return _operators["_multi_lamb"](*inputs, out=out, step_count=step_count, **options, **kwargs)


def multi_mp_lamb_update(
    weights, grads, mean, var, weights32, step_count, lrs, wds, out=None, num_tensors=0, **kwargs
):
    """`multi_lamb_update` of half-precision weights with copies in float32."""
    inputs = _groups("multi_mp_lamb_update", weights, grads, mean, var, weights32)
    options = {"learning_rates": lrs, "wds": wds, "num_tensors": num_tensors or len(weights)}
    return _operators["_multi_mp_lamb"](
        *inputs, out=out, step_count=step_count, **options, **kwargs
    )
