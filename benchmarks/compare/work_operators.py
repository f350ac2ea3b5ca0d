"""Times the operators that `operator_inputs.py` wrote inputs for, under Remx or MXNet 1.9.1.

usage: python work_operators.py CLOCK FOLDER NAME [NAME ...]

Prints a line of JSON for each operator and, where it has a gradient, for its backward pass: the
least time of one call in milliseconds, on the clock (CLOCK is `wall`) or of the process (`cpu`),
which other work on the machine disturbs less. A line with "begin" comes before each, so that the
caller knows where a process ended.
"""

from __future__ import annotations

import json
import pathlib
import sys
import time

import numpy as np
from timing import report

import mxnet as mx

ROUND, MOST, ROUNDS = 0.01, 0.25, 9  # seconds of a round and of all; rounds at most
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
_NAMESPACES = {"_contrib_": "contrib", "_linalg_": "linalg", "_image_": "image"}


def function(op):
    """The operator's function in mx.nd."""
    for prefix, namespace in _NAMESPACES.items():
        if op.startswith(prefix):
            return getattr(getattr(mx.nd, namespace), op[len(prefix) :])
    return getattr(mx.nd._internal if op.startswith("_") else mx.nd, op)


def least_ms(call, clock):
    call()
    start, stop = clock(), time.perf_counter() + MOST
    call()
    first = clock() - start
    repeats, least = max(1, int(ROUND / max(first, 1e-6))), first
    for _ in range(ROUNDS):
        if time.perf_counter() > stop:
            break
        start = clock()
        for _ in range(repeats):
            call()
        least = min(least, (clock() - start) / repeats)
    return least * 1e3


def read(file):
    with np.load(file) as stored:
        case = json.loads(str(stored["about"]))
        case["inputs"] = [stored[f"in{i}"] for i in range(len(case["dtypes"]))]
    return case


def arrays_of(case):
    return [
        mx.nd.array(a, dtype=a.dtype).astype(d) if d == "bfloat16" else mx.nd.array(a, dtype=d)
        for a, d in zip(case["inputs"], case["dtypes"])
    ]


def calls(case):
    """Name's ending -> function that runs it and waits."""
    op, attrs, inputs = function(case["op"]), case["attrs"], arrays_of(case)
    mode = mx.autograd.train_mode if case["train"] else mx.autograd.predict_mode

    def run():
        result = op(*inputs, **attrs)
        return list(result) if isinstance(result, (list, tuple)) else [result]

    def forward():
        with mode():
            for out in run():
                out.wait_to_read()

    yield "", forward
    if not case["grad"]:
        return
    wanted = [inputs[i] for i in case["grad"]]
    for x in wanted:
        x.attach_grad()
    with mx.autograd.record():
        outs = run()
    heads = [mx.nd.ones(out.shape, dtype=out.dtype) for out in outs]

    def backward():
        mx.autograd.backward(outs, heads, retain_graph=True)
        for x in wanted:
            x.grad.wait_to_read()

    yield " bwd", backward


def main(clock, folder, names):
    for name in names:
        case = read(pathlib.Path(folder) / f"{name}.npz")
        print(json.dumps({"begin": name}), flush=True)
        try:
            for ending, call in calls(case):
                report(name + ending, "ms", least_ms(call, CLOCKS[clock]), size=case["size"])
        except Exception as error:  # one program may lack what the other has
            text = (str(error).strip() or type(error).__name__).splitlines()[-1]
            print(json.dumps({"refused": name, "why": text[:200]}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
