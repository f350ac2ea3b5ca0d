import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(81)
OP = "_contrib_PSROIPooling"


def cell(start, end, i, cells, extent):
    step = max(end - start, 0.1) / cells
    low, high = np.floor(i * step + start), np.ceil((i + 1) * step + start)
    return slice(int(np.clip(low, 0, extent)), int(np.clip(high, 0, extent)))


def pool(data, rois, spatial_scale, output_dim, pooled_size, group_size=0):
    group = group_size or pooled_size
    out = np.zeros((len(rois), output_dim, pooled_size, pooled_size))
    maps = data.reshape(data.shape[0], output_dim, group, group, *data.shape[2:])
    for r, (image, *box) in enumerate(rois):
        x0, y0, x1, y1 = np.floor(np.array(box) + 0.5)
        for c, i, j in np.ndindex(out.shape[1:]):
            rows = cell(y0 * spatial_scale, (y1 + 1) * spatial_scale, i, pooled_size, data.shape[2])
            columns = cell(
                x0 * spatial_scale, (x1 + 1) * spatial_scale, j, pooled_size, data.shape[3]
            )
            part = maps[int(image), c, i * group // pooled_size, j * group // pooled_size]
            values = part[rows, columns]
            out[r, c, i, j] = values.mean() if values.size else 0
    return out


ROIS = np.array([[0, 1, 1, 3, 4], [1, 0, 0, 5, 5], [0, 2.2, 0.7, 9, 4.4], [1, 7, 7, 9, 9.0]])


def case(rois=ROIS, **attrs):
    more = {"dtypes": FLOATS} if len(rois) == 1 else {}
    attrs = {"spatial_scale": 1.0, "output_dim": 2, "pooled_size": 2, **attrs}
    group = attrs.get("group_size") or attrs["pooled_size"]
    data = R.normal(size=(2, attrs["output_dim"] * group**2, 6, 7))
    return Case(OP, [data, rois], pool, attrs, grad=(0,), second=True, rtol=1e-4, atol=1e-5, **more)


CASES = [
    case(),
    case(rois=ROIS[:1]),
    case(pooled_size=3, group_size=2),
    case(output_dim=1, pooled_size=3, spatial_scale=0.5),
]
X = np.ones((1, 8, 6, 6))
ATTRS = {"spatial_scale": 1.0, "output_dim": 2, "pooled_size": 2}
READS_ON = "1.9.1 reads beyond its arrays, or makes an empty one"
FAULTS = [
    Fault(OP, [X[:, :7], ROIS], "data=.*expected", ATTRS, oracle=READS_ON),
    Fault(OP, [X, ROIS[:, :4]], "rois=.*expected", ATTRS),
    Fault(OP, [X, ROIS], "output_dim=0", {**ATTRS, "output_dim": 0}, oracle=READS_ON),
    Fault(OP, [X, ROIS], "pooled_size=0", {**ATTRS, "pooled_size": 0}, oracle=READS_ON),
    Fault(OP, [X, ROIS], "spatial_scale", {**ATTRS, "spatial_scale": 2.0}),
]
TestPsRoiPooling = operator_tests(CASES, FAULTS)
