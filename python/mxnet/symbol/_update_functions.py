"""Functions of `mx.sym.contrib` that update parameters: AdamW."""

from .. import _core
from .._core import Symbol
from ._creation import full

__all__ = ["adamw_update", "mp_adamw_update"]

_operators = {
    kind: _core.symbol_function(f"{kind}_update", kind, __name__)
    for kind in ("_adamw", "_mp_adamw")
}


def _scale(rescale_grad):
    """The factor of the gradient as a symbol of one element."""
    return rescale_grad if isinstance(rescale_grad, Symbol) else full((1,), rescale_grad)


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
    """AdamW, as `mx.nd.contrib.adamw_update`; `out` has no meaning for symbols."""
    options = {"lr": lr, "eta": eta, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "wd": wd}
    inputs = (weight, grad, mean, var, _scale(rescale_grad))
    return _operators["_adamw"](
        *inputs, name=name, clip_gradient=clip_gradient, **options, **kwargs
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
    """AdamW of a half-precision weight, as `mx.nd.contrib.mp_adamw_update`."""
    options = {"lr": lr, "eta": eta, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "wd": wd}
    inputs = (weight, grad, mean, var, weight32, _scale(rescale_grad))
    return _operators["_mp_adamw"](
        *inputs, name=name, clip_gradient=clip_gradient, **options, **kwargs
    )
