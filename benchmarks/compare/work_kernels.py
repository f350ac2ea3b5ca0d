"""Times single operators in the Python that runs it: MXNet 1.9.1 or Remx, NumPy, or PyTorch.

usage: python work_kernels.py mxnet|numpy|torch standard|large NAME [NAME ...]

Prints a line of JSON for each of these rows that the program can compute: the least time of one
call in milliseconds. The standard rows are those of `kernel_inputs.py`, the large ones those of
`large_rows.py`.
"""

from __future__ import annotations

import sys
import time
import warnings

import kernel_inputs
import large_rows
import numpy as np
from timing import report

ROUNDS, SECONDS_PER_ROUND, MOST_SECONDS = 7, 0.03, 1.5


def least_ms(call):
    """The least mean of a few rounds, each long enough for the clock."""
    begin = time.perf_counter()
    call()
    call()
    start = time.perf_counter()
    call()
    least = time.perf_counter() - start
    repeats = max(1, int(SECONDS_PER_ROUND / max(least, 1e-6)))
    for _ in range(ROUNDS):
        start = time.perf_counter()
        if start - begin > MOST_SECONDS:
            break
        for _ in range(repeats):
            call()
        least = min(least, (time.perf_counter() - start) / repeats)
    return least * 1e3


def mxnet_calls():
    """Row -> function of arrays; rows that end in "bwd" are done by `backward`."""
    import mxnet as mx

    nd = mx.nd
    ones, zeros = nd.ones((64,)), nd.zeros((64,))
    return {
        "layer_norm 4096x768": nd.LayerNorm,
        "layer_norm bwd 4096x768": nd.LayerNorm,
        "layer_norm axis=1 8x768x512": lambda x, g, b: nd.LayerNorm(x, g, b, axis=1),
        "group_norm 16x64x56x56": lambda x: nd.GroupNorm(x, ones[:8], zeros[:8], num_groups=8),
        "instance_norm 16x64x56x56": lambda x: nd.InstanceNorm(x, ones, zeros),
        "l2_normalization 4096x768": nd.L2Normalization,
        "softmax 4096x1000": nd.softmax,
        "softmax axis=1 16x21x8732": lambda x: nd.softmax(x, axis=1),
        "softmax 1Mx4": nd.softmax,
        "softmax bwd 4096x1000": nd.softmax,
        "log_softmax bwd 4096x1000": nd.log_softmax,
        "sum axis=1 4096x1024": lambda x: nd.sum(x, axis=1),
        "sum axis=0 4096x1024": lambda x: nd.sum(x, axis=0),
        "sum axis=(0,2,3) 32x64x56x56": lambda x: nd.sum(x, axis=(0, 2, 3)),
        "sum axis=1 1Mx4": lambda x: nd.sum(x, axis=1),
        "sum axis=0 1Mx4": lambda x: nd.sum(x, axis=0),
        "max axis=1 4096x1024": lambda x: nd.max(x, axis=1),
        "argmax axis=1 4096x1024": lambda x: nd.argmax(x, axis=1),
        "norm 4096x1024": nd.norm,
        "transpose 2048x2048": nd.transpose,
        "transpose 0231 32x64x56x56": lambda x: nd.transpose(x, axes=(0, 2, 3, 1)),
        "transpose 0213 32x128x12x64": lambda x: nd.transpose(x, axes=(0, 2, 1, 3)),
        "transpose float16 2048x2048": nd.transpose,
        "slice ::2 4096x2048": lambda x: x[:, ::2],
        "concat 8 of 256x2048": lambda *xs: nd.concat(*xs, dim=1),
        "take 8192 rows of 50000x256": nd.take,
        "embedding bwd 50000x256, 8192": lambda w, i: nd.Embedding(
            i, w, input_dim=50000, output_dim=256
        ),
        "pick 1Mx8": nd.pick,
        "gather_nd 1M of 1000x1000": nd.gather_nd,
        "one_hot 65536x100": lambda i: nd.one_hot(i, 100),
        "topk 10 of 1000x10000": lambda x: nd.topk(x, k=10),
        "sort 1000x1000": nd.sort,
        "sort 1M": lambda x: nd.sort(x, axis=0),
        "argsort 1000x1000": nd.argsort,
        "where 4M": nd.where,
        "add 4M": nd.add,
        "add 2048x2048 + 2048x1": nd.broadcast_add,
        "add 32x64x56x56 + 1x64x1x1": nd.broadcast_add,
        "add float16 4M": nd.add,
        "exp 4M": nd.exp,
        "tanh 4M": nd.tanh,
        "erf 4M": nd.erf,
        "sin 4M": nd.sin,
        "log1p 4M": nd.log1p,
        "power 4M": lambda x: x**2.5,
        "gelu 4M": lambda x: nd.LeakyReLU(x, act_type="gelu"),
        "cast to float16 4M": lambda x: x.astype("float16"),
        "dot 1024": nd.dot,
        "dot float64 512": nd.dot,
        "batch_dot 64x128x64x128": nd.batch_dot,
        "convolution float64 8x16x32x32": lambda x, w: nd.Convolution(
            x, w, kernel=(3, 3), num_filter=16, no_bias=True
        ),
        "random normal 1M": lambda: nd.random.normal(shape=(1000000,)),
        "random uniform 1M": lambda: nd.random.uniform(shape=(1000000,)),
    }


