"""In which type operators compute in mixed precision with bfloat16.

MXNet 1.9.1 has far fewer kernels for bfloat16 than for float16, so that its lists send almost all
to float32; converted networks have their casts at the same places.
"""

from .symbol_fp16 import (
    CONDITIONAL_FP32_FUNCS,
    FP16_FP32_FUNCS,
    FP16_FUNCS,
    LOSS_OUTPUT_FUNCTIONS,
)
from .symbol_fp16 import FP32_FUNCS as _FP32_OF_FP16
from .symbol_fp16 import WIDEST_TYPE_CASTS as _WIDEST_OF_FP16

__all__ = [
    "BF16_FP32_FUNCS",
    "BF16_FUNCS",
    "BF16_USE_FP32_PARAMS",
    "CONDITIONAL_FP32_FUNCS",
    "FP32_FUNCS",
    "LOSS_OUTPUT_FUNCTIONS",
    "WIDEST_TYPE_CASTS",
]

BF16_FUNCS = ["Convolution", "FullyConnected"]

# Right in either type.
BF16_FP32_FUNCS = """
BatchNorm BatchNormWithReLU Concat LRN Pooling _add _shuffle abs clip concat relu shuffle sqrt
square tanh
""".split()

# Parameters that stay float32 where the data are bfloat16.
BF16_USE_FP32_PARAMS = {
    "BatchNormWithReLU": ["", "gamma", "beta", "moving_mean", "moving_var"],
    "BatchNorm": ["", "gamma", "beta", "moving_mean", "moving_var"],
}

_UNLISTED = "CuDNNBatchNorm _TensorRT amp_cast amp_multicast".split()
_MULTIBOX = "_contrib_MultiBoxDetection _contrib_MultiBoxPrior _contrib_MultiBoxTarget".split()

FP32_FUNCS = [
    name
    for name in [*FP16_FUNCS, *FP16_FP32_FUNCS, *_FP32_OF_FP16, "broadcast_mul"]
    if name not in {*BF16_FUNCS, *BF16_FP32_FUNCS, *_UNLISTED, *_MULTIBOX}
]

WIDEST_TYPE_CASTS = [
    name
    for name in [*_WIDEST_OF_FP16, *_MULTIBOX]
    if name not in {"broadcast_mul", "Concat", "concat"} and "_interleaved_" not in name
]
