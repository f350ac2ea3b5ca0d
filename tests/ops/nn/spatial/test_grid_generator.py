import numpy as np
from harness import FLOATS, Case, Fault, operator_tests
from harness.sampling import affine_grid

R = np.random.default_rng(64)
OP = "GridGenerator"


def grid(x, transform_type, target_shape=None):
    if transform_type == "affine":
        return affine_grid(x, *target_shape)
    height, width = x.shape[2:]
    out = np.zeros_like(x)
    if width > 1:
        out[:, 0] = (x[:, 0] + np.arange(width)) * 2 / (width - 1) - 1
    if height > 1:
        out[:, 1] = (x[:, 1] + np.arange(height)[:, None]) * 2 / (height - 1) - 1
    return out


def affine(batch, height, width, **more):
    attrs = {"transform_type": "affine", "target_shape": (height, width)}
    return Case(OP, [R.normal(size=(batch, 6))], grid, attrs, second=True, **more)


def warp(*shape, **more):
    data = [R.normal(size=shape)]
    return Case(OP, data, grid, {"transform_type": "warp"}, second=True, atol=1e-5, **more)


CASES = [
    affine(2, 3, 4, dtypes=FLOATS),
    affine(1, 5, 2),
    affine(1, 1, 3, oracle="1.9.1 divides by zero: NaN"),
    warp(2, 2, 3, 4, dtypes=FLOATS),
    warp(1, 2, 5, 2),
    warp(1, 2, 1, 3, oracle="1.9.1 divides by zero: infinity"),
    # More small grids than vectors hold together, the largest small one, and a larger one.
    affine(19, 3, 3),
    affine(2, 8, 8),
    affine(2, 5, 13),
]
AFFINE = {"transform_type": "affine", "target_shape": (2, 2)}
FAULTS = [
    Fault(OP, [np.ones((1, 6))], "target_shape=.*no size", {"transform_type": "affine"}),
    Fault(OP, [np.ones((1, 5))], r"expected \(1, 6\)|expected \(.*6\)", AFFINE),
    Fault(OP, [np.ones((1, 3, 2, 2))], "expected", {"transform_type": "warp"}),
    Fault(OP, [np.ones((1, 6))], "transform_type is missing", {"target_shape": (2, 2)}),
    Fault(OP, [np.ones((1, 6), "int32")], "floating dtype", AFFINE, kind=TypeError),
]
TestGridGenerator = operator_tests(CASES, FAULTS)
