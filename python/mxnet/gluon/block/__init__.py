"""Blocks: layers and networks of them."""

from ... import _elsewhere
from .block import Block
from .hybrid_block import HybridBlock
from .symbol_block import SymbolBlock

__all__ = ["Block", "HybridBlock", "SymbolBlock"]

__getattr__ = _elsewhere.getter(
    __name__,
    {
        "HookHandle": "gluon.utils",
        "_flatten": "gluon.block.by_hand:flatten",
        "_regroup": "gluon.block.by_hand:regroup",
        "_BlockScope": "gluon.block.naming:BlockScope",
        "_indent": "gluon.block.block:indent",
        "_brief_print_list": "gluon.utils",
        "Parameter": "gluon.parameter",
        "ParameterDict": "gluon.parameter",
        "DeferredInitializationError": "gluon.parameter",
    },
)

for _class in (Block, HybridBlock, SymbolBlock):
    _class.__module__ = __name__
