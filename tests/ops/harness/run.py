"""Runs operators through the public interface: imperatively and as bound symbols."""

from __future__ import annotations

import numpy as np

import mxnet as mx

# Operators with these prefixes live in a namespace of their own.
_NAMESPACES = {"_contrib_": "contrib", "_linalg_": "linalg", "_image_": "image"}


def function(module, op):
    """The function for an operator in mx.nd or mx.sym."""
    for prefix, namespace in _NAMESPACES.items():
        if op.startswith(prefix):
            return getattr(getattr(module, namespace), op[len(prefix) :])
    return getattr(module._internal if op.startswith("_") else module, op)


def to_nd(array, dtype):
    """An NDArray of that dtype, whatever NumPy thinks of it."""
    if dtype == "bfloat16":
        return mx.nd.array(array, dtype="float32").astype("bfloat16")
    return mx.nd.array(array, dtype=dtype)


def to_numpy(array, dtype):
    """Values of an NDArray whose dtype is known; floating ones as float64, or exact integers."""
    if dtype == "bfloat16":
        array = array.astype("float32")
    values = array.asnumpy()
    return values.astype("float64") if values.dtype.kind == "f" else values


def dtype_name(array):
    """Name of an NDArray's dtype."""
    text = str(array.dtype)
    return "bfloat16" if "bfloat16" in text else np.dtype(array.dtype).name


def make_inputs(case, dtype):
    """The case's inputs as NDArrays."""
    return [to_nd(a, d) for a, d in zip(case.arrays(dtype), case.dtypes_in(dtype))]


def call(case, inputs, out=None):
    """Runs the operator on NDArrays; returns a list."""
    extra = {} if out is None else {"out": out}
    with mx.autograd.train_mode() if case.train else mx.autograd.predict_mode():
        result = function(mx.nd, case.op)(*inputs, **case.attrs, **extra)
    return list(result) if isinstance(result, (list, tuple)) else [result]


def compose(case):
    """The operator as a symbol of variables in0, in1 ..."""
    variables = [mx.sym.Variable(f"in{i}") for i in range(len(case.inputs))]
    result = function(mx.sym, case.op)(*variables, **case.attrs)
    # Operators of mx.np with several outputs give a list.
    return mx.sym.Group(result) if isinstance(result, list) else result


class Bound:
    """The operator as a symbol with bound arrays.

    Args:
        case: What is bound.
        dtype: Dtype under test.
        requests: Gradient request ("write", "add") by number of the input; others are "null".
        grads: Arrays for the gradients by number of the input.
    """

    def __init__(self, case, dtype, requests=None, grads=None):
        self.inputs = make_inputs(case, dtype)
        self.case = case
        names = [f"in{i}" for i in range(len(self.inputs))]
        symbol = compose(case)
        arrays = dict(zip(names, self.inputs))
        auxiliary = symbol.list_auxiliary_states()
        requests = {n: (requests or {}).get(i, "null") for i, n in enumerate(names)}
        self.executor = symbol.bind(
            mx.current_context(),
            args={n: a for n, a in arrays.items() if n not in auxiliary},
            args_grad={names[i]: grad for i, grad in grads.items()} if grads else None,
            grad_req={n: r for n, r in requests.items() if n not in auxiliary},
            aux_states={n: arrays[n] for n in auxiliary},
        )

    def forward(self, train=None):
        """All outputs as a list of NDArrays."""
        return list(self.executor.forward(is_train=self.case.train if train is None else train))

    def backward(self, heads):
        """Computes the gradients into the bound arrays."""
        self.executor.backward(heads)
