"""Operators on arrays of every storage kind: what is tried, and with which numbers."""

from __future__ import annotations

import dataclasses
import functools
import importlib.util
import itertools
import json
import pathlib

import numpy as np

import mxnet as mx

from . import run, storage_cases

TABLES = pathlib.Path(__file__).parents[1]
KINDS = ("default", "csr", "row_sparse")
MAX_CASES, MAX_SIZE, MAX_COMBINED = 6, 400, 3


@dataclasses.dataclass
class Trial:
    """One case of an operator's table with a storage kind for each input."""

    case: object
    kinds: tuple[str, ...]

    @functools.cached_property
    def key(self):
        """Operator, attributes, shapes and kinds as text."""
        shapes = [list(np.shape(a)) for a in self.case.inputs]
        attrs = json.dumps({k: str(v) for k, v in sorted(self.case.attrs.items())})
        return f"{self.case.op} {attrs} {shapes} {' '.join(self.kinds)}"

    def arrays(self):
        """The inputs as NumPy arrays; sparse ones with zeros, some in whole rows."""
        arrays = self.case.arrays("float32")
        return [
            a if kind == "default" or (self.updates and i != 1) else with_zeros(a)
            for i, (a, kind) in enumerate(zip(arrays, self.kinds))
        ]

    @property
    def updates(self):
        """Whether the operator changes a weight in place, by a gradient, its second input."""
        return self.case.op.endswith("_update")

    def make_inputs(self):
        """The inputs as NDArrays."""
        dtypes = self.case.dtypes_in("float32")
        arrays = [run.to_nd(a, d) for a, d in zip(self.arrays(), dtypes)]
        return [a if k == "default" else a.tostype(k) for a, k in zip(arrays, self.kinds)]

    def call(self, inputs):
        """The results as a list of NDArrays."""
        return run.call(self.case, inputs, out=inputs[0] if self.updates else None)

    def bind(self, inputs):
        """Gradients of the results' sum, from a bound symbol that infers their kinds."""
        given = {f"in{i}": array for i, array in enumerate(inputs)}
        executor = run.compose(self.case).simple_bind(
            mx.cpu(),
            grad_req={n: "write" if i in self.case.grad else "null" for i, n in enumerate(given)},
            stype_dict={name: array.stype for name, array in given.items()},
            type_dict={name: array.dtype for name, array in given.items()},
            **{name: array.shape for name, array in given.items()},
        )
        for name, array in given.items():
            executor.arg_dict[name][:] = array
        outputs = executor.forward(is_train=True)
        executor.backward([mx.nd.ones(o.shape) for o in outputs])
        return [executor.grad_dict[f"in{i}"] for i in self.case.grad]


def with_zeros(array):
    """The same numbers, but two of five elements, and every fourth row from the second, are 0."""
    array = np.array(array)
    if array.dtype.kind == "f" and array.ndim:
        flat = array.reshape(-1)
        flat[(np.arange(flat.size) * 7 + 3) % 5 < 2] = 0
        array[1::4] = 0
    return array


def trials():
    """All that is tried, for each operator: calls made for this, and its table."""
    found = {}
    for case in storage_cases.CASES:
        found.setdefault(case.op, []).append(case)
    for case in table_cases():
        cases = found.setdefault(case.op, [])
        new = _signature(case) not in map(_signature, cases)
        if new and len(cases) < MAX_CASES and fits(case):
            cases.append(case)
    return {op: [t for case in cases for t in _of_case(case)] for op, cases in found.items()}


def _signature(case):
    return case.attrs, [np.ndim(a) for a in case.inputs]


def fits(case):
    """Whether some input can be sparse and all are small. Arrays of mx.np are dense."""
    return (
        case.oracle is True
        and any(np.ndim(a) for a in case.inputs)
        and all(0 < np.size(a) <= MAX_SIZE for a in case.inputs)
        and "float32" in case.dtypes
        and not case.op.startswith("_np")
    )


def _of_case(case):
    """Every combination of the kinds of the first inputs; those that follow are alike."""
    free = [_kinds_of(a) for a in case.inputs[:MAX_COMBINED]]
    for kinds in itertools.product(*free):
        rest = [kinds[-1] if kinds[-1] in _kinds_of(a) else "default" for a in case.inputs]
        kinds = kinds + tuple(rest[MAX_COMBINED:])
        if set(kinds) != {"default"}:
            yield Trial(case, kinds)


def _kinds_of(array):
    return KINDS if np.ndim(array) == 2 else ("default", "row_sparse")[: 1 + (np.ndim(array) > 0)]


def table_cases():
    """The cases of all tables."""
    for path in sorted(TABLES.rglob("test_*.py")):
        if "operator_tests(" not in path.read_text():
            continue
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except AttributeError:  # 1.9.1 lacks an operator that makes the numbers of this table
            continue
        for tests in vars(module).values():
            yield from getattr(tests, "cases", ())
