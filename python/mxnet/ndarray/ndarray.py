"""The array class and the functions that make and combine arrays."""

from .. import _core, _elsewhere
from .._core import NDArray, waitall
from . import _arithmetic, _creation, _exchange
from ._methods import ArrayMethods

__all__ = ["NDArray", "waitall", *_arithmetic.__all__, *_creation.__all__, *_exchange.__all__]

__getattr__ = _elsewhere.getter(
    __name__,
    {
        "_DTYPE_MX_TO_NP": "ndarray._numbers",
        "_DTYPE_NP_TO_MX": "ndarray._numbers",
        "_GRAD_REQ_MAP": "ndarray._numbers",
        "_STORAGE_TYPE_CSR": "ndarray._numbers",
        "_STORAGE_TYPE_DEFAULT": "ndarray._numbers",
        "_STORAGE_TYPE_ID_TO_STR": "ndarray._numbers",
        "_STORAGE_TYPE_ROW_SPARSE": "ndarray._numbers",
        "_STORAGE_TYPE_STR_TO_ID": "ndarray._numbers",
        "_STORAGE_TYPE_UNDEFINED": "ndarray._numbers",
    },
)

for _module in (_arithmetic, _creation, _exchange):
    globals().update((_name, getattr(_module, _name)) for _name in _module.__all__)

NDArray.__module__ = __name__
for _name, _value in vars(ArrayMethods).items():
    if _name not in ("__module__", "__doc__", "__dict__", "__weakref__", "__qualname__"):
        setattr(NDArray, _name, _value)
# As Python 2 called them; programs of that time name them.
NDArray.__div__, NDArray.__rdiv__ = NDArray.__truediv__, NDArray.__rtruediv__
NDArray.__idiv__ = NDArray.__itruediv__
NDArray.to_dlpack_for_read = _exchange.to_dlpack_for_read
NDArray.to_dlpack_for_write = _exchange.to_dlpack_for_write
for _name in _core.operator_methods():
    if _name not in vars(NDArray):
        setattr(NDArray, _name, _core.op_function(_name, _name, __name__))
