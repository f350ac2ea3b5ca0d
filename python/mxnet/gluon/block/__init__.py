"""Blocks: layers and networks of them."""

from .block import Block
from .hybrid_block import HybridBlock
from .symbol_block import SymbolBlock

__all__ = ["Block", "HybridBlock", "SymbolBlock"]

for _class in (Block, HybridBlock, SymbolBlock):
    _class.__module__ = __name__
