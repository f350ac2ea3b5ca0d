"""Derives from a table a case of each operator that is large enough for several threads.

Rows of a case's inputs are repeated in a random order. Where the reference shows that rows are
independent of each other, the results are rows of the small results; elsewhere the reference
computes the large ones.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from . import gradient, run
from .case import Case, Stored
from .checks import check_in_place, check_kernels, check_write_modes, compare_gradients

# Elements of the largest array: operations use several threads from 65,536 on, and a loop over
# elements gives each thread as many.
TARGET = 2 * 65536 + 1000
# Operators whose cases cannot be made larger and stay right, and why. A test keeps it true.
NOT_ENLARGED = {
    "scatter_nd": "repeated indices leave open which value stays",
    "_put_along_axis": "an attribute is its shape; a large test stands beside its table",
    "_contrib_calibrate_entropy": "it tries all thresholds, and their number squared is its cost",
    "_npi_tensorinv": "its rows are those of one matrix; a large test stands beside its table",
    "_npi_tensorsolve": "the same",
    "_npi_broadcast_to": "an attribute is its shape; a large test stands beside its table",
    "_npi_diag_indices_from": "all axes of its input have one size",
    "_pooling_take": "an attribute is a shape; a large test stands beside its table",
}
# The same where rows depend on each other; cases with independent rows are made larger.
NOT_ENLARGED_ALONG_ROWS = {
    "argsort": "1.9.1, too, leaves open the order of equal elements",
}


def large_cases(cases):
    """Large cases of one operator: one with independent rows, one whose results need all rows."""
    found = [larger for case in cases for larger in enlarge(case)]
    kinds = ([f for f in found if f.independent], [f for f in found if not f.independent])
    # Rather ways in which the results grow as well.
    best = [max(kind, key=lambda f: f.growth) for kind in kinds if kind]
    return [f for f in best if f.growth > 1] or best[:1]


def reason_against(op, larger):
    """Why a large case of an operator does not hold, or None."""
    along = None if larger.independent else NOT_ENLARGED_ALONG_ROWS.get(op)
    return along or NOT_ENLARGED.get(op)


def check_large(larger):
    """Results of all kernels, in all write modes and places, and gradients of a large case."""
    case, dtype = larger.case, larger.case.dtypes[0]
    check_kernels(case, dtype)
    check_write_modes(case, dtype)
    check_in_place(case, dtype)
    # Equal rows meet where rows depend on each other, and a maximum has no slope there.
    if not case.grad or not larger.independent:
        return
    heads = gradient.weights(case)
    if case.grad_reference:
        got = gradient.gradients(case, case.arrays(gradient.DTYPE), heads)
        want = gradient.expected_gradients(case, heads)
        compare_gradients(case, got, want, "gradient of a large case", 10 * case.grad_tol)
    else:
        gradient.check_slopes(case, heads)


@dataclasses.dataclass
class Enlarged:
    """A large case; how much larger results get with twice the rows; whether rows stand alone."""

    case: Case
    growth: float
    independent: bool


def enlarge(case):
    """The case made larger in all ways that have a meaning, as a list of `Enlarged`."""
    if not case.inputs:
        return _enlarge_attrs(case)
    if any(a.size == 0 for a in case.inputs):
        return []
    return [found for axes in _ways(case.inputs) for found in [_repeat(case, axes)] if found]


def _enlarge_attrs(case):
    """For operators without inputs: a larger shape, or more numbers."""
    wide, square = (TARGET // 7 + 1, 7), (400, 400)
    sizes = {"shape": (wide, square), "dimensions": (wide,), "N": (400,)}
    sizes |= dict.fromkeys(("num", "stop", "M"), (TARGET,))
    for name, size in ((n, s) for n in sizes.keys() & case.attrs.keys() for s in sizes[n]):
        larger = dataclasses.replace(case, attrs={**case.attrs, name: size})
        try:
            if np.size(larger.expected(case.dtypes[0])[0]) >= TARGET:
                return [Enlarged(larger, 2.0, True)]
        except Exception:  # see _repeat
            continue
    return []


def _ways(inputs):
    """Axes to repeat, as {input: axis}: the batch of all inputs, of one; then other axes."""
    ways = []
    for axis in (0, -1, 1):
        same = [i for i, a in enumerate(inputs) if _length(a, axis) == _length(inputs[0], axis) > 0]
        every = [i for i, a in enumerate(inputs) if _length(a, axis) > 0]
        for chosen in (same, [0], every, *([i] for i in range(1, len(inputs)))):
            way = {i: axis for i in chosen if _length(inputs[i], axis) > 0}
            if way and way not in ways:
                ways.append(way)
    # The first length wherever it is, as for data beside a list of their indices.
    shared = {
        i: list(a.shape).index(n)
        for i, a in enumerate(inputs)
        for n in inputs[0].shape[:1]
        if n in a.shape
    }
    return [*ways, shared] if shared and shared not in ways else ways


def _length(array, axis):
    return array.shape[axis] if -array.ndim <= axis < array.ndim else 0


def _repeat(case, axes):
    """The case with rows along `axes` repeated as an `Enlarged`, or None if that is refused."""
    axis = next(iter(axes.values()))
    counts = {case.inputs[i].shape[along] for i, along in axes.items()}
    if len(counts) != 1:
        return None
    count, dtype = counts.pop(), case.dtypes[0]

    def with_rows(rows):
        inputs = [np.take(a, rows, axes[i]) if i in axes else a for i, a in enumerate(case.inputs)]
        return dataclasses.replace(case, inputs=inputs)

    trials = [_random_rows(count, factor) for factor in (2, 5)]
    small, stored = _results(case, dtype), isinstance(case.reference, Stored)
    try:
        wide = [_results(with_rows(rows), dtype, stored) for rows in trials]
    except Exception:  # references, too, refuse in many ways what has no meaning
        return None
    independent = all(_are_rows(small, w, rows, axis) for w, rows in zip(wide, trials))
    if stored and not independent:
        return None
    growth = max([1.0, *(w.size / max(r.size, 1) for w, r in zip(wide[0], small))])
    largest = max([case.inputs[i].size for i in axes] + [r.size for r in small if growth > 1])
    factor = math.ceil((TARGET / largest) ** (1 / max(1, math.log2(growth))))
    many = _random_rows(count, max(factor, 2))
    larger = with_rows(many)
    if independent:
        results = [
            r if r.shape == w.shape else np.take(r, many, axis) for r, w in zip(small, wide[0])
        ]
        larger.reference = lambda *_, **__: results
    else:
        larger.rtol *= math.sqrt(factor)
        larger.atol *= math.sqrt(factor)
    return Enlarged(larger, growth, independent)


def _random_rows(count, factor):
    """The numbers of all rows, then of random ones; `factor` times as many."""
    random = np.random.default_rng(5).integers(0, count, count * (factor - 1))
    return np.concatenate([np.arange(count), random])


def _results(case, dtype, stored=False):
    """What the table says; the operator too must accept the case. With `stored`, what it gives."""
    outputs = run.call(case, run.make_inputs(case, dtype))
    if stored:
        return [run.to_numpy(o, run.dtype_name(o)) for o in outputs]
    return [np.asarray(r) for r in case.expected(dtype) + case.expected_states(dtype)]


def _are_rows(small, wide, rows, axis):
    """Whether each of the results `wide` has those rows of `small`, or is the same."""
    for few, many in zip(small, wide):
        if few.shape != many.shape:
            if _length(few, axis) <= rows.max():
                return False
            few = np.take(few, rows, axis)
        if few.shape != many.shape or not np.allclose(few, many, 1e-6, 1e-9, equal_nan=True):
            return False
    return True
