"""The rows of the table of 16 million floats: inputs, what each program does, bytes that move.

The same names as `kernel_inputs.py` and the functions of `work_kernels.py` have for theirs.
"""

from __future__ import annotations

SIDE = 4096
_MATRIX = SIDE * SIDE * 4  # bytes

INPUTS = {
    "copy": lambda m: [m.normal(SIDE, SIDE)],
    "x * 2 + 1": lambda m: [m.normal(SIDE, SIDE)],
    "exp": lambda m: [m.normal(SIDE, SIDE)],
    "tanh": lambda m: [m.normal(SIDE, SIDE)],
    "sum axis=0": lambda m: [m.normal(SIDE, SIDE)],
    "sum axis=1": lambda m: [m.normal(SIDE, SIDE)],
    "softmax": lambda m: [m.normal(SIDE, SIDE)],
    "softmax bwd": lambda m: [m.normal(SIDE, SIDE)],
    "log_softmax": lambda m: [m.normal(SIDE, SIDE)],
    "log_softmax bwd": lambda m: [m.normal(SIDE, SIDE)],
    "layer_norm": lambda m: [m.normal(SIDE, SIDE), m.normal(SIDE), m.normal(SIDE)],
    "layer_norm bwd": lambda m: [m.normal(SIDE, SIDE), m.normal(SIDE), m.normal(SIDE)],
    "transpose": lambda m: [m.normal(SIDE, SIDE)],
    "broadcast add of a row": lambda m: [m.normal(SIDE, SIDE), m.normal(1, SIDE)],
    "broadcast add of a column": lambda m: [m.normal(SIDE, SIDE), m.normal(SIDE, 1)],
    "concat of 4": lambda m: [m.normal(SIDE, SIDE // 4) for _ in range(4)],
    "take of 16384 rows": lambda m: [m.normal(16384, 1024), m.integers(16384, 16384)],
    "one_hot of 128": lambda m: [m.integers(128, SIDE * SIDE // 128)],
    "embedding bwd": lambda m: [m.normal(16384, 1024), m.integers(16384, 16384)],
    "where": lambda m: [m.normal(SIDE, SIDE) > 0, m.normal(SIDE, SIDE), m.normal(SIDE, SIDE)],
    "cumsum axis=0": lambda m: [m.normal(SIDE, SIDE)],
    "cumsum axis=1": lambda m: [m.normal(SIDE, SIDE)],
    "sort": lambda m: [m.normal(SIDE, SIDE)],
    "argsort": lambda m: [m.normal(SIDE, SIDE)],
    "topk of 10": lambda m: [m.normal(SIDE, SIDE)],
}

# Arrays read and written by rows that are bound by memory, in bytes.
BYTES = {
    "copy": 2 * _MATRIX,
    "x * 2 + 1": 4 * _MATRIX,
    "exp": 2 * _MATRIX,
    "tanh": 2 * _MATRIX,
    "sum axis=0": _MATRIX,
    "sum axis=1": _MATRIX,
    "softmax": 2 * _MATRIX,
    "softmax bwd": 3 * _MATRIX,
    "log_softmax": 2 * _MATRIX,
    "log_softmax bwd": 3 * _MATRIX,
    "layer_norm": 2 * _MATRIX,
    "layer_norm bwd": 3 * _MATRIX,
    "transpose": 2 * _MATRIX,
    "broadcast add of a row": 2 * _MATRIX,
    "broadcast add of a column": 2 * _MATRIX,
    "concat of 4": 2 * _MATRIX,
    "take of 16384 rows": 2 * _MATRIX,
    "one_hot of 128": _MATRIX,
    "embedding bwd": 2 * _MATRIX,
    "where": 4 * _MATRIX,
    "cumsum axis=0": 2 * _MATRIX,
    "cumsum axis=1": 2 * _MATRIX,
}


def mxnet_calls():
    import mxnet as mx

    nd = mx.nd
    place = nd.zeros((SIDE, SIDE))  # fresh memory would cost more than the copy
    return {
        "copy": lambda x: x.copyto(place),
        "x * 2 + 1": lambda x: x * 2 + 1,
        "exp": nd.exp,
        "tanh": nd.tanh,
        "sum axis=0": lambda x: nd.sum(x, axis=0),
        "sum axis=1": lambda x: nd.sum(x, axis=1),
        "softmax": nd.softmax,
        "softmax bwd": nd.softmax,
        "log_softmax": nd.log_softmax,
        "log_softmax bwd": nd.log_softmax,
        "layer_norm": nd.LayerNorm,
        "layer_norm bwd": nd.LayerNorm,
        "transpose": nd.transpose,
        "broadcast add of a row": nd.broadcast_add,
        "broadcast add of a column": nd.broadcast_add,
        "concat of 4": lambda *xs: nd.concat(*xs, dim=1),
        "take of 16384 rows": nd.take,
        "one_hot of 128": lambda i: nd.one_hot(i, 128),
        "embedding bwd": lambda w, i: nd.Embedding(i, w, input_dim=16384, output_dim=1024),
        "where": nd.where,
        "cumsum axis=0": lambda x: nd.cumsum(x, axis=0),
        "cumsum axis=1": lambda x: nd.cumsum(x, axis=1),
        "sort": nd.sort,
        "argsort": nd.argsort,
        "topk of 10": lambda x: nd.topk(x, k=10),
    }


def torch_calls():
    import torch
    from torch.nn import functional as nn

    def layer_norm(x, g, b):
        return nn.layer_norm(x, (SIDE,), g, b)

    place = torch.zeros(SIDE, SIDE)
    return {
        "copy": place.copy_,
        "x * 2 + 1": lambda x: x * 2 + 1,
        "exp": torch.exp,
        "tanh": torch.tanh,
        "sum axis=0": lambda x: x.sum(0),
        "sum axis=1": lambda x: x.sum(1),
        "softmax": lambda x: x.softmax(-1),
        "softmax bwd": lambda x: x.softmax(-1),
        "log_softmax": lambda x: x.log_softmax(-1),
        "log_softmax bwd": lambda x: x.log_softmax(-1),
        "layer_norm": layer_norm,
        "layer_norm bwd": layer_norm,
        "transpose": lambda x: x.t().contiguous(),
        "broadcast add of a row": torch.add,
        "broadcast add of a column": torch.add,
        "concat of 4": lambda *xs: torch.cat(xs, 1),
        "take of 16384 rows": lambda x, i: x.index_select(0, i),
        "one_hot of 128": lambda i: nn.one_hot(i, 128).float(),
        "embedding bwd": lambda w, i: nn.embedding(i, w),
        "where": torch.where,
        "cumsum axis=0": lambda x: x.cumsum(0),
        "cumsum axis=1": lambda x: x.cumsum(1),
        "sort": lambda x: x.sort(),
        "argsort": lambda x: x.argsort(),
        "topk of 10": lambda x: x.topk(10),
    }
