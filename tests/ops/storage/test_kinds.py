"""Storage kinds and values of results on sparse arrays are those of MXNet 1.9.1.

`tools/oracle/write_storage_kinds.py` stored what 1.9.1 gives. Where it has a kernel, so have we,
with the exceptions named here.
"""

import functools
import json
import pathlib

import numpy as np
import pytest
from harness import storage

from mxnet import _core

STORED = pathlib.Path(__file__).parents[2] / "data" / "sparse" / "storage_kinds.json"


@functools.cache
def stored():
    """What 1.9.1 gives, by the key of the trial."""
    return json.loads(STORED.read_text())


def by_operator():
    """Trials that 1.9.1 takes, for each operator."""
    table = stored()
    found = {op: [t for t in trials if t.key in table] for op, trials in storage.trials().items()}
    return {op: trials for op, trials in found.items() if trials}


TRIALS = by_operator()
# Where the kind of the result is another one, and why.
OTHER_KINDS = {
    "_contrib_quadratic {} [[2, 3]] row_sparse": "zeros stay; in 1.9.1 for csr only",
}
# Where values are others.
OTHER_VALUES = {"_scatter_elemwise_div": "a sparse divisor is zero where it stores nothing"}
# Where 1.9.1 prints no line of a fallback, and this computes on dense copies.
ON_DENSE_COPIES = {
    "CTCLoss": "sparse labels; the values are those of dense copies in 1.9.1, too",
    "_onehot_encode": "the values are those of dense copies in 1.9.1, too",
    "_power": "the result is dense, and almost nowhere 0",
    "elemwise_div": "of two sparse arrays the result is dense, and almost nowhere 0",
    "softmax": "with a length; the values are those of dense copies in 1.9.1, too",
}
# Where 1.9.1 gives 0 / 0 for gradients at zeros that are not stored, which have none here.
NAN_GRADIENTS = {"_hypot", "_power", "norm"}


def told(trial):
    row = stored()[trial.key]
    return {"how": "dense", "out": None} if row == "dense" else {"how": "sparse", **row}


@pytest.mark.parametrize("op", sorted(TRIALS))
def test_kinds_and_values(op):
    wrong = []
    for trial in TRIALS[op]:
        row = told(trial)
        inputs = trial.make_inputs()
        before = _core.storage_fallbacks()
        results = trial.call(inputs)
        fell = _core.storage_fallbacks() > before
        kinds = [a.stype for a in results]
        if kinds != (row["out"] or ["default"] * len(kinds)) and trial.key not in OTHER_KINDS:
            wrong.append(f"{trial.key}: {kinds}, 1.9.1 {row['out'] or 'dense'}")
        if row["how"] == "sparse" and fell and op not in ON_DENSE_COPIES:
            wrong.append(f"{trial.key}: works on dense copies, 1.9.1 does not")
        for got, values in zip(results, row.get("values", ())):
            want = np.reshape(values, got.shape)
            if op in OTHER_VALUES and "default" not in trial.kinds:
                continue
            if not np.allclose(got.asnumpy().astype("float64"), want, 1e-4, 1e-5, equal_nan=True):
                wrong.append(f"{trial.key}: {got.asnumpy().tolist()}, 1.9.1 {want.tolist()}")
        for i, values in row.get("changed", {}).items():
            want = np.reshape(values, inputs[int(i)].shape)
            if not np.allclose(inputs[int(i)].asnumpy(), want, 1e-4, 1e-5, equal_nan=True):
                wrong.append(f"{trial.key}: input {i} holds other numbers")
    assert not wrong, "\n".join(wrong)


def with_gradients():
    return {
        op: kept
        for op, trials in TRIALS.items()
        if (kept := [t for t in trials if isinstance(told(t).get("gradients"), list)])
    }


GRADIENTS = with_gradients()


@pytest.mark.parametrize("op", sorted(GRADIENTS))
def test_gradients_of_executors(op):
    wrong = []
    for trial in GRADIENTS[op]:
        arrays = trial.bind(trial.make_inputs())
        for i, got, (_, values) in zip(trial.case.grad, arrays, told(trial)["gradients"]):
            if op == "dot" and trial.kinds[i] == "csr":
                continue  # 1.9.1 computes none
            want = np.reshape(values, got.shape)
            if op in NAN_GRADIENTS:
                want = np.where(np.isnan(want) & (got.asnumpy() == 0), 0, want)
            if not np.allclose(got.asnumpy(), want, 1e-4, 1e-5, equal_nan=True):
                wrong.append(f"{trial.key}: gradient {got.asnumpy().tolist()}, {want.tolist()}")
    assert not wrong, "\n".join(wrong)


def test_the_table_is_what_is_tried():
    keys = {trial.key for trials in storage.trials().values() for trial in trials}
    assert not set(stored()) - keys
    assert sum(row != "dense" for row in stored().values()) > 300
