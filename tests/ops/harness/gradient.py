"""Gradients against differences of results."""

from __future__ import annotations

import numpy as np

import mxnet as mx

from . import run

DTYPE = "float64"
_STEP = 1e-5
# How far gradients in narrow dtypes may be off, relative to the largest one.
NARROW = {"float32": 1e-4, "float16": 2e-2, "bfloat16": 1e-1}


def weights(case):
    """Head gradients: fixed random numbers for each output."""
    random = np.random.default_rng(11)
    outputs = run.call(case, run.make_inputs(case, DTYPE))
    return [random.uniform(0.5, 1.5, size=o.shape) for o in outputs]


def gradients(case, arrays, heads, request="write", start=None, dtype=DTYPE):
    """Gradients by mx.autograd as NumPy arrays, one for each input in `case.grad`."""
    dtypes = case.dtypes_in(dtype)
    inputs = [run.to_nd(a, d) for a, d in zip(arrays, dtypes)]
    chosen = [inputs[i] for i in case.grad]
    grads = [run.to_nd(np.full(a.shape, start or 0.0), dtype) for a in chosen]
    mx.autograd.mark_variables(chosen, grads, request)
    with mx.autograd.record(train_mode=case.train):
        outputs = _outputs(case, inputs)
    mx.autograd.backward(outputs, [run.to_nd(w, run.dtype_name(o)) for o, w in zip(outputs, heads)])
    return [run.to_numpy(g, dtype) for g in grads]


def expected_gradients(case, heads):
    """The reference's gradients, or differences of weighted sums of results."""
    arrays = case.arrays(DTYPE)
    if case.grad_reference:
        given = case.grad_reference(*arrays, *heads, **case.attrs)
        given = given if isinstance(given, (list, tuple)) else [given]
        return [given[i] for i in case.grad]

    total = _weighted_total(case, heads)
    return [_differences(total, arrays, i) for i in case.grad]


def _weighted_total(case, heads):
    """A function of input arrays: the sum of the results times the head gradients."""

    def total(values):
        inputs = [run.to_nd(a, d) for a, d in zip(values, case.dtypes_in(DTYPE))]
        with mx.autograd.train_mode() if case.train else mx.autograd.predict_mode():
            outputs = _outputs(case, inputs)
        return sum(float((o.asnumpy() * w).sum()) for o, w in zip(outputs, heads))

    return total


def check_slopes(case, heads):
    """For large cases: the gradient along a random direction against a difference of results."""
    random = np.random.default_rng(13)
    arrays = case.arrays(DTYPE)
    total = _weighted_total(case, heads)
    for i, gradient in zip(case.grad, gradients(case, arrays, heads)):
        direction = random.choice([-1.0, 1.0], size=arrays[i].shape)
        ends = [
            [a + s * _STEP * direction if j == i else a for j, a in enumerate(arrays)]
            for s in (1, -1)
        ]
        slope = (total(ends[0]) - total(ends[1])) / (2 * _STEP)
        tolerance = 1e-7 * np.abs(gradient).sum() + 1e-4
        np.testing.assert_allclose(
            (gradient * direction).sum(),
            slope,
            0,
            tolerance,
            err_msg=f"{case.op}: slope of input {i}",
        )


def second_gradients(case, heads):
    """Gradient of a weighted sum of the gradients: by autograd, and by differences."""
    random = np.random.default_rng(12)
    arrays = case.arrays(DTYPE)
    factors = [random.uniform(0.5, 1.5, size=arrays[i].shape) for i in case.grad]

    def total(values):
        return sum(float((g * f).sum()) for g, f in zip(gradients(case, values, heads), factors))

    inputs = [run.to_nd(a, d) for a, d in zip(arrays, case.dtypes_in(DTYPE))]
    chosen = [inputs[i] for i in case.grad]
    for array in chosen:
        array.attach_grad()
    with mx.autograd.record(train_mode=case.train):
        outputs = _outputs(case, inputs)
        first = mx.autograd.grad(
            outputs,
            chosen,
            head_grads=[run.to_nd(w, DTYPE) for w in heads],
            create_graph=True,
            retain_graph=True,
            train_mode=case.train,
        )
        # Plus zero times the input, as a gradient need not depend on the inputs.
        weighted = [g * run.to_nd(f, DTYPE) + a * 0 for g, f, a in zip(first, factors, chosen)]
    mx.autograd.backward(weighted, train_mode=case.train)
    got = [run.to_numpy(a.grad, DTYPE) for a in chosen]
    return got, [_differences(total, arrays, i) for i in case.grad]


def _outputs(case, inputs):
    result = run.function(mx.nd, case.op)(*inputs, **case.attrs)
    return list(result) if isinstance(result, (list, tuple)) else [result]


def _differences(total, arrays, i):
    values = [np.array(a) for a in arrays]
    slopes = np.zeros(values[i].shape)
    for index in np.ndindex(*values[i].shape):
        middle = values[i][index]
        values[i][index] = middle + _STEP
        above = total(values)
        values[i][index] = middle - _STEP
        slopes[index] = (above - total(values)) / (2 * _STEP)
        values[i][index] = middle
    return slopes