def mxnet_call(name, function, arrays):
    """A function without arguments that runs the row and waits for it."""
    import mxnet as mx

    def array(x):
        if x.dtype == bool:
            return mx.nd.array(x, dtype="float32")
        return mx.nd.array(x, dtype="int32" if x.dtype.kind == "i" else x.dtype)

    inputs = [array(x) for x in arrays]
    if " bwd" not in name:
        return lambda: function(*inputs).wait_to_read()
    floats = [x for x in inputs if x.dtype == np.float32]
    for x in floats:
        x.attach_grad()
    with mx.autograd.record():
        out = function(*inputs)
    head = mx.nd.ones(out.shape)

    def backward():
        mx.autograd.backward([out], [head], retain_graph=True)
        for x in floats:
            x.grad.wait_to_read()

    return backward


def numpy_calls():
    """The rows that NumPy computes with one or a few calls."""
    from numpy.random import default_rng

    random = default_rng(0)
    return {
        "sum axis=1 4096x1024": lambda x: x.sum(1),
        "sum axis=0 4096x1024": lambda x: x.sum(0),
        "sum axis=(0,2,3) 32x64x56x56": lambda x: x.sum((0, 2, 3)),
        "sum axis=1 1Mx4": lambda x: x.sum(1),
        "sum axis=0 1Mx4": lambda x: x.sum(0),
        "max axis=1 4096x1024": lambda x: x.max(1),
        "argmax axis=1 4096x1024": lambda x: x.argmax(1),
        "norm 4096x1024": np.linalg.norm,
        "transpose 2048x2048": lambda x: np.ascontiguousarray(x.T),
        "transpose 0231 32x64x56x56": lambda x: np.ascontiguousarray(x.transpose(0, 2, 3, 1)),
        "transpose 0213 32x128x12x64": lambda x: np.ascontiguousarray(x.transpose(0, 2, 1, 3)),
        "transpose float16 2048x2048": lambda x: np.ascontiguousarray(x.T),
        "slice ::2 4096x2048": lambda x: np.ascontiguousarray(x[:, ::2]),
        "concat 8 of 256x2048": lambda *xs: np.concatenate(xs, 1),
        "take 8192 rows of 50000x256": lambda x, i: np.take(x, i, axis=0),
        "pick 1Mx8": lambda x, i: np.take_along_axis(x, i[:, None], 1),
        "gather_nd 1M of 1000x1000": lambda x, i: x[i[0], i[1]],
        "topk 10 of 1000x10000": lambda x: np.argpartition(x, -10, axis=1)[:, -10:],
        "sort 1000x1000": np.sort,
        "sort 1M": np.sort,
        "argsort 1000x1000": np.argsort,
        "where 4M": np.where,
        "add 4M": np.add,
        "add 2048x2048 + 2048x1": np.add,
        "add 32x64x56x56 + 1x64x1x1": np.add,
        "add float16 4M": np.add,
        "exp 4M": np.exp,
        "tanh 4M": np.tanh,
        "sin 4M": np.sin,
        "log1p 4M": np.log1p,
        "power 4M": lambda x: x**2.5,
        "cast to float16 4M": lambda x: x.astype("float16"),
        "dot 1024": np.dot,
        "dot float64 512": np.dot,
        "batch_dot 64x128x64x128": np.matmul,
        "random normal 1M": lambda: random.standard_normal(1000000, dtype="float32"),
        "random uniform 1M": lambda: random.random(1000000, dtype="float32"),
    }


