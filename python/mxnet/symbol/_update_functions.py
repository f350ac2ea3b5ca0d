"""Functions of `mx.sym.contrib` that update parameters: AdamW."""

from .. import _core
from .._adamw import adamw_functions
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


def _apply_adamw(kind, inputs, rescale_grad, out, name, options):
    return _operators[kind](*inputs, _scale(rescale_grad), name=name, **options)


adamw_update, mp_adamw_update = adamw_functions(_apply_adamw, __name__)
