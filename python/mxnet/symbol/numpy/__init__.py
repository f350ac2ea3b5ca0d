"""The functions of `mx.np` for symbols."""

from ._symbol import _Symbol as _Symbol
