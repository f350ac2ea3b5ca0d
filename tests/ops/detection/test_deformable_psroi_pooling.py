import numpy as np
from harness import Case, Fault, operator_tests
from harness.sampling import at_points

R = np.random.default_rng(82)
OP = "_contrib_DeformablePSROIPooling"


def pool(
    data,
    rois,
    trans=None,
    *,
    spatial_scale,
    output_dim,
    group_size,
    pooled_size,
    part_size=0,
    sample_per_part=1,
    trans_std=0.0,
    no_trans=False,
):
    parts, (height, width) = part_size or pooled_size, data.shape[2:]
    out = np.zeros((len(rois), output_dim, pooled_size, pooled_size))
    maps = data.reshape(data.shape[0], output_dim, group_size, group_size, height, width)
    samples = np.arange(sample_per_part) / sample_per_part
    for r, (image, *box) in enumerate(rois):
        x0, y0, x1, y1 = (np.floor(np.array(box) + 0.5) + [0, 0, 1, 1]) * spatial_scale - 0.5
        size_x, size_y = max(x1 - x0, 0.1), max(y1 - y0, 0.1)
        for c, i, j in np.ndindex(out.shape[1:]):
            right = down = 0
            if not no_trans:
                share = output_dim // (trans.shape[1] // 2)
                move = trans[r, :, i * parts // pooled_size, j * parts // pooled_size]
                right, down = move[2 * (c // share) :][:2] * trans_std * [size_x, size_y]
            y = y0 + down + (i + samples[:, None]) * size_y / pooled_size
            x = x0 + right + (j + samples[None, :]) * size_x / pooled_size
            y, x = np.broadcast_arrays(y, x)
            inside = (y >= -0.5) & (y <= height - 0.5) & (x >= -0.5) & (x <= width - 0.5)
            part = maps[int(image), c, i * group_size // pooled_size, j * group_size // pooled_size]
            values = at_points(part[None], np.clip(y, 0, height - 1), np.clip(x, 0, width - 1))[0]
            out[r, c, i, j] = values[inside].mean() if inside.any() else 0
    return out


ROIS = np.array([[0, 1, 1, 3, 4], [1, 0, 0, 5, 5], [0, 2.2, 0.7, 9, 4.4]])


def case(classes=1, **attrs):
    attrs = {"spatial_scale": 1.0, "output_dim": 2, "pooled_size": 2, "group_size": 2, **attrs}
    parts = attrs.get("part_size") or attrs["pooled_size"]
    data = R.normal(size=(2, attrs["output_dim"] * attrs["group_size"] ** 2, 6, 7))
    trans = [R.uniform(-1, 1, size=(len(ROIS), 2 * classes, parts, parts))]
    if attrs.get("no_trans"):
        trans = []
    more = {"rtol": 1e-4, "atol": 1e-5, "dtypes": ("float32", "float64")}
    return Case(OP, [data, ROIS, *trans], pool, attrs, grad=(0, 2)[: 1 + len(trans)], **more)


CASES = [
    case(trans_std=0.125, sample_per_part=2),
    case(trans_std=0.25, sample_per_part=3, classes=2, part_size=1, spatial_scale=0.5),
    case(no_trans=True, sample_per_part=2, pooled_size=3, group_size=1),
]
X, T = np.ones((2, 8, 6, 6)), np.zeros((3, 2, 2, 2))
ATTRS = {"spatial_scale": 1.0, "output_dim": 2, "pooled_size": 2, "group_size": 2}
FAULTS = [
    Fault(OP, [X[:, :7], ROIS, T], "data=.*expected", ATTRS),
    Fault(OP, [X, ROIS[:, :4], T], "rois=.*expected", ATTRS),
    Fault(OP, [X, ROIS, T[:, :1]], "trans=.*expected", ATTRS),
    Fault(OP, [X, ROIS, T[:, :, :1]], "trans=.*expected", ATTRS),
    Fault(OP, [X, ROIS, T], "group_size=0", {**ATTRS, "group_size": 0}),
    Fault(OP, [X, ROIS, T], "sample_per_part=0", {**ATTRS, "sample_per_part": 0}),
]
for fault in FAULTS:
    fault.oracle = "1.9.1 reads beyond its arrays, or divides by zero"
TestDeformablePsRoiPooling = operator_tests(CASES, FAULTS)
