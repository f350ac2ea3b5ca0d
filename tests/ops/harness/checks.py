"""What is checked of a case: one function for each kind of run."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx

from . import gradient, run
from .compare import check_outputs, check_states, check_values
from .guard import Guarded, guarded_inputs, guarded_outputs
from .kernels import forced_kernel, kernel_names, run_with_modes


def check_result(case, dtype):
    """The imperative result, and what the operator leaves in its inputs."""
    inputs = run.make_inputs(case, dtype)
    check_outputs(case, dtype, run.call(case, inputs), case.op)
    check_states(case, dtype, inputs, case.op)


def check_symbol(case, dtype):
    """The result of a bound symbol, and what it leaves in its inputs.

    Executors move the averages of a layer in the backward pass that goes through it.
    """
    grads = {}
    if case.updated and case.train:
        grads = {0: mx.nd.zeros_like(run.make_inputs(case, dtype)[0])}
    bound = run.Bound(case, dtype, dict.fromkeys(grads, "write"), grads)
    outputs = bound.forward()
    check_outputs(case, dtype, outputs, f"{case.op} as a symbol")
    if grads:
        bound.backward([mx.nd.ones_like(output) for output in outputs])
    check_states(case, dtype, bound.inputs, f"{case.op} as a symbol")


def for_each_kernel(case, check):
    """Calls ``check(name)`` with each kernel forced in turn; one at least must accept the case."""
    names, refused = kernel_names(case.op), []
    for name in names:
        with forced_kernel(case.op, name):
            try:
                check(name)
            except NotImplementedError as error:
                refused.append(f"{name}: {error}")
    assert len(refused) < len(names), f"all kernels refuse: {refused}"


def check_kernels(case, dtype):
    """Every kernel that accepts the case: inputs and outputs lie between guards."""

    def check(name):
        what = f"{case.op} by {name}"
        inputs, outputs = guarded_inputs(case, dtype), guarded_outputs(case, dtype)
        views = [o.array for o in outputs]
        run.call(case, [i.array for i in inputs], out=views if len(views) > 1 else views[0])
        check_outputs(case, dtype, views, what)
        check_states(case, dtype, [i.array for i in inputs], what)
        for guarded in inputs + outputs:
            guarded.check(what)

    for_each_kernel(case, check)


def check_write_modes(case, dtype):
    """Every kernel adds where it is asked to, and gives each output that is wanted alone."""

    def check(name):
        for mode, others in (("add", "add"), ("write", "null")):
            for wanted in range(len(case.expected(dtype)) if others == "null" else 1):
                _check_modes(case, dtype, mode, others, wanted, f"{case.op} by {name}")

    for_each_kernel(case, check)


def _check_modes(case, dtype, mode, others, wanted, what):
    expected = case.expected(dtype)
    modes = [mode if i == wanted else others for i in range(len(expected))]
    kinds = [case.expected_dtype(i, dtype) for i in range(len(expected))]
    start = 1 if mode == "add" else None
    outputs = [
        Guarded(np.shape(e), kind, None if start is None else np.full(np.shape(e), start))
        for e, kind in zip(expected, kinds)
    ]
    inputs = guarded_inputs(case, dtype)
    run_with_modes(case, [i.array for i in inputs], [o.array for o in outputs], modes)
    for i, (output, kind) in enumerate(zip(outputs, kinds)):
        label = f"{what}: output {i} of {modes}"
        if modes[i] != "null":
            want, got = np.asarray(expected[i]), run.to_numpy(output.array, kind)
            # Both are rounded before the sum, and the result may be off as it may be by itself.
            off = 1.0 + case.rtol * 2.0**24
            slack = 0.0 if start is None else 1.0 + off * np.abs(want)
            check_values(case, kind, dtype, got, want + (start or 0), label, slack)
        output.check(label)


def check_in_place(case, dtype):
    """Each result written over each input that it fits, by every kernel."""
    expected = case.expected(dtype)
    kinds = case.dtypes_in(dtype)
    pairs = [
        (i, o)
        for i, a in enumerate(case.inputs)
        for o, e in enumerate(expected)
        if i not in case.updated
        and a.shape == np.shape(e)
        and kinds[i] == case.expected_dtype(o, dtype)
    ]

    def check(name):
        for i, o in pairs:
            inputs = run.make_inputs(case, dtype)
            out = [guarded.array for guarded in guarded_outputs(case, dtype)]
            out[o] = inputs[i]
            run.call(case, inputs, out=out if len(out) > 1 else out[0])
            check_outputs(case, dtype, out, f"{case.op} by {name}, output {o} over input {i}")

    if pairs:
        for_each_kernel(case, check)


def check_gpu(case, dtype):
    """The result on the first GPU, where a kernel or a decomposition runs there."""
    with mx.gpu(0):
        try:
            outputs = run.call(case, run.make_inputs(case, dtype))
        except NotImplementedError as error:
            pytest.skip(str(error))
        check_outputs(case, dtype, outputs, f"{case.op} on a GPU")


def check_narrow_gradient(case, dtype):
    """The gradient computed in a narrow dtype is that of float64, with its precision."""
    heads = gradient.weights(case)
    arrays = case.arrays(dtype)
    got = gradient.gradients(case, arrays, heads, dtype=dtype)
    want = gradient.gradients(case, arrays, heads)
    tolerance = gradient.NARROW[dtype]
    for i, g, w in zip(case.grad, got, want):
        scale = max(1.0, np.abs(w, where=np.isfinite(w), out=np.zeros(w.shape)).max(initial=0.0))
        message = f"{case.op}: gradient in {dtype}: input {i}"
        np.testing.assert_allclose(g, w, rtol=tolerance, atol=tolerance * scale, err_msg=message)


def check_gradient(case):
    """write, add and null, imperatively and bound; bound also for each input alone."""
    heads = gradient.weights(case)
    want = gradient.expected_gradients(case, heads)
    arrays = case.arrays(gradient.DTYPE)
    compare_gradients(case, gradient.gradients(case, arrays, heads), want, "write")
    added = [None if w is None else w + 2.0 for w in want]
    compare_gradients(case, gradient.gradients(case, arrays, heads, "add", 2.0), added, "add")
    untouched = gradient.gradients(case, arrays, heads, "null", 3.0) if len(case.grad) > 1 else []
    for got in untouched:
        np.testing.assert_array_equal(got, 3.0)
    if case.symbol:
        everything = range(len(case.grad))
        _check_bound_gradient(case, heads, "write", want, everything)
        _check_bound_gradient(case, heads, "add", added, everything)
        for alone in everything if len(case.grad) > 1 else ():
            _check_bound_gradient(case, heads, "write", want, [alone])


def _check_bound_gradient(case, heads, request, want, chosen):
    """Gradients for the `chosen` of ``case.grad``; the others' arrays must stay as they are."""
    grads = {i: run.to_nd(np.full(case.inputs[i].shape, 2.0), gradient.DTYPE) for i in case.grad}
    requests = {case.grad[c]: request for c in chosen}
    bound = run.Bound(case, gradient.DTYPE, requests, grads)
    outputs = bound.forward(train=True)
    bound.backward([run.to_nd(w, run.dtype_name(o)) for o, w in zip(outputs, heads)])
    got = [run.to_numpy(grads[i], gradient.DTYPE) for i in case.grad]
    want = [w if c in chosen else np.full(np.shape(w), 2.0) for c, w in enumerate(want)]
    compare_gradients(case, got, want, f"{request} of {list(chosen)} by an executor")


def check_second_gradient(case):
    """The gradient of the gradient."""
    got, want = gradient.second_gradients(case, gradient.weights(case))
    compare_gradients(case, got, want, "gradient of the gradient", 10 * case.grad_tol)


def compare_gradients(case, got, want, what, tolerance=None):
    """Lists of gradients for the inputs in `case.grad`; what is None is not compared."""
    tolerance = tolerance or case.grad_tol
    for i, g, w in zip(case.grad, got, want):
        if w is not None:
            message = f"{case.op}: {what}: input {i}"
            np.testing.assert_allclose(g, w, rtol=tolerance, atol=tolerance, err_msg=message)


def check_fault(fault):
    """One error of the stated kind and text."""
    with pytest.raises(mx.base.MXNetError, match=fault.match) as caught:
        inputs = [
            run.to_nd(a, fault.dtype if a.dtype.kind == "f" else a.dtype.name)
            for a in map(np.asarray, fault.inputs)
        ]
        result = run.function(mx.nd, fault.op)(*inputs, **fault.attrs)
        for array in result if isinstance(result, (list, tuple)) else [result]:
            array.wait_to_read()
    assert isinstance(caught.value, fault.kind), type(caught.value).__mro__
