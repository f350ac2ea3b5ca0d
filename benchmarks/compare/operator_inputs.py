"""Makes an input of a standard size for every operator, from the tables of test cases.

usage: PYTHONPATH=build/release/python python benchmarks/compare/operator_inputs.py FOLDER [TEXT]

Writes FOLDER/<operator>.npz for each operator with a table (whose name contains the text): the
case whose arrays could be made largest, up to 2^20 elements, first with longer rows, then with more
of them. A case whose attributes fix the shapes stays as small as it is.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import pathlib
import sys
import time

import numpy as np

import mxnet as mx

TABLES = pathlib.Path(__file__).parents[2] / "tests" / "ops"
TARGET = 1 << 20  # elements of the largest array
LONGEST_ROW = 1024
MOST_SECONDS = 0.3  # of one call
_ATTRS = {"shape": (1024, 1024), "N": 1024, "num": TARGET, "stop": TARGET}


def tables():
    """Registered name -> cases of all tables."""
    from harness.kernels import registered_name

    found = {}
    for path in sorted(TABLES.rglob("test_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for tests in list(vars(module).values()):
            for case in getattr(tests, "cases", ()):
                found.setdefault(registered_name(case.op), []).append(case)
    return found


def seconds(case):
    """How long the operator takes, or None when it refuses the case."""
    from harness import run

    try:
        arrays = run.make_inputs(case, case.dtypes[0])
        mx.nd.waitall()
        start = time.perf_counter()
        for out in run.call(case, arrays):
            out.wait_to_read()
        return time.perf_counter() - start
    except Exception:  # whatever an operator or its function says of a shape
        return None


def size_of(case):
    """Elements of the largest input or output."""
    from harness import run

    outputs = run.call(case, run.make_inputs(case, case.dtypes[0]))
    return max([a.size for a in case.inputs] + [out.size for out in outputs])


def longer(case, way, factor):
    """The case with rows along an axis of some inputs repeated `factor` times."""
    inputs = [
        np.concatenate([a] * factor, axis=way[i]) if i in way else a
        for i, a in enumerate(case.inputs)
    ]
    return dataclasses.replace(case, inputs=inputs)


def lengthened(case, axis, limit):
    """The case made larger along `axis` (of as many inputs as have to follow), or itself."""
    from harness.large import _ways

    size = size_of(case)
    for way in _ways(case.inputs):
        if set(way.values()) != {axis}:
            continue
        length = max(case.inputs[i].shape[axis] for i in way)
        twice = longer(case, way, 2)
        if seconds(twice) is None or size_of(twice) < 2 * size:
            continue
        factor = min(TARGET // size, limit // length)
        while factor > 1:
            larger = longer(case, way, factor)
            spent = seconds(larger)
            if spent is not None and spent < MOST_SECONDS and size_of(larger) <= TARGET:
                return larger
            factor //= 2
    return case


def enlarged(case):
    """The case at its standard size."""
    if not case.inputs:
        for name in _ATTRS.keys() & case.attrs.keys():
            larger = dataclasses.replace(case, attrs={**case.attrs, name: _ATTRS[name]})
            if seconds(larger) is not None:
                return larger
        return case
    if any(a.size == 0 for a in case.inputs):
        return case
    return with_other_values(lengthened(lengthened(case, -1, LONGEST_ROW), 0, TARGET))


def with_other_values(case):
    """Floating values that repeat are moved a little, unless they are whole numbers (indices)."""
    random = np.random.default_rng(1)

    def moved(a):
        if a.dtype.kind != "f" or (a == np.floor(a)).all():
            return a
        return a * (1 + 1e-4 * random.uniform(-1, 0, size=a.shape))

    other = dataclasses.replace(case, inputs=[moved(a) for a in case.inputs])
    return case if seconds(other) is None else other


def standard_case(cases):
    """The first of the cases that gets large, else the largest; with its size."""
    best, most = None, -1
    for case in cases:
        if seconds(case) is None:
            continue
        larger = enlarged(case)
        size = size_of(larger)
        if size > most:
            best, most = larger, size
        if most > TARGET // 2:
            break
    return best, most


def write(case, size, file):
    """The inputs, and as JSON what else `work_operators.py` needs, as any NumPy can read them."""
    dtype = case.dtypes[0]
    inputs = {
        f"in{i}": a.astype("float32" if d == "bfloat16" else d)
        for i, (a, d) in enumerate(zip(case.arrays(dtype), case.dtypes_in(dtype)))
    }
    about = {
        "op": case.op,
        "attrs": case.attrs,
        "dtypes": case.dtypes_in(dtype),
        "grad": case.grad,
        "train": case.train,
        "size": int(size),
    }
    np.savez(file, about=json.dumps(about), **inputs)


def main(folder, text=""):
    sys.path.insert(0, str(TABLES))
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, cases in sorted(tables().items()):
        if text not in name:
            continue
        case, size = standard_case(cases)
        if case is None:
            print(f"{name}: no case can be called", flush=True)
            continue
        try:
            write(case, size, folder / f"{name}.npz")
        except TypeError as error:  # attributes that are no plain data, as graphs inside of nodes
            print(f"{name}: {error}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
