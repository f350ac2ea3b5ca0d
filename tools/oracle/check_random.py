"""Compares random_reference.py with MXNet 1.9.1 and stores expected sequences (run under 1.9.1).

usage: python check_random.py [FILE]      (default: tests/data/random.json)

Every case is a list of calls made one after the other in one seeded process; seed null is a
process that never seeded. Only a few values of long sequences are kept: `positions`.
"""

import json
import sys
from pathlib import Path

import numpy as np
from random_reference import CpuRandom

import mxnet as mx

SEEDS = (0, 42)
SAMPLERS = [
    ("uniform", {"low": -2.0, "high": 3.3}),
    ("normal", {"loc": 1.5, "scale": 2.7}),
    ("exponential", {"scale": 1.7}),
    ("gamma", {"alpha": 3.7, "beta": 2.1}),
    ("gamma", {"alpha": 0.3, "beta": 2.1}),
    ("poisson", {"lam": 4.7}),
    ("poisson", {"lam": 33.3}),
    ("negative_binomial", {"k": 3, "p": 0.3}),
    ("generalized_negative_binomial", {"mu": 2.2, "alpha": 0.4}),
    ("generalized_negative_binomial", {"mu": 2.2, "alpha": 0.0}),
]
ARRAY_SAMPLERS = [
    ("uniform", {"low": [0.0, 10.0, -3.0], "high": [1.0, 12.5, 3.0]}),
    ("normal", {"loc": [0.0, 10.0, -3.0], "scale": [1.0, 12.5, 3.0]}),
    ("exponential", {"scale": [0.5, 2.0, 3.0]}),
    ("gamma", {"alpha": [0.3, 2.0, 3.0], "beta": [0.5, 2.0, 3.0]}),
    ("poisson", {"lam": [0.5, 2.0, 30.0]}),
    ("negative_binomial", {"k": [1.0, 2.0, 3.0], "p": [0.5, 0.2, 0.3]}),
    ("generalized_negative_binomial", {"mu": [1.0, 2.0, 3.0], "alpha": [0.5, 0.2, 0.3]}),
]
ROWS = [[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1]]


def call(op, args, shape, dtype="float32"):
    return {"op": op, "args": args, "shape": list(shape), "dtype": dtype}


def make_cases():
    """All cases without their values."""
    singles = [
        call(op, args, (20,), dtype)
        for op, args in SAMPLERS
        for dtype in ("float32", "float64", "float16")
    ]
    singles += [call(op, args, (30, 50)) for op, args in SAMPLERS]
    singles += [call(op, args, shape) for op, args in ARRAY_SAMPLERS for shape in ((5,), (400,))]
    singles += [
        call("uniform", {}, (1025 * 70,)),
        call("normal", {}, (3, 5, 7)),
        call("normal", {}, (1025 * 70,), "float64"),
    ]
    singles += [
        call("randint", {"low": -5, "high": 1000}, shape, dtype)
        for shape in ((20,), (3000,))
        for dtype in ("int32", "int64")
    ]
    singles += [call("randint", {"low": 0, "high": 2**40}, (20,), "int64")]
    singles += [
        call("dropout", {"p": p}, shape, dtype)
        for p in (0.3, 0.5)
        for shape in ((20,), (2000,))
        for dtype in ("float32", "float64", "float16")
    ]
    singles += [call("shuffle", {}, shape) for shape in ((10,), (11,), (2000,), (10, 2), (7, 3, 2))]
    singles += [
        call("multinomial", {"data": data}, shape, "int32")
        for data in (ROWS, ROWS[0], [0.01] * 100)
        for shape in ((20,), (300,))
    ]
    cases = [{"seed": seed, "calls": [dict(one)]} for seed in SEEDS for one in singles]
    mixed = [
        call("uniform", {}, (7,)),
        call("shuffle", {}, (10,)),
        call("normal", {}, (130,)),
        call("multinomial", {"data": ROWS}, (5,), "int32"),
        call("dropout", {"p": 0.5}, (9,)),
        call("uniform", {}, (5,), "float64"),
        call("uniform", {}, (200,)),
    ]
    return cases + [{"seed": seed, "calls": [dict(one) for one in mixed]} for seed in (7, -5, None)]


def run_mxnet(one):
    """One call under the package imported as mxnet; a flat array."""
    op, args, shape, dtype = one["op"], one["args"], tuple(one["shape"]), one["dtype"]
    if op == "dropout":
        with mx.autograd.record():
            return mx.nd.Dropout(mx.nd.ones(shape, dtype=dtype), **args).asnumpy().ravel()
    if op == "shuffle":
        size = int(np.prod(shape))
        return mx.nd.shuffle(mx.nd.arange(size).reshape(shape)).asnumpy().ravel()
    args = {
        name: mx.nd.array(value) if isinstance(value, list) else value
        for name, value in args.items()
    }
    return getattr(mx.nd.random, op)(shape=shape, dtype=dtype, **args).asnumpy().ravel()


def run_reference(random, one):
    """The same call by the reference; a flat array."""
    op, args, shape, dtype = one["op"], one["args"], tuple(one["shape"]), one["dtype"]
    count = int(np.prod(shape))
    if op == "dropout":
        return random.dropout_mask(args["p"], count, dtype)
    if op == "shuffle":
        order = random.shuffle(shape[0]) if len(shape) == 1 else random.shuffle_rows(shape[0])
        return np.arange(count, dtype=dtype).reshape(shape)[order].ravel()
    if op == "multinomial":
        return random.multinomial(np.array(args["data"], "float32"), count)
    lists = [value for value in args.values() if isinstance(value, list)]
    return getattr(random, op)(count=count * len(lists[0]) if lists else count, dtype=dtype, **args)


def fill(case):
    """Adds positions and values of MXNet 1.9.1 to a case after comparing with the reference."""
    random = CpuRandom(case["seed"] or 0)
    if case["seed"] is not None:
        mx.random.seed(case["seed"])
    for one in case["calls"]:
        actual, expected = run_mxnet(one), run_reference(random, one)
        if actual.dtype != expected.dtype or not np.array_equal(actual, expected):
            raise SystemExit(f"reference differs from MXNet: seed {case['seed']} {one}")
        if actual.size > 40:
            one["positions"] = sorted(
                {*range(3), *range(0, actual.size, actual.size // 12), actual.size - 1}
            )
            actual = actual[one["positions"]]
        one["values"] = actual.tolist()


def main():
    here = Path(__file__).resolve().parents[2]
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "tests/data/random.json"
    cases = make_cases()
    cases.sort(key=lambda case: case["seed"] is not None)  # the unseeded case must come first
    for case in cases:
        fill(case)
    lines = ",\n".join(json.dumps(case) for case in cases)
    path.write_text(f"[\n{lines}\n]\n")
    print(len(cases), "cases equal;", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
