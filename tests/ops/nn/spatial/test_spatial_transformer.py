import numpy as np
from harness import FLOATS, Case, Fault, operator_tests
from harness.sampling import affine_grid, sample

R = np.random.default_rng(66)
OP = "SpatialTransformer"
KINDS = {"transform_type": "affine", "sampler_type": "bilinear"}


def transform(data, loc, target_shape, **_):
    return sample(data, affine_grid(loc, *target_shape))


def case(data, target, **more):
    loc = np.array([1.0, 0, 0, 0, 1, 0]) + R.uniform(-0.4, 0.4, size=(data[0], 6))
    return Case(
        OP, [R.normal(size=data), loc], transform, {"target_shape": target, **KINDS}, **more
    )


CASES = [
    case((2, 3, 5, 4), (3, 4), rtol=1e-4, atol=1e-5),
    case((1, 1, 3, 3), (4, 5), rtol=1e-4, atol=1e-5),
    Case(
        OP,
        [np.round(R.normal(size=(1, 2, 5, 5)) * 8) / 8, np.array([[0.5, 0, 0.25, 0, 1.0, 0.5]])],
        transform,
        {"target_shape": (5, 5), **KINDS},
        dtypes=FLOATS,
        grad=False,
    ),
]
DATA, LOC = np.ones((1, 2, 3, 4)), np.zeros((1, 6))
FAULTS = [
    Fault(OP, [DATA, LOC], "target_shape=.*no size", KINDS),
    Fault(OP, [DATA, LOC[:, :5]], "loc=.*expected", {"target_shape": (2, 2), **KINDS}),
    Fault(OP, [DATA[0], LOC], "expected", {"target_shape": (2, 2), **KINDS}),
    Fault(OP, [DATA, LOC], "sampler_type is missing", {"transform_type": "affine"}),
]
TestSpatialTransformer = operator_tests(CASES, FAULTS)
