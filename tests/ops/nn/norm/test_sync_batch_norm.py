"""A copy alone; tests/python/gluon/test_sync_batch_norm.py has copies on several devices."""

import pathlib
import sys

import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from test_batch_norm import batch_norm, inputs  # noqa: E402

OP = "_contrib_SyncBatchNorm"


def alone(*arrays, ndev=1, key="", **attrs):
    return batch_norm(*arrays, **attrs)


def training(*arrays, ndev=1, key="", **attrs):
    return batch_norm(*arrays, **attrs, train=True)


def case(shape, reference, **attrs):
    train = reference is training
    attrs = {"fix_gamma": False, "eps": 2e-2, "key": "table", **attrs}
    more = {"rtol": 1e-4, "atol": 2e-5, "grad_tol": 2e-5, "train": train}
    return Case(
        OP,
        inputs(shape),
        reference,
        attrs,
        FLOATS[:1] if train else FLOATS[:2],
        grad=(0, 1, 2) if train else False,
        oracle="1.9.1 moves other averages, or waits for copies",
        **more,
    )


CASES = [
    case((3, 2, 4), training),
    case((4, 3), training, use_global_stats=True, ndev=2),
    case((3, 2, 4), alone),
    case((3, 2, 2, 2), alone, ndev=3),
]
X, P = np.ones((2, 3, 4)), np.ones(3)
FAULTS = [
    Fault(OP, [X, P, P, P, P], "key is missing"),
    Fault(OP, [X, P, P, P, P], "ndev=0", {"key": "a", "ndev": 0}, oracle="1.9.1 waits for ever"),
    Fault(OP, [X, P[:2], P, P, P], "gamma=.*expected", {"key": "a"}),
]
TestSyncBatchNorm = operator_tests(CASES, FAULTS)
