import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(12).normal(size=(2, 8, 4, 6))


def depth_to_space(x, block_size):
    n, c, h, w = x.shape
    b = block_size
    parts = x.reshape(n, b, b, c // b**2, h, w).transpose(0, 3, 4, 1, 5, 2)
    return parts.reshape(n, c // b**2, h * b, w * b)


def space_to_depth(x, block_size):
    n, c, h, w = x.shape
    b = block_size
    parts = x.reshape(n, c, h // b, b, w // b, b).transpose(0, 3, 5, 1, 2, 4)
    return parts.reshape(n, c * b**2, h // b, w // b)


CASES = [
    Case("depth_to_space", [X], depth_to_space, attrs={"block_size": 2}, dtypes=ALL, grad=False),
    Case(
        "depth_to_space", [X[:1, :4, :2, :2]], depth_to_space, attrs={"block_size": 2}, second=True
    ),
    Case("space_to_depth", [X], space_to_depth, attrs={"block_size": 2}, dtypes=ALL, grad=False),
    Case(
        "space_to_depth", [X[:1, :2, :2, :2]], space_to_depth, attrs={"block_size": 2}, second=True
    ),
    Case("space_to_depth", [X[:1]], space_to_depth, attrs={"block_size": 1}, grad=False),
]
FAULTS = [
    Fault("depth_to_space", [X], "block_size=3 does not fit axis 1", {"block_size": 3}),
    Fault("space_to_depth", [X], "block_size=3 does not fit axis 2", {"block_size": 3}),
    Fault("depth_to_space", [X], "block_size=0 is out of range", {"block_size": 0}),
    Fault("space_to_depth", [X[0]], "has 3 dimensions", {"block_size": 2}),
]
TestDepthToSpace = operator_tests(CASES, FAULTS)
