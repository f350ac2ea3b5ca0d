import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(3)
X, W, B = R.normal(size=(4, 6)), R.normal(size=(5, 6)), R.normal(size=5)
X4 = R.normal(size=(2, 3, 2, 2))
LARGE = [R.normal(size=s) / 8 for s in ((37, 150), (70, 150), (70,))]


def reference(x, w, b=None, num_hidden=0, no_bias=False, flatten=True):
    rows = x.reshape(x.shape[0], int(np.prod(x.shape[1:]))) if flatten else x
    return rows @ w.T + (0 if b is None else b)


def case(inputs, **options):
    attrs = {"num_hidden": len(inputs[1]), **options.pop("attrs", {})}
    if len(inputs) == 2:
        attrs["no_bias"] = True
    return Case("FullyConnected", inputs, reference, attrs=attrs, **options)


CASES = [
    case([X, W, B], dtypes=FLOATS, rtol=1e-4, atol=1e-5, oracle="1.9.1 lacks types"),
    case([X, W, B], grad=(0, 1), second=True),
    case([X, W]),
    case([X4, R.normal(size=(3, 12)), np.ones(3)], grad=(0, 1), second=True),
    case(
        [X4, R.normal(size=(3, 2)), np.ones(3)], attrs={"flatten": False}, grad=(0, 1), second=True
    ),
    case([R.normal(size=3), R.normal(size=(2, 1))], name="vector", rtol=1e-4),
    case(
        [R.normal(size=3), R.normal(size=(2, 3))],
        attrs={"flatten": False},
        name="vector",
        rtol=1e-4,
    ),
    case(LARGE, dtypes=FLOATS, rtol=1e-4, atol=1e-4, grad=False, oracle="1.9.1 lacks types"),
    case(
        [LARGE[0][:2], *LARGE[1:]],
        dtypes=FLOATS,
        rtol=1e-4,
        atol=1e-4,
        grad=False,
        oracle="1.9.1 lacks types",
        name="few_rows",
    ),
    case([np.zeros((0, 3)), np.ones((2, 3))], grad=False, name="empty"),
    case([np.arange(6).reshape(2, 3), np.arange(12).reshape(4, 3)], grad=False, dtypes=["int64"]),
]
FAULTS = [
    Fault("FullyConnected", [X, W], "FullyConnected: num_hidden is missing", {"no_bias": True}),
    Fault("FullyConnected", [X, W], "num_hidden=0 is out", {"num_hidden": 0, "no_bias": True}),
    Fault("FullyConnected", [X, W.T], r"weight=\(6, 5\)", {"num_hidden": 5, "no_bias": True}),
]
TestFullyConnected = operator_tests(CASES, FAULTS)
