import numpy as np
from harness import FLOATS, Case, Fault, operator_tests
from harness.sampling import sample

import mxnet as mx

R = np.random.default_rng(65)
OP = "BilinearSampler"


def reference(data, grid, **_):
    return sample(data, grid)


def case(data, points, reach=0.95, **more):
    grid = R.uniform(-reach, reach, size=(data[0], 2, *points))
    return Case(OP, [R.normal(size=data), grid], reference, **more)


CASES = [
    case((2, 3, 4, 5), (3, 4), dtypes=("float32", "float64")),
    case((2, 3, 4, 5), (3, 4), reach=1.8),
    case((1, 2, 3, 2), (5, 1), reach=4.0),
    case((1, 1, 1, 4), (2, 2)),
    # On a grid of sixteenths nothing is rounded.
    Case(
        OP,
        [
            np.round(R.normal(size=(1, 2, 5, 5)) * 8) / 8,
            np.round(R.uniform(-16, 16, (1, 2, 3, 3))) / 16,
        ],
        reference,
        dtypes=FLOATS,
        grad=False,
    ),
]
DATA, GRID = np.ones((1, 2, 3, 4)), np.zeros((1, 2, 2, 2))
FAULTS = [
    Fault(OP, [DATA, np.zeros((2, 2, 2, 2))], "grid=.*expected"),
    Fault(OP, [DATA, np.zeros((1, 3, 2, 2))], "grid=.*expected"),
    Fault(OP, [DATA[0], GRID], "expected"),
    Fault(OP, [DATA, GRID.astype("int32")], "dtype", kind=TypeError),
]
TestBilinearSampler = operator_tests(CASES, FAULTS)


def test_points_that_are_no_numbers_lie_outside():
    """NaN and infinity were read at some pixel by 1.9.1."""
    grid = mx.nd.array([[[[np.nan, np.inf]], [[0.0, -np.inf]]]])
    data = mx.nd.ones((1, 1, 3, 3))
    data.attach_grad()
    with mx.autograd.record():
        out = mx.nd.BilinearSampler(data, grid)
    out.backward()
    assert out.asnumpy().ravel().tolist() == [0.0, 0.0]
    assert data.grad.asnumpy().sum() == 0.0
