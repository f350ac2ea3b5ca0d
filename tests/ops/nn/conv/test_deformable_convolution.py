import numpy as np
from harness import Case, Fault, operator_tests
from harness.sampling import at_points

R = np.random.default_rng(67)
PLAIN, MODULATED = "_contrib_DeformableConvolution", "_contrib_ModulatedDeformableConvolution"


def at_abrupt_points(image, y, x):
    """Zero outside of [0, size); the last pixel goes on up to there."""
    height, width = image.shape[1:]
    inside = (y >= 0) & (x >= 0) & (y < height) & (x < width)
    values = at_points(image, np.clip(y, 0, height - 1), np.clip(x, 0, width - 1))
    return np.where(inside, values, 0.0)


def moved_windows(data, offset, mask, kernel, groups, read, stride, dilate, pad):
    """(n, c, window, out height, out width)"""
    n, channels = data.shape[:2]
    out, window = offset.shape[2:], kernel[0] * kernel[1]
    moves = offset.reshape(n, groups, window, 2, *out)
    factors = (
        np.ones((n, groups, window, *out))
        if mask is None
        else mask.reshape(n, groups, window, *out)
    )
    rows = np.arange(out[0])[:, None] * stride[0] - pad[0]
    columns = np.arange(out[1])[None, :] * stride[1] - pad[1]
    parts = np.zeros((n, channels, window, *out))
    share = channels // groups
    for i, g, k in np.ndindex(n, groups, window):
        y = rows + k // kernel[1] * dilate[0] + moves[i, g, k, 0]
        x = columns + k % kernel[1] * dilate[1] + moves[i, g, k, 1]
        chosen = slice(g * share, (g + 1) * share)
        parts[i, chosen, k] = read(data[i, chosen], y, x) * factors[i, g, k]
    return parts


def multiply(parts, weight, bias, num_group):
    n, channels = parts.shape[:2]
    parts = parts.reshape(n, num_group, channels // num_group, *parts.shape[2:])
    weight = weight.reshape(num_group, -1, *weight.shape[1:2], weight.shape[2] * weight.shape[3])
    out = np.einsum("ngckhw,gfck->ngfhw", parts, weight)
    out = out.reshape(n, -1, *out.shape[3:])
    return out if bias is None else out + bias[:, None, None]


def plain(data, offset, weight, *bias, kernel, num_group=1, num_deformable_group=1, **more):
    window = [more.get(k, v) for k, v in (("stride", (1, 1)), ("dilate", (1, 1)), ("pad", (0, 0)))]
    parts = moved_windows(
        data, offset, None, kernel, num_deformable_group, at_abrupt_points, *window
    )
    return multiply(parts, weight, bias[0] if bias else None, num_group)


def modulated(
    data, offset, mask, weight, *bias, kernel, num_group=1, num_deformable_group=1, **more
):
    window = [more.get(k, v) for k, v in (("stride", (1, 1)), ("dilate", (1, 1)), ("pad", (0, 0)))]
    parts = moved_windows(data, offset, mask, kernel, num_deformable_group, at_points, *window)
    return multiply(parts, weight, bias[0] if bias else None, num_group)


def cases(data, filters, kernel, out, reach=0.7, dtypes=("float32", "float64"), **attrs):
    """A case of each operator."""
    attrs = {"kernel": kernel, "num_filter": filters, **attrs}
    moves = attrs.get("num_deformable_group", 1) * kernel[0] * kernel[1]
    x = R.normal(size=data)
    # Offsets keep away from pixels, where derivatives jump.
    offset = R.integers(-2, 2, size=(data[0], 2 * moves, *out)) * reach
    offset = offset + R.uniform(0.05, 0.6, size=offset.shape)
    mask = R.uniform(0.2, 1, size=(data[0], moves, *out))
    weight = R.normal(size=(filters, data[1] // attrs.get("num_group", 1), *kernel))
    bias = [] if attrs.get("no_bias") else [R.normal(size=filters)]
    more = {"rtol": 1e-4, "atol": 1e-4, "dtypes": dtypes, "grad_tol": 1e-4}
    return [
        Case(PLAIN, [x, offset, weight, *bias], plain, attrs, **more),
        Case(MODULATED, [x, offset, mask, weight, *bias], modulated, attrs, **more),
    ]


CASES = [
    *cases((2, 2, 4, 5), 3, (3, 3), (4, 5), reach=1, pad=(1, 1)),
    *cases((1, 4, 5, 4), 2, (2, 3), (3, 2), reach=1, stride=(2, 2), pad=(1, 1), num_group=2),
    *cases(
        (1, 4, 5, 5),
        2,
        (2, 2),
        (3, 3),
        reach=1,
        dilate=(2, 2),
        num_deformable_group=2,
        no_bias=True,
    ),
    *cases((2, 4, 3, 3), 4, (1, 1), (3, 3), reach=1, num_group=4, num_deformable_group=4),
]
X, W = np.ones((1, 4, 5, 6)), np.ones((2, 4, 3, 3))
OFFSET, MASK = np.zeros((1, 18, 5, 6)), np.ones((1, 9, 5, 6))
ATTRS = {"kernel": (3, 3), "pad": (1, 1), "num_filter": 2, "no_bias": True}
FAULTS = [
    Fault(PLAIN, [X, OFFSET[:, :, :3], W], "offset=.*expected", ATTRS),
    Fault(PLAIN, [X, OFFSET[:, :17], W], "offset=.*expected", ATTRS),
    Fault(PLAIN, [X, OFFSET, W], "multiple of the 3 groups", {**ATTRS, "num_deformable_group": 3}),
    Fault(PLAIN, [X, OFFSET, W], "kernel=.*expected 2", {**ATTRS, "kernel": (3,), "pad": (1,)}),
    Fault(PLAIN, [X, OFFSET, W], "num_filter=0", {**ATTRS, "num_filter": 0}),
    Fault(PLAIN, [X, OFFSET, W], "layout is not that of images", {**ATTRS, "layout": "NCW"}),
    Fault(PLAIN, [X[:, :, :1, :1], OFFSET, W], "smaller than the window", {**ATTRS, "pad": (0, 0)}),
    Fault(MODULATED, [X, OFFSET, MASK[:, :4], W], "mask=.*expected", ATTRS),
    Fault(MODULATED, [X, OFFSET, MASK, W[:, :3]], "weight=.*expected", ATTRS),
]
TestDeformableConvolution = operator_tests(CASES, FAULTS)
