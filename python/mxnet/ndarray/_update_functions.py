"""Functions of `mx.nd.contrib` that update parameters: AdamW and LAMB, for one or several."""

from .. import _core, error
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


def adamw_update(
    weight,
    grad,
    mean,
    var,
    rescale_grad,
    lr,
    eta,
    beta1=0.9,
    beta2=0.999,
    epsilon=1e-8,
    wd=0,
    clip_gradient=-1,
    out=None,
    name=None,
    **kwargs,
):
    """AdamW (arXiv:1711.05101): Adam with weight decay apart from the gradient.

    Args:
        weight, grad, mean, var (NDArray): The parameter, its gradient and running means.
        rescale_grad (float or NDArray): Factor of the gradient; nothing is updated when it is 0 or
            not finite.
        lr, eta (float): Learning rate, and factor of the whole step.
        beta1, beta2, epsilon, wd, clip_gradient (float): As of `Adam`.
        out (NDArray): Where the new weight goes.
        name (str): Accepted.
        **kwargs: Further arguments of the operator.
    """
    options = {"lr": lr, "eta": eta, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "wd": wd}
    scale = _scale(rescale_grad, weight)
    return _operators["_adamw"](
        weight, grad, mean, var, scale, out=out, clip_gradient=clip_gradient, **options, **kwargs
    )


def mp_adamw_update(
    weight,
    grad,
    mean,
    var,
    weight32,
    rescale_grad,
    lr,
    eta,
    beta1=0.9,
    beta2=0.999,
    epsilon=1e-8,
    wd=0,
    clip_gradient=-1,
    out=None,
    name=None,
    **kwargs,
):
    """`adamw_update` of a half-precision weight with a copy in float32."""
    options = {"lr": lr, "eta": eta, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "wd": wd}
    inputs = (weight, grad, mean, var, weight32, _scale(rescale_grad, weight))
    return _operators["_mp_adamw"](
        *inputs, out=out, clip_gradient=clip_gradient, **options, **kwargs
    )


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
