"""Turns a table into tests."""

from __future__ import annotations

import contextlib

import pytest

import mxnet as mx

from . import checks, gradient, large
from .kernels import registered_name


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
    by_operator = {}
    for case in cases:
        by_operator.setdefault(registered_name(case.op), []).append(case)
    wrong = [pytest.param(f, id=_label(f, i)) for i, f in enumerate(faults)]

    class OperatorTests:
        @pytest.mark.parametrize("case, dtype", by_dtype)
        def test_result(self, case, dtype):
            checks.check_result(case, dtype)

        @pytest.mark.parametrize("case, dtype", by_dtype)
        def test_kernels(self, case, dtype):
            checks.check_kernels(case, dtype)

        @pytest.mark.parametrize("case, dtype", by_dtype)
        def test_write_modes(self, case, dtype):
            checks.check_write_modes(case, dtype)

        @pytest.mark.parametrize("case, dtype", by_dtype)
        def test_in_place(self, case, dtype):
            checks.check_in_place(case, dtype)

        @pytest.mark.parametrize("case, dtype", by_dtype)
        def test_symbol(self, case, dtype):
            if not case.symbol:
                pytest.skip("cannot be written as a symbol")
            checks.check_symbol(case, dtype)

        @pytest.mark.parametrize("case", with_grad)
        def test_gradient(self, case):
            checks.check_gradient(case)

        @pytest.mark.parametrize("case, dtype", narrow)
        def test_narrow_gradient(self, case, dtype):
            checks.check_narrow_gradient(case, dtype)

        @pytest.mark.parametrize("op", sorted(by_operator))
        def test_large(self, op):
            found = large.large_cases(by_operator[op])
            assert found or op in large.NOT_ENLARGED, f"no case of {op} can be enlarged"
            for larger in found:
                against = large.reason_against(op, larger)
                with pytest.raises(AssertionError) if against else contextlib.nullcontext():
                    large.check_large(larger)

        @pytest.mark.parametrize("case, dtype", on_gpu)
        def test_gpu(self, case, dtype):
            checks.check_gpu(case, dtype)

        @pytest.mark.parametrize("case", with_second)
        def test_second_gradient(self, case):
            checks.check_second_gradient(case)

        @pytest.mark.parametrize("fault", wrong)
        def test_fault(self, fault):
            checks.check_fault(fault)

    OperatorTests.cases, OperatorTests.faults = list(cases), list(faults)
    return OperatorTests


def _label(row, number):
    return f"{row.name or row.op}-{number}"
