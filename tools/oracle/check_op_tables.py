"""Runs the tables of operator cases under MXNet 1.9.1: do our references say what it does?

Run it with a Python that has MXNet 1.9.1 and pytest installed::

    MXNET_SUBGRAPH_BACKEND=NONE OMP_NUM_THREADS=1 python tools/oracle/check_op_tables.py [FILE ...]

For each case: results in each dtype (MXNet 1.9.1 has no bfloat16 in NumPy's world, so that is left
out) and gradients, against the reference. For each fault: MXNet refuses it too. A case whose
`oracle` gives a reason is left out and counted; a dtype that MXNet refuses is listed, as the table
then promises more than 1.9.1 does. The exit status is 1 when a reference disagrees.
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]
TABLES = ROOT / "tests" / "ops"
# Operators that leave something else in their inputs than 1.9.1; docs/differences.md says what.
OTHER_STATES = {"BatchNorm", "BatchNorm_v1", "_adamw_update", "_mp_adamw_update"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=pathlib.Path, help="tables; default: all")
    parser.add_argument("--one", action="store_true", help="check one file in this process")
    options = parser.parse_args()
    files = options.files or sorted(TABLES.rglob("test_*.py"))
    if options.one:
        return check_file(files[0])
    # A process for each table, as 1.9.1 may stop its process.
    results = [subprocess.run([sys.executable, __file__, "--one", f]).returncode for f in files]
    failed = [str(f) for f, code in zip(files, results) if code]
    print(f"{len(files)} tables, {len(failed)} disagree", *failed, sep="\n  ")
    return 1 if failed else 0


def check_file(path):
    sys.path.insert(0, str(TABLES))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    if any(name in path.read_text(encoding="utf-8") for name in ('"_npi_', '"_np_', '"_npx_')):
        reach_numpy_operators()
    spec.loader.exec_module(module)
    counts = collections.Counter()
    for tests in vars(module).values():
        for number, case in enumerate(getattr(tests, "cases", ())):
            check_case(case, number, counts)
        for number, fault in enumerate(getattr(tests, "faults", ())):
            check_fault(fault, number, counts)
    text = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    print(f"{path.relative_to(ROOT)}: {text}", flush=True)
    return 1 if counts["wrong"] else 0


def numpy_function(op):
    """An operator of mx.np as a function of NDArrays, or None for other operators."""
    import mxnet as mx

    if op.startswith("_npi_"):
        function = getattr(mx.nd.np._internal, op[len("_npi_") :])
    elif op.startswith("_np_"):
        function = getattr(mx.nd.np, op[len("_np_") :])
    elif op.startswith("_npx_"):
        function = getattr(mx.nd.numpy_extension, op[len("_npx_") :])
    else:
        return None

    def call(*inputs, **attrs):
        attrs.pop("num_args", None)  # 1.9.1 counts the inputs itself
        result = function(*(array.as_np_ndarray() for array in inputs), **attrs)
        several = isinstance(result, (list, tuple))
        return [r.as_nd_ndarray() for r in result] if several else result.as_nd_ndarray()

    return call


def reach_numpy_operators():
    """Lets `harness.run.function` find the operators of mx.np, which 1.9.1 keeps apart."""
    from harness import run

    import mxnet as mx

    mx.util.set_np_shape(True)
    others = run.function

    def function(module, op):
        return (module is mx.nd and numpy_function(op)) or others(module, op)

    run.function = function


def check_case(case, number, counts):
    from harness import gradient, run
    from harness.checks import compare_gradients
    from harness.compare import check_outputs, check_states

    label = f"{case.name or case.op}-{number}"
    if case.oracle is not True:
        counts["left out"] += 1
        return

    def results(dtype):
        case.updated = updated_inputs(case)
        inputs = run.make_inputs(case, dtype)
        check_outputs(case, dtype, run.call(case, inputs), case.op)
        if case.op not in OTHER_STATES:
            check_states(case, dtype, inputs, case.op)

    def gradients():
        heads = gradient.weights(case)
        got = gradient.gradients(case, case.arrays(gradient.DTYPE), heads)
        compare_gradients(case, got, gradient.expected_gradients(case, heads), "gradient")

    for dtype in case.dtypes:
        if "bfloat16" not in (dtype, case.attrs.get("dtype")):
            attempt(lambda dtype=dtype: results(dtype), f"{label} {dtype}", counts)
    if case.grad:
        attempt(gradients, f"{label} gradient", counts)


def updated_inputs(case):
    """Numbers of the inputs that 1.9.1 updates: as a symbol says, or those that a call changes."""
    from harness import run

    import mxnet as mx

    try:
        auxiliary = run.compose(case).list_auxiliary_states()
        return [i for i in range(len(case.inputs)) if f"in{i}" in auxiliary]
    except AttributeError:  # operators of mx.np are no symbols of that kind
        return []
    except mx.base.MXNetError:  # optimizers take no variables as states
        inputs = run.make_inputs(case, case.dtypes[0])
        before = [array.asnumpy() for array in inputs]
        run.call(case, inputs)
        # Behind the weight and the gradient.
        return [i for i in range(2, len(before)) if (inputs[i].asnumpy() != before[i]).any()]


def attempt(check, label, counts):
    import mxnet as mx

    try:
        check()
        counts["right"] += 1
    except AssertionError as error:
        counts["wrong"] += 1
        print(f"  wrong: {label}: {str(error).strip()[:600]}")
    except mx.base.MXNetError as error:
        counts["refused"] += 1
        print(f"  refused: {label}: {str(error).strip().splitlines()[-1][:160]}")


def check_fault(fault, number, counts):
    import numpy as np
    from harness import run

    import mxnet as mx

    if fault.oracle is not True or any(np.size(a) == 0 for a in fault.inputs):
        counts["left out"] += 1
        return
    try:
        arrays = [np.asarray(a) for a in fault.inputs]
        kinds = [fault.dtype if a.dtype.kind == "f" else a.dtype.name for a in arrays]
        inputs = [run.to_nd(a, kind) for a, kind in zip(arrays, kinds)]
        result = run.function(mx.nd, fault.op)(*inputs, **fault.attrs)
        for array in result if isinstance(result, (list, tuple)) else [result]:
            array.wait_to_read()
    except (mx.base.MXNetError, TypeError, ValueError, AttributeError):
        counts["right"] += 1
        return
    counts["wrong"] += 1
    print(f"  wrong: {fault.name or fault.op}-{number}: 1.9.1 accepts what must fail")


if __name__ == "__main__":
    sys.exit(main())
