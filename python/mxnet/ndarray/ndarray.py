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

# Methods that are operators with the array as their first input.
_OPERATOR_METHODS = """abs arccos arccosh arcsin arcsinh arctan arctanh argmax argmax_channel argmin
    argsort broadcast_axes cbrt ceil clip cos cosh degrees depth_to_space diag exp expm1
    fix flip floor log log10 log1p log2 log_softmax max mean min nanprod nansum norm one_hot
    ones_like pad pick prod radians rcbrt reciprocal relu repeat reshape_like rint round rsqrt
    shape_array sigmoid sign sin sinh size_array slice slice_axis slice_like softmax softmin sort
    space_to_depth split sqrt square sum swapaxes take tan tanh tile topk transpose trunc
    zeros_like""".split()

NDArray.__module__ = __name__
for _name, _value in vars(ArrayMethods).items():
    if _name not in ("__module__", "__doc__", "__dict__", "__weakref__", "__qualname__"):
        setattr(NDArray, _name, _value)
NDArray.to_dlpack_for_read = _exchange.to_dlpack_for_read
NDArray.to_dlpack_for_write = _exchange.to_dlpack_for_write
for _name in _OPERATOR_METHODS:
    setattr(NDArray, _name, _core.op_function(_name, _name, __name__))
