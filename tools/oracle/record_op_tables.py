"""Runs the cases whose reference is `Stored` under MXNet 1.9.1 and stores the results.

Run it with a Python that has MXNet 1.9.1 and pytest installed, for tables that gained such cases::

    MXNET_SUBGRAPH_BACKEND=NONE OMP_NUM_THREADS=1 python tools/oracle/record_op_tables.py FILE ...

Results are those for float32 inputs; they go to tests/data/ops, which the tests read.
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import pathlib
import sys

import numpy as np

ROOT = pathlib.Path(__file__).parents[2]
TABLES = ROOT / "tests" / "ops"
DATA = ROOT / "tests" / "data" / "ops"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=pathlib.Path, help="tables")
    sys.path.insert(0, str(TABLES))
    stored = collections.defaultdict(dict)
    for path in parser.parse_args().files:
        for case in stored_cases(path):
            stored[case.reference.file].update(results(case))
    DATA.mkdir(exist_ok=True)
    for name, arrays in stored.items():
        np.savez_compressed(DATA / name, **arrays)
        print(f"{name}: {len(arrays)} arrays, {(DATA / name).stat().st_size} bytes")


def stored_cases(path):
    """The cases of a table that ask for a result of MXNet 1.9.1."""
    from harness.case import Stored

    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tests = [t for t in vars(module).values() if hasattr(t, "cases")]
    return [c for t in tests for c in t.cases if isinstance(c.reference, Stored)]


def results(case):
    """The outputs under the names that `Stored` looks for."""
    from harness import run

    outputs = [o.asnumpy() for o in run.call(case, run.make_inputs(case, "float32"))]
    key = case.reference.key
    if len(outputs) == 1:
        return {key: outputs[0]}
    return {f"{key}_{i}": output for i, output in enumerate(outputs)}


if __name__ == "__main__":
    main()