def torch_calls():
    import torch
    from torch.nn import functional as nn

    def layer_norm(x, g, b):
        return nn.layer_norm(x, (768,), g, b)

    return {
        "layer_norm 4096x768": layer_norm,
        "layer_norm bwd 4096x768": layer_norm,
        "group_norm 16x64x56x56": lambda x: nn.group_norm(x, 8),
        "instance_norm 16x64x56x56": nn.instance_norm,
        "l2_normalization 4096x768": nn.normalize,
        "softmax 4096x1000": lambda x: x.softmax(-1),
        "softmax axis=1 16x21x8732": lambda x: x.softmax(1),
        "softmax 1Mx4": lambda x: x.softmax(-1),
        "softmax bwd 4096x1000": lambda x: x.softmax(-1),
        "log_softmax bwd 4096x1000": lambda x: x.log_softmax(-1),
        "sum axis=1 4096x1024": lambda x: x.sum(1),
        "sum axis=0 4096x1024": lambda x: x.sum(0),
        "sum axis=(0,2,3) 32x64x56x56": lambda x: x.sum((0, 2, 3)),
        "sum axis=1 1Mx4": lambda x: x.sum(1),
        "sum axis=0 1Mx4": lambda x: x.sum(0),
        "max axis=1 4096x1024": lambda x: x.amax(1),
        "argmax axis=1 4096x1024": lambda x: x.argmax(1),
        "norm 4096x1024": torch.linalg.vector_norm,
        "transpose 2048x2048": lambda x: x.t().contiguous(),
        "transpose 0231 32x64x56x56": lambda x: x.permute(0, 2, 3, 1).contiguous(),
        "transpose 0213 32x128x12x64": lambda x: x.permute(0, 2, 1, 3).contiguous(),
        "transpose float16 2048x2048": lambda x: x.t().contiguous(),
        "slice ::2 4096x2048": lambda x: x[:, ::2].contiguous(),
        "concat 8 of 256x2048": lambda *xs: torch.cat(xs, 1),
        "take 8192 rows of 50000x256": lambda x, i: x.index_select(0, i),
        "embedding bwd 50000x256, 8192": lambda w, i: nn.embedding(i, w),
        "pick 1Mx8": lambda x, i: x.gather(1, i[:, None]),
        "gather_nd 1M of 1000x1000": lambda x, i: x[i[0], i[1]],
        "one_hot 65536x100": lambda i: nn.one_hot(i, 100).float(),
        "topk 10 of 1000x10000": lambda x: x.topk(10),
        "sort 1000x1000": lambda x: x.sort(),
        "sort 1M": lambda x: x.sort(),
        "argsort 1000x1000": lambda x: x.argsort(),
        "where 4M": torch.where,
        "add 4M": torch.add,
        "add 2048x2048 + 2048x1": torch.add,
        "add 32x64x56x56 + 1x64x1x1": torch.add,
        "add float16 4M": torch.add,
        "exp 4M": torch.exp,
        "tanh 4M": torch.tanh,
        "erf 4M": torch.erf,
        "sin 4M": torch.sin,
        "log1p 4M": torch.log1p,
        "power 4M": lambda x: x**2.5,
        "gelu 4M": nn.gelu,
        "cast to float16 4M": lambda x: x.half(),
        "dot 1024": torch.mm,
        "dot float64 512": torch.mm,
        "batch_dot 64x128x64x128": torch.bmm,
        "convolution float64 8x16x32x32": nn.conv2d,
        "random normal 1M": lambda: torch.randn(1000000),
        "random uniform 1M": lambda: torch.rand(1000000),
    }


def torch_call(name, function, arrays):
    import torch

    inputs = [torch.from_numpy(x) for x in arrays]
    if " bwd" not in name:
        return lambda: function(*inputs)
    floats = [x.requires_grad_() for x in inputs if x.is_floating_point()]
    out = function(*inputs)
    head = torch.ones_like(out)
    return lambda: torch.autograd.grad([out], floats, [head], retain_graph=True)


def numpy_call(name, function, arrays):
    return lambda: function(*arrays)


# Program -> functions of the standard and of the large rows, and how one is called.
PROGRAMS = {
    "mxnet": ([mxnet_calls, large_rows.mxnet_calls], mxnet_call),
    "numpy": ([numpy_calls, dict], numpy_call),
    "torch": ([torch_calls, large_rows.torch_calls], torch_call),
}


def main(program, rows, *names):
    warnings.simplefilter("ignore")
    large = rows == "large"
    inputs = large_rows.INPUTS if large else kernel_inputs.INPUTS
    calls, prepare = PROGRAMS[program]
    functions = calls[large]()
    for name in names:
        if name not in functions:
            continue
        try:
            arrays = inputs[name](kernel_inputs.Maker(name))
            report(name, "ms", least_ms(prepare(name, functions[name], arrays)))
        except Exception as error:  # a program that cannot do a row still does the others
            print(f"{program}: {name}: {str(error).splitlines()[0]}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
