"""Replays random sequences of MXNet 1.9.1 stored in tests/data/random.json (see docs/random.md)."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
CASES = json.loads((ROOT / "tests/data/random.json").read_text())
sys.path.insert(0, str(ROOT / "tools/oracle"))

from random_reference import CpuRandom  # noqa: E402

SAMPLERS = sorted({call["op"] for case in CASES for call in case["calls"]})


def case_id(case):
    return "seed{}-{}".format(
        case["seed"],
        "-".join(
            f"{call['op']}-{call['dtype']}-{'x'.join(map(str, call['shape']))}"
            for call in case["calls"][:1]
        ),
    )


def stored(call, values):
    """The values of a call at the stored positions."""
    flat = np.asarray(values).ravel()
    return flat[call["positions"]] if "positions" in call else flat


def reference(random, call):
    """Runs a call with the Python model."""
    op, args, shape = call["op"], call["args"], call["shape"]
    count = int(np.prod(shape))
    if op == "dropout":
        return random.dropout_mask(args["p"], count, call["dtype"])
    if op == "shuffle":
        order = random.shuffle(shape[0]) if len(shape) == 1 else random.shuffle_rows(shape[0])
        return np.arange(count, dtype=call["dtype"]).reshape(shape)[order]
    if op == "multinomial":
        return random.multinomial(np.array(args["data"], "float32"), count)
    lists = [value for value in args.values() if isinstance(value, list)]
    total = count * len(lists[0]) if lists else count
    return getattr(random, op)(count=total, dtype=call["dtype"], **args)


def run(mx, call):
    """Runs a call with the package."""
    op, args, shape = call["op"], call["args"], tuple(call["shape"])
    if op == "dropout":
        with mx.autograd.record():
            return mx.nd.Dropout(mx.nd.ones(shape, dtype=call["dtype"]), **args).asnumpy()
    if op == "shuffle":
        size = int(np.prod(shape))
        return mx.nd.shuffle(mx.nd.arange(size).reshape(shape)).asnumpy()
    args = {
        name: mx.nd.array(value) if isinstance(value, list) else value
        for name, value in args.items()
    }
    return getattr(mx.nd.random, op)(shape=shape, dtype=call["dtype"], **args).asnumpy()


@pytest.mark.parametrize("op", SAMPLERS)
def test_reference_model(op):
    """The Python model in tools/oracle gives the stored numbers."""
    for case in CASES:
        small = all(np.prod(call["shape"]) < 5000 for call in case["calls"])
        if case["calls"][0]["op"] != op or not small:
            continue
        random = CpuRandom(case["seed"] or 0)
        for call in case["calls"]:
            np.testing.assert_array_equal(stored(call, reference(random, call)), call["values"])


@pytest.mark.parametrize("case", [case for case in CASES if case["seed"] is not None], ids=case_id)
def test_same_as_mxnet(case):
    """Remx draws the numbers that MXNet 1.9.1 draws."""
    mx = pytest.importorskip("mxnet")
    mx.random.seed(case["seed"])
    for call in case["calls"]:
        actual = run(mx, call)
        assert actual.dtype == np.dtype(call["dtype"])
        np.testing.assert_array_equal(stored(call, actual), call["values"])


def test_process_that_never_seeded():
    """The first numbers of a fresh process are those of seed 0, as in MXNet 1.9.1."""
    pytest.importorskip("mxnet")
    call = next(case for case in CASES if case["seed"] is None)["calls"][0]
    draw = f"mx.nd.random.uniform(shape={tuple(call['shape'])})"
    program = f"import mxnet as mx; print({draw}.asnumpy().tolist())"
    output = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert json.loads(output.stdout) == call["values"]
