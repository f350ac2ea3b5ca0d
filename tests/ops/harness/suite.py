"""Turns a table into tests."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx

from . import gradient, run
from .compare import check_outputs
from .kernels import forced_kernel, kernel_names

_GUARD = 16  # elements before and behind a result
_SENTINEL = 1  # what they are, in every dtype


def operator_tests(cases, faults=()):
    """A class of tests for a table; assign it to a name that starts with ``Test``."""
    by_dtype = [
        pytest.param(case, dtype, id=f"{_label(case, i)}-{dtype}")
        for i, case in enumerate(cases)
        for dtype in case.dtypes
    ]
    by_case = [pytest.param(c, id=_label(c, i)) for i, c in enumerate(cases)]
    with_grad = [p for p in by_case if p.values[0].grad]
    with_second = [p for p in by_case if p.values[0].second]
    narrow = [p for p in by_dtype if p.values[0].grad and p.values[1] in gradient.NARROW]
    on_gpu = by_dtype if mx.context.num_gpus() else []
    wrong = [pytest.param(f, id=_label(f, i)) for i, f in enumerate(faults)]

    class OperatorTests:
        @pytest.mark.parametrize("case, dtype", by_dtype)
        def test_result(self, case, dtype):
            check_outputs(case, dtype, run.call(case, run.make_inputs(case, dtype)), case.op)

        @pytest.mark.parametrize("case, dtype", by_dtype)
        def test_kernels(self, case, dtype):
            check_kernels(case, dtype)

        @pytest.mark.parametrize("case, dtype", by_dtype)
        def test_in_place(self, case, dtype):
            check_in_place(case, dtype)

        @pytest.mark.parametrize("case, dtype", by_dtype)
        def test_symbol(self, case, dtype):
            if not case.symbol:
                pytest.skip("cannot be written as a symbol")
            check_outputs(case, dtype, run.Bound(case, dtype).forward(), f"{case.op} as a symbol")

        @pytest.mark.parametrize("case", with_grad)
        def test_gradient(self, case):
            check_gradient(case)

        @pytest.mark.parametrize("case, dtype", narrow)
        def test_narrow_gradient(self, case, dtype):
            check_narrow_gradient(case, dtype)

        @pytest.mark.parametrize("case, dtype", on_gpu)
        def test_gpu(self, case, dtype):
            check_gpu(case, dtype)

        @pytest.mark.parametrize("case", with_second)
        def test_second_gradient(self, case):
            got, want = gradient.second_gradients(case, gradient.weights(case))
            compare_gradients(case, got, want, "gradient of the gradient", 10 * case.grad_tol)

        @pytest.mark.parametrize("fault", wrong)
        def test_fault(self, fault):
            check_fault(fault)

    OperatorTests.cases, OperatorTests.faults = list(cases), list(faults)
    return OperatorTests


def _label(row, number):
    return f"{row.name or row.op}-{number}"


def check_kernels(case, dtype):
    """Every kernel that accepts the case, its results between guards."""
    expected = case.expected(dtype)
    refused = []
    for name in kernel_names(case.op):
        inputs = [_inside_another(array) for array in run.make_inputs(case, dtype)]
        kinds = [case.expected_dtype(i, dtype) for i in range(len(expected))]
        guarded = [_guarded(np.shape(e), kind) for e, kind in zip(expected, kinds)]
        views = [view for _, view in guarded]
        with forced_kernel(case.op, name):
            try:
                run.call(case, inputs, out=views if len(views) > 1 else views[0])
            except NotImplementedError as error:
                refused.append(f"{name}: {error}")
                continue
        check_outputs(case, dtype, views, f"{case.op} by {name}")
        for (whole, view), kind in zip(guarded, kinds):
            if whole.size == view.size:
                continue
            values = run.to_numpy(whole, kind)
            around = np.concatenate([values[:_GUARD], values[_GUARD + view.size :]])
            assert (around == _SENTINEL).all(), f"{case.op} by {name} writes outside of its output"
    assert len(refused) < max(1, len(kernel_names(case.op))), f"all kernels refuse: {refused}"


def _inside_another(array):
    """The array as a view that starts one element behind the start of a larger array."""
    if array.size == 0:
        return array
    kind = run.dtype_name(array)
    flat = run.to_numpy(array, kind).reshape(-1)
    return run.to_nd(np.concatenate([flat[:1], flat]), kind)[1:].reshape(array.shape)


def _guarded(shape, dtype):
    """An array of sentinels and a view of its middle."""
    size = int(np.prod(shape, dtype=int))
    whole = run.to_nd(np.full(size + 2 * _GUARD, _SENTINEL), dtype)
    if size == 0:
        whole = run.to_nd(np.zeros(shape), dtype)
        return whole, whole
    return whole, whole[_GUARD : _GUARD + size].reshape(shape)


def check_in_place(case, dtype):
    """The result written over the first input, where one output fits."""
    expected = case.expected(dtype)
    inputs = run.make_inputs(case, dtype)
    fits = len(expected) == 1 and inputs and inputs[0].shape == np.shape(expected[0])
    if not fits or run.dtype_name(inputs[0]) != case.expected_dtype(0, dtype):
        return
    run.call(case, inputs, out=inputs[0])
    check_outputs(case, dtype, inputs[:1], f"{case.op} in place")


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
    """write, add and null, imperatively and bound."""
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
        _check_bound_gradient(case, heads, "write", want)
        _check_bound_gradient(case, heads, "add", added)


def _check_bound_gradient(case, heads, request, want):
    grads = {i: run.to_nd(np.full(case.inputs[i].shape, 2.0), gradient.DTYPE) for i in case.grad}
    bound = run.Bound(case, gradient.DTYPE, request, grads)
    outputs = bound.forward(train=True)
    bound.backward([run.to_nd(w, run.dtype_name(o)) for o, w in zip(outputs, heads)])
    got = [run.to_numpy(grads[i], gradient.DTYPE) for i in case.grad]
    compare_gradients(case, got, want, f"{request} by an executor")


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
