import pathlib
import sys

import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from windows import channels_first, fill, restore_layout, spread  # noqa: E402

R = np.random.default_rng(17)


def deconvolution(
    x,
    w,
    b=None,
    kernel=(),
    stride=(),
    dilate=(),
    pad=(),
    adj=(),
    target_shape=(),
    num_filter=0,
    num_group=1,
    no_bias=True,
    layout=None,
):
    x, w = channels_first(x, layout), channels_first(w, layout)
    rank = len(kernel)
    stride, dilate, pad, adj = [
        fill(v, rank, d) for v, d in ((stride, 1), (dilate, 1), (pad, 0), (adj, 0))
    ]
    full = [
        (n - 1) * s + d * (k - 1) + 1 for n, s, d, k in zip(x.shape[2:], stride, dilate, kernel)
    ]
    if any(target_shape):
        sizes = target_shape
        pad = [(f - t + 1) // 2 for f, t in zip(full, target_shape)]
    else:
        sizes = [f - 2 * p + a for f, p, a in zip(full, pad, adj)]
    shape = (x.shape[0], num_filter, *sizes)
    out = spread(x, w, shape, (kernel, stride, dilate, pad), num_group)
    if b is not None:
        out = out + b.reshape(-1, *[1] * rank)
    return restore_layout(out, layout)


def case(shape, dtypes=("float32", "float64"), **attrs):
    options = {k: attrs.pop(k) for k in ("oracle", "second", "grad") if k in attrs}
    last = attrs.get("layout", "NCW")[-1] == "C"
    channels, depth = shape[-1 if last else 1], attrs["num_filter"] // attrs.get("num_group", 1)
    kernel = attrs["kernel"]
    inputs = [shape, (channels, *((*kernel, depth) if last else (depth, *kernel)))]
    if not attrs.get("no_bias", True):
        inputs.append((attrs["num_filter"],))
    inputs = [R.normal(size=s) / 2 for s in inputs]
    return Case(
        "Deconvolution",
        inputs,
        deconvolution,
        attrs,
        dtypes,
        rtol=1e-4,
        atol=2e-5,
        grad=options.pop("grad", (0, 1)),
        **{"second": True, **options},
    )


CASES = [
    case((2, 3, 4, 3), kernel=(3, 2), num_filter=2),
    case((1, 3, 4, 3), kernel=(3, 3), num_filter=2, stride=(2, 2), pad=(1, 1), adj=(1, 0)),
    case((1, 4, 3, 3), kernel=(2, 3), num_filter=4, num_group=2, stride=(2, 1), dilate=(1, 2)),
    case((1, 2, 3, 3), kernel=(4, 4), num_filter=2, num_group=2, stride=(2, 2), pad=(1, 1)),
    case(
        (1, 3, 3, 3),
        kernel=(3, 3),
        num_filter=2,
        stride=(2, 2),
        target_shape=(6, 7),
        oracle="1.9.1 fails",
    ),
    case((1, 3, 3, 3), kernel=(2, 2), num_filter=2, no_bias=False, stride=(2, 2), grad=(0, 1)),
    case((1, 2, 5), kernel=(3,), num_filter=2, stride=(2,), pad=(1,)),
    case((1, 2, 2, 3, 3), kernel=(2, 2, 2), num_filter=2, stride=(1, 2, 1)),
    case((1, 3, 4, 2), kernel=(3, 3), num_filter=3, layout="NHWC", oracle="1.9.1 fails"),
    case(
        (2, 18, 7, 7),
        FLOATS,
        kernel=(4, 4),
        num_filter=20,
        stride=(2, 2),
        pad=(1, 1),
        grad=False,
        second=False,
        oracle="1.9.1 lacks types",
    ),
]
X, W = np.ones((1, 3, 4, 4)), np.ones((3, 2, 3, 3))


def fault(match, oracle=True, **attrs):
    attrs = {"kernel": (3, 3), "num_filter": 2, **attrs}
    return Fault("Deconvolution", [X, W], "Deconvolution: " + match, attrs, oracle=oracle)


FAULTS = [
    fault(r"adj=\(1, 1\) is out of range", adj=(1, 1)),
    fault(r"target_shape=\(10, 10\) is too large", target_shape=(10, 10), stride=(2, 2)),
    fault(r"weight=\(3, 2, 3, 3\) has the wrong shape", num_filter=3),
    Fault(
        "Deconvolution",
        [X, W[:, :1]],
        "has 3 channels; expected a multiple of num_group=2",
        {"kernel": (3, 3), "num_filter": 2, "num_group": 2},
    ),
]
TestDeconvolution = operator_tests(CASES, FAULTS)
