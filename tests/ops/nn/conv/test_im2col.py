import itertools

import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(63)


def windows(spatial, kernel, stride=(), dilate=(), pad=()):
    """Index arrays (elements of a window, windows) into padded data, one for each axis."""
    rank = len(kernel)
    stride, dilate, pad = stride or (1,) * rank, dilate or (1,) * rank, pad or (0,) * rank
    counts = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, d, p in zip(spatial, kernel, stride, dilate, pad)
    ]
    elements = np.array(list(itertools.product(*map(range, kernel)))).T
    places = np.array(list(itertools.product(*map(range, counts)))).T
    return [
        elements[i][:, None] * dilate[i] + places[i][None, :] * stride[i] for i in range(rank)
    ], pad


def im2col(x, **attrs):
    at, pad = windows(x.shape[2:], **attrs)
    padded = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in pad)])
    columns = padded[(slice(None), slice(None), *at)]
    return columns.reshape(x.shape[0], -1, columns.shape[-1])


def col2im(columns, output_size, **attrs):
    at, pad = windows(output_size, **attrs)
    n, shape = columns.shape[0], [s + 2 * p for s, p in zip(output_size, pad)]
    parts = columns.reshape(n, -1, *at[0].shape)
    out = np.zeros((n, parts.shape[1], *shape))
    for i, j in np.ndindex(*parts.shape[:2]):
        np.add.at(out[i, j], tuple(at), parts[i, j])
    return out[(..., *(slice(p, s - p) for s, p in zip(shape, pad)))]


ATTRS = [
    ((5, 6), {"kernel": (2, 2)}),
    ((5, 6), {"kernel": (3, 3), "stride": (2, 2), "pad": (1, 1), "dilate": (1, 2)}),
    ((4, 7), {"kernel": (1, 3), "stride": (3, 2), "pad": (2, 3)}),
    ((3, 3), {"kernel": (3, 3)}),
    ((4, 3), {"kernel": (2, 1), "stride": (1, 5)}),
    ((7,), {"kernel": (3,), "stride": (2,), "pad": (1,)}),
    ((3, 4, 3), {"kernel": (2, 2, 2), "pad": (0, 1, 0)}),
    # Lines that are longer than a vector, and short enough for none.
    ((2, 41), {"kernel": (2, 3), "pad": (1, 1)}),
    ((3, 17), {"kernel": (1, 2)}),
    # Elements that lie beside the data in every window.
    ((1, 2), {"kernel": (3, 5), "pad": (1, 2)}),
]
ONLY_2D = "1.9.1 takes images only"
CASES = []
for number, (spatial, attrs) in enumerate(ATTRS):
    more = {
        "second": True,
        "dtypes": FLOATS if number == 1 else ("float32",),
        "oracle": True if len(spatial) == 2 else ONLY_2D,
    }
    x = R.normal(size=(2, 3, *spatial))
    CASES.append(Case("im2col", [x], im2col, attrs, **more))
    columns = R.normal(size=im2col(x, **attrs).shape)
    CASES.append(Case("col2im", [columns], col2im, {"output_size": spatial, **attrs}, **more))

X, C = np.ones((1, 1, 5, 6)), np.ones((1, 4, 20))
SIZE = {"output_size": (5, 6)}
FAULTS = [
    Fault("im2col", [X], "smaller than the window in spatial axis 0", {"kernel": (6, 7)}),
    Fault("im2col", [X[0]], "has 3 axes; expected 4", {"kernel": (2, 2)}),
    Fault("im2col", [X], "kernel=.*out of range", {"kernel": (0, 1)}),
    Fault("im2col", [X], "stride=.*out of range", {"kernel": (2, 2), "stride": (0, 1)}),
    Fault("im2col", [X], "stride=.*has 1 numbers", {"kernel": (2, 2), "stride": (1,)}),
    Fault("im2col", [X], "kernel is missing"),
    Fault(
        "im2col",
        [X],
        "64 bits",
        {"kernel": (1, 1), "pad": (2**31 - 1, 2**31 - 1), "stride": (1, 1), "dilate": (1, 1)},
        oracle="1.9.1 lets the number overflow",
    ),
    Fault("im2col", [X.astype("int32")], "floating dtype", {"kernel": (2, 2)}, kind=TypeError),
    Fault("col2im", [C], "expected", {"output_size": (5, 7), "kernel": (2, 2)}),
    Fault("col2im", [C[:, :3]], "has 3 elements in a column", {**SIZE, "kernel": (2, 2)}),
    Fault("col2im", [C[0]], "has 2 axes; expected 3", {**SIZE, "kernel": (2, 2)}),
    Fault("col2im", [C], "output_size=.*smaller than the window", {**SIZE, "kernel": (6, 2)}),
    Fault("col2im", [C], "output_size=.*has 2 numbers", {**SIZE, "kernel": (2, 2, 2)}),
]
TestIm2Col = operator_tests(CASES, FAULTS)
