import numpy as np
from harness import FLOATS, Case, Fault, operator_tests
from harness.sampling import at_points

R = np.random.default_rng(83)
OP = "_contrib_RROIAlign"


def align(data, rois, pooled_size, spatial_scale, sampling_ratio=-1):
    rows, columns = pooled_size
    height, width = data.shape[2:]
    out = np.zeros((len(rois), data.shape[1], rows, columns))
    for r, (image, x0, y0, w, h, angle) in enumerate(rois):
        w, h, angle = max(w * spatial_scale, 1), max(h * spatial_scale, 1), np.radians(angle)
        counts = [
            sampling_ratio if sampling_ratio > 0 else int(np.ceil(s))
            for s in (h / rows, w / columns)
        ]
        for i, j in np.ndindex(rows, columns):
            down = (i + (np.arange(counts[0]) + 0.5) / counts[0]) * h / rows - h / 2
            right = (j + (np.arange(counts[1]) + 0.5) / counts[1]) * w / columns - w / 2
            down, right = np.meshgrid(down, right, indexing="ij")
            x = right * np.cos(angle) + down * np.sin(angle) + x0 * spatial_scale
            y = down * np.cos(angle) - right * np.sin(angle) + y0 * spatial_scale
            inside = (y >= -1) & (y <= height) & (x >= -1) & (x <= width)
            y, x = np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)
            out[r, :, i, j] = np.where(inside, at_points(data[int(image)], y, x), 0).mean((1, 2))
    return out


ROIS = np.array(
    [[0, 2.5, 2.5, 3, 4, 0], [1, 2.5, 2.5, 3, 4, 30], [0, 3, 2, 2, 2, 90], [1, 6, 1, 5, 0.5, -50.0]]
)


def case(dtypes=("float32",), rois=ROIS, **attrs):
    attrs = {"pooled_size": (2, 2), "spatial_scale": 1.0, **attrs}
    data = R.normal(size=(2, 2, 6, 7))
    return Case(OP, [data, rois], align, attrs, dtypes, grad=False, rtol=1e-3, atol=1e-4)


CASES = [
    case(dtypes=("float32", "float64")),
    case(pooled_size=(3, 2), sampling_ratio=2),
    case(spatial_scale=0.5, pooled_size=(1, 3)),
    case(rois=ROIS[:1], dtypes=FLOATS, sampling_ratio=1),
]
X = np.ones((2, 2, 6, 6))
ATTRS = {"pooled_size": (2, 2), "spatial_scale": 1.0}
FAULTS = [
    Fault(OP, [X, ROIS[:, :5]], "rois=.*expected", ATTRS),
    Fault(OP, [X[0], ROIS], "expected", ATTRS),
    Fault(OP, [X, ROIS], "pooled_size=.*no size", {**ATTRS, "pooled_size": (2, 0)}),
    Fault(
        OP,
        [X, ROIS],
        "sampling_ratio",
        {**ATTRS, "sampling_ratio": 10**6},
        oracle="1.9.1 runs for hours",
    ),
]
TestRroiAlign = operator_tests(CASES, FAULTS)
