import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(62)
OP = "_contrib_BilinearResize2D"


def line_weights(size, count, align_corners):
    """Matrix (count, size) of the shares of an axis's elements."""
    weights = np.zeros((count, size))
    for i in range(count):
        if align_corners:
            place = i * (size - 1) / (count - 1) if count > 1 else 0.0
        else:
            place = max((i + 0.5) * size / count - 0.5, 0.0)
        low = min(int(place), size - 1)
        above = place - low if low + 1 < size else 0.0
        weights[i, low] += 1 - above
        weights[i, min(low + 1, size - 1)] += above
    return weights


def resized(size, wanted, scale, mode):
    odd = size % 2
    if mode == "odd_scale":
        return int((size - 1) * scale) + 1 if odd else int(size * scale)
    if mode == "size":
        return int(size * scale) if scale else wanted
    return {
        "to_even_down": size - odd,
        "to_even_up": size + odd,
        "to_odd_down": size - 1 + odd,
        "to_odd_up": size + 1 - odd,
    }[mode]


def resize(
    x,
    like=None,
    height=1,
    width=1,
    scale_height=None,
    scale_width=None,
    mode="size",
    align_corners=True,
):
    if mode == "like":
        height, width = like.shape[2:]
    else:
        height = resized(x.shape[2], height, scale_height, mode)
        width = resized(x.shape[3], width, scale_width, mode)
    rows = line_weights(x.shape[2], height, align_corners)
    columns = line_weights(x.shape[3], width, align_corners)
    return np.einsum("ncij,hi,wj->nchw", x, rows, columns)


def case(shape=(2, 2, 5, 6), dtypes=("float32",), **attrs):
    oracle = "1.9.1 weighs float64 in float32" if dtypes == FLOATS else True
    data = [R.normal(size=shape)]
    return Case(OP, data, resize, attrs, dtypes=dtypes, second=True, rtol=1e-4, oracle=oracle)


CASES = [
    case(height=3, width=4, dtypes=FLOATS),
    case(height=3, width=4, align_corners=False, dtypes=FLOATS),
    case(height=4, width=3),
    case(height=9, width=13),
    case(height=9, width=13, align_corners=False),
    case(height=5, width=6),
    case(height=1, width=1),
    case(shape=(1, 1, 1, 3), height=4, width=1),
    case(scale_height=2, scale_width=0.5),
    case(scale_height=1.5, scale_width=1.5, mode="odd_scale"),
    *(case(mode=m) for m in ("to_even_down", "to_even_up", "to_odd_down", "to_odd_up")),
    Case(
        OP,
        [R.normal(size=(2, 1, 4, 5)), np.zeros((2, 1, 3, 7))],
        resize,
        {"mode": "like"},
        grad=(0,),
        second=True,
    ),
]
X = np.ones((1, 2, 3, 4))
FAULTS = [
    Fault(OP, [X[0]], "has 3 axes; expected 4", {"height": 2, "width": 2}),
    Fault(OP, [X], "height=0 is out of range", {"height": 0, "width": 2}),
    Fault(OP, [X], "scale_width is missing", {"scale_height": 2}),
    Fault(OP, [X], "scale_height is missing", {"mode": "odd_scale"}),
    Fault(OP, [X], "scale_height=-2 is no factor", {"scale_height": -2, "scale_width": 1}),
    Fault(
        OP,
        [X],
        "beyond 2147483647",
        {"scale_height": 1e30, "scale_width": 1},
        oracle="1.9.1 lets the number overflow",
    ),
    Fault(OP, [X, X], "like was given but is not used", {"height": 2, "width": 2}),
    Fault(OP, [X.astype("int32")], "floating dtype", {"height": 2, "width": 2}, kind=TypeError),
]
TestBilinearResize = operator_tests(CASES, FAULTS)
