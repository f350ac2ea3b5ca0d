"""The operator tables find faults that are planted into the library."""

import pathlib
import subprocess
import sys

import pytest

from mxnet import _core

ROOT = pathlib.Path(__file__).parents[3]
LIBRARY = pathlib.Path(_core.__file__).parents[2] / "tests/cpp/mutants/libmxnet_mutants.so"
RUN = """
import ctypes, sys, pytest
import mxnet
assert ctypes.CDLL(sys.argv[1]).plant_mutant(sys.argv[2].encode()), "unknown mutant"
print("planted")
sys.exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "--tb=line", sys.argv[3]]))
"""
# Fault, as tests/cpp/mutants/mutants.cc names it; the table that must find it; the test in it.
MUTANTS = [
    ("state_lost", "optimizer/test_sgd.py", "test_result"),
    ("state_lost_when_large", "optimizer/test_adam.py", "test_large"),
    ("wrong_when_large", "reduce/test_sum.py", "test_large"),
    ("wrong_in_second_thread", "elemwise/test_exponential.py", "test_large"),
    ("wrong_at_odd_sizes", "elemwise/test_roots.py", "test_result"),
    ("wrong_at_odd_addresses", "elemwise/test_activation_functions.py", "test_kernels"),
    ("reads_after_writing", "elemwise/test_arithmetic.py", "test_in_place"),
    ("writes_behind_the_end", "elemwise/test_fill_like.py", "test_kernels"),
    ("reads_before_the_start", "elemwise/test_roots.py", "test_kernels"),
    ("writes_its_input", "elemwise/test_sign.py", "test_result"),
    ("sums_in_half_precision", "reduce/test_sum.py", "test_result"),
    ("writes_instead_of_adding", "elemwise/test_arithmetic.py", "test_write_modes"),
    ("needs_the_other_output", "matrix/test_split.py", "test_write_modes"),
    ("unwanted_output_behind_its_end", "matrix/test_split.py", "test_write_modes"),
    ("gradient_slightly_off", "elemwise/test_special.py", "test_gradient"),
    ("gradient_lost", "matrix/test_dot.py", "test_gradient"),
    ("second_gradient_off", "elemwise/test_activation_functions.py", "test_second_gradient"),
    ("decomposition_slightly_off", "nn/norm/test_layer_norm.py", "test_second_gradient"),
    ("reverse_in_place", "matrix/test_reverse.py", "test_in_place"),
    ("normalization_in_place", "nn/norm/test_lrn.py", "test_in_place"),
    ("take_in_place", "indexing/test_take.py", "test_in_place"),
    ("wrong_dtype", "reduce/test_argmax.py", "test_result"),
]


@pytest.mark.parametrize("mutant, table, test", MUTANTS, ids=[m[0] for m in MUTANTS])
def test_tables_find(mutant, table, test):
    assert LIBRARY.exists(), f"{LIBRARY} is not built; run `make build`"
    command = [sys.executable, "-c", RUN, LIBRARY, mutant, f"tests/ops/{table}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert "planted" in done.stdout, done.stderr
    # Without the fault these tables pass; pytest says 1 where tests failed.
    assert done.returncode == 1, f"{mutant} survives {table}: {done.stdout[-500:]}"
    assert f"::{test}[" in done.stdout, f"found by another test than {test}: {done.stdout[-500:]}"
