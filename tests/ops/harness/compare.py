"""Compares arrays, with tolerances that follow the precision of a dtype."""

from __future__ import annotations

import numpy as np

from .case import round_to
from .run import dtype_name, to_numpy

# Precision relative to float32, in which tables write their tolerances.
_SCALE = {"float64": 1e-4, "float32": 1.0, "float16": 300.0, "bfloat16": 2000.0}
# Largest relative error of one rounding.
_ROUNDING = {"float64": 2**-53, "float32": 2**-24, "float16": 2**-11, "bfloat16": 2**-8}


def check_outputs(case, dtype, outputs, what):
    """Values, shapes and dtypes of a list of NDArrays against the reference."""
    expected = case.expected(dtype)
    assert len(outputs) == len(expected), f"{what}: {len(outputs)} outputs"
    for i, (got, want) in enumerate(zip(outputs, expected)):
        kind = case.expected_dtype(i, dtype)
        assert dtype_name(got) == kind, f"{what}: dtype of output {i}"
        assert got.shape == np.shape(want), f"{what}: shape of output {i}"
        check_values(case, kind, dtype, to_numpy(got, kind), want, f"{what}: output {i}")


def check_states(case, dtype, inputs, what):
    """What the inputs hold after a run: states as the table says, all others what they held."""
    wanted = dict(zip(case.updated, case.expected_states(dtype)))
    held = zip(inputs, case.arrays(dtype), case.dtypes_in(dtype))
    for i, (array, before, kind) in enumerate(held):
        got = to_numpy(array, kind)
        if i in wanted:
            check_values(case, kind, dtype, got, wanted[i], f"{what}: input {i} afterwards")
        else:
            np.testing.assert_array_equal(got, before, f"{what}: input {i} was changed")


def check_values(case, kind, dtype, got, want, what, slack=0.0):
    """Equal for integers, within the case's tolerance for floating values.

    With `slack`, each value may further be off by the rounding of a number of that size.
    """
    want = np.asarray(want)
    if kind not in _SCALE:
        np.testing.assert_array_equal(got, want.astype(kind), err_msg=what)
        return
    scale = max(_SCALE[kind], _SCALE.get(dtype, 0.0))
    wide = round_to(want.astype("float64"), kind)
    if np.any(slack):
        with np.errstate(invalid="ignore"):
            near = np.abs(got - wide) <= slack * _ROUNDING[kind]
        got = np.where(near, wide, got)
    np.testing.assert_allclose(
        got, wide, rtol=case.rtol * scale, atol=case.atol * scale, err_msg=what
    )
