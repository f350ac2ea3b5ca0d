"""Compares arrays, with tolerances that follow the precision of a dtype."""

from __future__ import annotations

import numpy as np

from .case import round_to
from .run import dtype_name, to_numpy

# Precision relative to float32, in which tables write their tolerances.
_SCALE = {"float64": 1e-4, "float32": 1.0, "float16": 300.0, "bfloat16": 2000.0}


def check_outputs(case, dtype, outputs, what):
    """Values, shapes and dtypes of a list of NDArrays against the reference."""
    expected = case.expected(dtype)
    assert len(outputs) == len(expected), f"{what}: {len(outputs)} outputs"
    for i, (got, want) in enumerate(zip(outputs, expected)):
        kind = case.expected_dtype(i, dtype)
        assert dtype_name(got) == kind, f"{what}: dtype of output {i}"
        assert got.shape == np.shape(want), f"{what}: shape of output {i}"
        check_values(case, kind, dtype, to_numpy(got, kind), want, f"{what}: output {i}")


def check_values(case, kind, dtype, got, want, what):
    """Equal for integers, within the case's tolerance for floating values."""
    want = np.asarray(want)
    if kind not in _SCALE:
        np.testing.assert_array_equal(got, want.astype(kind), err_msg=what)
        return
    scale = max(_SCALE[kind], _SCALE.get(dtype, 0.0))
    np.testing.assert_allclose(
        got,
        round_to(want.astype("float64"), kind),
        rtol=case.rtol * scale,
        atol=case.atol * scale,
        err_msg=what,
    )
