import numpy as np
from harness import Case, Fault, operator_tests
from harness.boxes import random_boxes, rounded_boxes
from harness.case import Stored

OP = "_contrib_box_nms"
R = np.random.default_rng(33)


def rows(boxes, classes=3):
    """(class, score, box) with classes from -1 on and some scores below 0."""
    ids = R.integers(-1, classes, (*boxes.shape[:-1], 1))
    return np.concatenate([ids, R.uniform(-0.2, 1, ids.shape), boxes], -1)


DATA = rows(random_boxes(R, 2, 30))
# Equal scores and overlaps, boxes without area.
GRID = rows(rounded_boxes(R, 40))
GRID[:, 1] = np.round(GRID[:, 1] * 4) / 4
FEW = rows(random_boxes(R, 2, 4))


def passed_back(data, d_out, **attrs):
    """Rows of the result are rows of data: each sends its gradient to where it came from."""
    kept = nms(data, **attrs)
    gradient = np.zeros(data.shape)
    for i in np.ndindex(*data.shape[:-2]):
        for row, d in zip(kept[i[0]], d_out[i]):
            gradient[i][(data[i] == row).all(-1)] = 0 if (row == -1).all() else d
    return [gradient]


def overlap(a, b):
    low, high = np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:])
    both = np.prod(np.maximum(high - low, 0))
    return both / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - both)


def nms(data, overlap_thresh=0.5, valid_thresh=0, **_):
    """Without classes and with corners only."""
    result = np.full(data.shape, -1.0)
    for i in np.ndindex(*data.shape[:-2]):
        kept = []
        for row in sorted(data[i], key=lambda r: -r[1]):
            if row[1] > valid_thresh and all(
                overlap(row[2:6], other[2:6]) <= overlap_thresh for other in kept
            ):
                kept.append(row)
        for at, row in zip(result[i], kept):
            at[:] = row
    return result


def case(key, data=DATA, **attrs):
    return Case(OP, [data], Stored("box_nms.npz", key), attrs, grad=False, name=key)


CASES = [
    Case(OP, [DATA], nms, {"overlap_thresh": 0.1}, ("float32", "float64"), grad=False),
    Case(OP, [FEW], nms, {"overlap_thresh": 0.1}, grad_reference=passed_back, second=True),
    case("classes", id_index=0),
    case("force", id_index=0, force_suppress=True, overlap_thresh=0.2),
    case("background", id_index=0, background_id=1, overlap_thresh=0.2),
    case("no-ids", background_id=1, overlap_thresh=0.2),
    case("valid", valid_thresh=0.5),
    case("topk", topk=5, overlap_thresh=0.1),
    case("topk-0", topk=0),
    case("topk-all", topk=1000),
    case("center", in_format="center", overlap_thresh=0.2),
    case("to-center", out_format="center", id_index=0),
    case("to-corner", in_format="center", id_index=0),
    case("both-center", in_format="center", out_format="center", overlap_thresh=0.3),
    case("ties", GRID, overlap_thresh=0.25),
    case("ties-topk", GRID, overlap_thresh=0.25, topk=9, valid_thresh=-1),
    case("four-axes", DATA.reshape(2, 3, 10, 6), overlap_thresh=0.1),
    case("columns", DATA[..., 1:], coord_start=1, score_index=0, overlap_thresh=0.1),
    case("nothing", valid_thresh=2),
    case("negative", overlap_thresh=-1),
    Case(OP, [np.zeros((2, 0, 6))], nms, grad=False),
]
FAULTS = [
    Fault(OP, [DATA[0, 0]], "has 1 axes; expected at least 2"),
    Fault(OP, [DATA[..., :5]], "coord_start=2 is out of range"),
    Fault(OP, [DATA], "coord_start=-1 is out of range", {"coord_start": -1}),
    Fault(OP, [DATA], "score_index=9 is out of range", {"score_index": 9}),
    Fault(OP, [DATA], "score_index=-1 is out of range", {"score_index": -1}),
    Fault(OP, [DATA], "score_index=3 is one of the four coordinates", {"score_index": 3}),
    Fault(OP, [DATA], "id_index=9 is out of range", {"id_index": 9}),
    Fault(OP, [DATA], "id_index=5 is one of the four coordinates", {"id_index": 5}),
    Fault(OP, [DATA], "id_index=1 is score_index", {"id_index": 1}),
    Fault(OP, [DATA], "in_format", {"in_format": "left"}),
    Fault(OP, [DATA.astype("int32")], "int32", kind=TypeError),
]
TestBoxNms = operator_tests(CASES, FAULTS)
