import pathlib
import sys

import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from windows import (  # noqa: E402
    channels_first,
    convolve,
    correlate,
    restore_layout,
    spread,
    window_arguments,
)

R = np.random.default_rng(6)


def forward(
    x,
    w,
    b=None,
    kernel=(),
    stride=(),
    dilate=(),
    pad=(),
    num_filter=0,
    num_group=1,
    no_bias=False,
    layout=None,
    **_,
):
    window = window_arguments(kernel, stride, dilate, pad)
    out = convolve(channels_first(x, layout), channels_first(w, layout), window, num_group)
    if b is not None:
        out = out + b.reshape(-1, *[1] * len(kernel))
    return restore_layout(out, layout)


def data_gradient(
    d_out, w, kernel=(), stride=(), dilate=(), pad=(), num_group=1, data_shape=(), layout=None, **_
):
    window = window_arguments(kernel, stride, dilate, pad)
    first = channels_first(np.empty(data_shape), layout).shape
    out = spread(channels_first(d_out, layout), channels_first(w, layout), first, window, num_group)
    return restore_layout(out, layout)


def weight_gradient(
    x,
    d_out,
    kernel=(),
    stride=(),
    dilate=(),
    pad=(),
    num_filter=0,
    num_group=1,
    no_bias=False,
    layout=None,
    **_,
):
    window = window_arguments(kernel, stride, dilate, pad)
    x, d_out = channels_first(x, layout), channels_first(d_out, layout)
    shape = (num_filter, x.shape[1] // num_group, *kernel)
    d_weight = restore_layout(correlate(x, d_out, shape, window, num_group), layout)
    d_bias = d_out.sum((0, *range(2, d_out.ndim)))
    return d_weight if no_bias else [d_weight, d_bias]


# Shape of data; attributes.
SIZES = [
    ((2, 3, 7, 6), {"kernel": (3, 3), "num_filter": 4}),
    ((2, 3, 7, 6), {"kernel": (3, 2), "num_filter": 4, "stride": (2, 1), "pad": (1, 0)}),
    (
        (1, 4, 9, 9),
        {"kernel": (3, 3), "num_filter": 6, "num_group": 2, "dilate": (2, 3), "pad": (2, 1)},
    ),
    (
        (2, 4, 6, 6),
        {"kernel": (3, 3), "num_filter": 4, "num_group": 4, "pad": (1, 1), "no_bias": True},
    ),
    ((2, 4, 5, 5), {"kernel": (1, 1), "num_filter": 3, "no_bias": True}),
    ((2, 2, 9), {"kernel": (3,), "num_filter": 3, "stride": (2,), "pad": (1,)}),
    (
        (1, 2, 4, 5, 6),
        {"kernel": (2, 3, 2), "num_filter": 2, "stride": (1, 2, 1), "pad": (1, 0, 1)},
    ),
    ((2, 7, 6, 3), {"kernel": (3, 3), "num_filter": 4, "layout": "NHWC", "no_bias": True}),
    ((1, 3, 4, 5, 2), {"kernel": (2, 2, 2), "num_filter": 3, "layout": "NDHWC", "no_bias": True}),
    (
        (2, 6, 6, 4),
        {"kernel": (3, 3), "num_filter": 4, "num_group": 2, "layout": "NHWC", "no_bias": True},
    ),
]
LARGER = [
    ((2, 20, 12, 12), {"kernel": (5, 5), "num_filter": 50}),
    (
        (1, 32, 14, 14),
        {"kernel": (3, 3), "num_filter": 32, "num_group": 32, "pad": (1, 1), "no_bias": True},
    ),
    ((1, 64, 9, 9), {"kernel": (1, 1), "num_filter": 128, "stride": (2, 2), "no_bias": True}),
    (
        (1, 3, 40, 40),
        {"kernel": (7, 7), "num_filter": 64, "stride": (2, 2), "pad": (3, 3), "no_bias": True},
    ),
]


def weight_shape(data_shape, attrs):
    last = attrs.get("layout", "NCW")[-1] == "C"
    depth = data_shape[-1 if last else 1] // attrs.get("num_group", 1)
    kernel = attrs["kernel"]
    return (attrs["num_filter"], *((*kernel, depth) if last else (depth, *kernel)))


def inputs(data_shape, attrs):
    shapes = [data_shape, weight_shape(data_shape, attrs)]
    if not attrs.get("no_bias"):
        shapes.append((attrs["num_filter"],))
    return [R.normal(size=s) / 2 for s in shapes]


def backward_cases(data_shape, attrs, **options):
    x, w = inputs(data_shape, attrs)[:2]
    out = forward(x, w, **attrs)
    attrs = {**attrs, "data_shape": data_shape}
    d_out = R.normal(size=out.shape) / 2
    options = dict(grad=False, oracle="1.9.1 has other gradient operators", **options)
    yield Case("_backward_Convolution_data", [d_out, w], data_gradient, attrs, **options)
    yield Case("_backward_Convolution_weight", [x, d_out], weight_gradient, attrs, **options)


TOLERANCE = {"rtol": 1e-4, "atol": 2e-5}
LARGE_TOLERANCE = {"rtol": 1e-3, "atol": 3e-4}
CASES = [
    Case(
        "Convolution",
        inputs(*s),
        forward,
        s[1],
        FLOATS,
        grad=False,
        **TOLERANCE,
        oracle="1.9.1 has no bfloat16",
    )
    for s in SIZES
]
CASES += [
    Case("Convolution", inputs(*s), forward, s[1], ["float64"], second=True)
    for s in [
        ((1, 2, 4, 4), {"kernel": (3, 2), "num_filter": 2, "stride": (2, 1), "pad": (1, 0)}),
        ((1, 4, 4, 4), {"kernel": (2, 2), "num_filter": 2, "num_group": 2, "dilate": (2, 2)}),
        ((1, 2, 5), {"kernel": (3,), "num_filter": 2, "pad": (1,), "no_bias": True}),
        ((1, 1, 2, 3, 3), {"kernel": (2, 2, 2), "num_filter": 1, "no_bias": True}),
        ((1, 3, 4, 2), {"kernel": (2, 3), "num_filter": 2, "layout": "NHWC", "no_bias": True}),
    ]
]
CASES += [
    Case("Convolution", inputs(*s), forward, s[1], grad=False, **LARGE_TOLERANCE) for s in LARGER
]
CASES += [
    Case(
        "Convolution_v1",
        inputs(*s),
        forward,
        s[1],
        ["float32", "float64"],
        second=True,
        rtol=1e-4,
        atol=1e-5,
        grad=True,
    )
    for s in [((1, 2, 4, 4), {"kernel": (3, 2), "num_filter": 2, "stride": (2, 1), "pad": (1, 0)})]
]
for sizes in SIZES:
    CASES += backward_cases(*sizes, dtypes=FLOATS, rtol=2e-4, atol=5e-5)
for sizes in LARGER:
    CASES += backward_cases(*sizes, **LARGE_TOLERANCE)
CASES += [
    Case(
        "Convolution",
        [np.zeros((0, 2, 4, 4)), np.ones((3, 2, 2, 2))],
        forward,
        {"kernel": (2, 2), "num_filter": 3, "no_bias": True},
        grad=False,
        name="empty",
    ),
]

X, W = np.ones((1, 3, 5, 5)), np.ones((4, 3, 3, 3))


def fault(match, oracle=True, data=X, **attrs):
    attrs = {"kernel": (3, 3), "num_filter": 4, "no_bias": True, **attrs}
    return Fault("Convolution", [data, W], "Convolution: " + match, attrs, oracle=oracle)


FAULTS = [
    Fault(
        "Convolution", [X, W], "Convolution: kernel is missing", {"num_filter": 4, "no_bias": True}
    ),
    fault(r"num_filter=0 is out of range", num_filter=0),
    fault(r"data=\(1, 3, 5, 5\) has 3 channels; expected a multiple of num_group=2", num_group=2),
    fault(r"num_filter=4 cannot be divided into groups", num_group=3),
    fault(r"stride=\(0, 1\) is out of range", stride=(0, 1)),
    fault(r"stride=\(1,\) has 1 numbers; expected 2", stride=(1,)),
    fault(r"pad=\(-1, 0\) is out of range", oracle="1.9.1 computes with it", pad=(-1, 0)),
    fault(r"data=\(1, 3, 5, 5\) is smaller than the window", dilate=(3, 3)),
    fault(r"data=\(1, 3, 5\) has 3 axes; expected 4", data=np.ones((1, 3, 5))),
    fault(r"weight=\(4, 3, 3, 3\) has the wrong shape", num_filter=5),
    fault(r"layout has 1 spatial axes; expected 2", layout="NCW"),
]
TestConvolution = operator_tests(CASES, FAULTS)
