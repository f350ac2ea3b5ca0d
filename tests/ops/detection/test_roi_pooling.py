import numpy as np
import pytest
from harness import Case, Fault, operator_tests
from harness.case import Stored

import mxnet as mx

POOL, ALIGN = "ROIPooling", "_contrib_ROIAlign"
R = np.random.default_rng(37)
DATA = R.permutation(2 * 4 * 6 * 7).reshape(2, 4, 6, 7) / 10
# Inside, one element, partly and wholly outside, corners swapped, fractions.
ROIS = np.array(
    [
        [0, 0, 0, 6, 5],
        [1, 2, 3, 2, 3],
        [1, -3, -2, 3, 4],
        [0, 4, 3, 12, 19],
        [0, 20, 30, 25, 40],
        [1, 5, 4, 2, 1],
        [0, 1.3, 0.4, 4.7, 3.6],
    ]
)
IMAGES = ROIS[:2] * [[0], [1]] + [[-1], [2]] * np.eye(5)[:1]


def pool(data, rois, pooled_size, spatial_scale):
    height, width = data.shape[2:]
    result = np.zeros((len(rois), data.shape[1], *pooled_size))
    for r, roi in enumerate(rois):
        if not 0 <= roi[0] < len(data):
            continue
        x0, y0, x1, y1 = np.floor(np.abs(roi[1:] * spatial_scale) + 0.5) * np.sign(roi[1:])
        steps = [max(y1 - y0 + 1, 1) / pooled_size[0], max(x1 - x0 + 1, 1) / pooled_size[1]]
        for i, j in np.ndindex(*pooled_size):
            rows = np.clip(
                [np.floor(i * steps[0]) + y0, np.ceil((i + 1) * steps[0]) + y0], 0, height
            )
            cols = np.clip(
                [np.floor(j * steps[1]) + x0, np.ceil((j + 1) * steps[1]) + x0], 0, width
            )
            cell = data[int(roi[0]), :, slice(*rows.astype(int)), slice(*cols.astype(int))]
            if cell.size:
                result[r, :, i, j] = cell.max((1, 2))
    return result


def pooled(size, scale=1.0, rois=ROIS, dtypes="float32", **kwargs):
    attrs = {"pooled_size": size, "spatial_scale": scale}
    return Case(POOL, [DATA, rois], pool, attrs, dtypes, **kwargs)


def aligned(key, size, scale=1.0, rois=ROIS, grad=(0,), **attrs):
    attrs = {"pooled_size": size, "spatial_scale": scale, **attrs}
    stored = Stored("roi_align.npz", key)
    return Case(ALIGN, [DATA, rois], stored, attrs, grad=grad, second=bool(grad), name=key)


BIG = ROIS[[0, 2, 3, 6]]  # with aligned, 1.9.1 ends the process for regions without area
CASES = [
    pooled((2, 3), dtypes=("float32", "float64", "float16"), grad=(0,), second=True),
    pooled((3, 2), 0.5, grad=False),
    pooled((7, 7), 0.75, grad=False),
    pooled((1, 1), rois=IMAGES, grad=(0,)),
    pooled((2, 2), rois=np.zeros((0, 5)), grad=False),
    aligned("plain", (2, 3)),
    aligned("scale", (3, 2), 0.5, grad=False),
    aligned("samples", (2, 2), sample_ratio=2),
    aligned("one-sample", (3, 3), 0.6, sample_ratio=1, grad=False),
    aligned("aligned", (2, 2), rois=BIG, aligned=True),
    aligned("aligned-samples", (2, 3), 0.7, rois=BIG, aligned=True, sample_ratio=3, grad=False),
    aligned("parts", (2, 2), position_sensitive=True),
    aligned("parts-tall", (4, 1), position_sensitive=True, aligned=True, rois=BIG, grad=False),
]
SIZE = {"pooled_size": (2, 2), "spatial_scale": 1.0}


def faults(op):
    return [
        Fault(op, [DATA[0], ROIS], "data=", SIZE),
        Fault(op, [DATA, ROIS[:, :4]], "rois=", SIZE),
        Fault(op, [DATA, ROIS[None]], "rois=", SIZE),
        Fault(op, [DATA, ROIS], "pooled_size=.* is no size", {**SIZE, "pooled_size": 2}),
        Fault(op, [DATA, ROIS], "pooled_size=.* is no size", {**SIZE, "pooled_size": (0, 2)}),
        Fault(op, [DATA, ROIS], "spatial_scale", {**SIZE, "spatial_scale": 2}),
        Fault(op, [DATA, ROIS], "spatial_scale is missing", {"pooled_size": (2, 2)}),
        Fault(op, [DATA, ROIS.astype("int32")], "int32", SIZE, kind=TypeError),
    ]


FAULTS = [
    *faults(POOL),
    *faults(ALIGN),
    Fault(
        ALIGN,
        [DATA[:, :3], ROIS],
        "has 3 channels; expected a multiple of the 4 cells",
        {**SIZE, "position_sensitive": True},
    ),
]
TestRoiPooling = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("op", [mx.nd.ROIPooling, mx.nd.contrib.ROIAlign])
def test_images_that_data_lacks(op):
    """Regions of no image are zeros; 1.9.1 leaves ROIAlign's result as the memory was."""
    result = op(mx.nd.array(DATA), mx.nd.array(IMAGES), pooled_size=(2, 2), spatial_scale=1.0)
    assert not result.asnumpy().any()


@pytest.mark.parametrize("size", [1e6, 1e30, np.inf, np.nan])
def test_huge_regions_cost_no_more(size):
    """The cost follows the feature map, not the region's size."""
    rois = mx.nd.array([[0, -size, -size, size, size]])
    for op in (mx.nd.ROIPooling, mx.nd.contrib.ROIAlign):
        result = op(mx.nd.array(DATA), rois, pooled_size=(2, 2), spatial_scale=1.0)
        assert result.shape == (1, 4, 2, 2)
        result.wait_to_read()


def test_region_without_area_when_aligned():
    """1.9.1 ends the process."""
    rois = mx.nd.array([[0, 3, 3, 3, 3], [0, 3, 3, 1, 1]])
    attrs = {"pooled_size": (2, 2), "spatial_scale": 1.0, "aligned": True}
    assert not mx.nd.contrib.ROIAlign(mx.nd.array(DATA), rois, **attrs).asnumpy().any()
