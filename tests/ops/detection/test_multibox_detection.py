import numpy as np
import pytest
from harness import Case, Fault, operator_tests
from harness.boxes import random_boxes, rounded_boxes
from harness.case import Stored

import mxnet as mx

OP = "_contrib_MultiBoxDetection"
R = np.random.default_rng(32)


def softmax(x):
    return np.exp(x) / np.exp(x).sum(1, keepdims=True)


SCORES = softmax(R.normal(size=(2, 4, 50)) * 2)
OFFSETS = R.normal(size=(2, 200)) * 0.3
ANCHORS = random_boxes(R, 1, 50)
# Equal scores, equal overlaps and boxes without area.
EQUAL = np.round(SCORES * 8) / 8
GRID = rounded_boxes(R, 1, 50)


def case(key, inputs=(SCORES, OFFSETS, ANCHORS), **attrs):
    stored = Stored("multibox_detection.npz", key)
    return Case(OP, inputs, stored, attrs, grad=False, name=key)


CASES = [
    case("plain"),
    case("no-clip", clip=False, variances=(0.5, 1, 0.3, 0.2)),
    case("clip", variances=(5, 5, 1, 1)),
    case("force", force_suppress=True, nms_threshold=0.2),
    case("ties", (EQUAL, OFFSETS * 0, GRID), nms_threshold=0.25),
    case("ties-topk", (EQUAL, OFFSETS * 0, GRID), nms_threshold=0.25, nms_topk=7),
    case("topk", nms_topk=5),
    case("topk-all", nms_topk=1000),
    case("threshold", threshold=0.6),
    case("nothing", threshold=2),
    case("unsorted", nms_threshold=-1, nms_topk=5),
    case("nms-1", nms_threshold=1),
    case("background", background_id=2),
    case("only-background", (SCORES[:, :1], OFFSETS, ANCHORS)),
    case("negative-scores", (-2 * SCORES, OFFSETS, ANCHORS), threshold=-3),
]
FAULTS = [
    Fault(OP, [SCORES[0], OFFSETS, ANCHORS], "cls_prob="),
    Fault(OP, [SCORES, OFFSETS.reshape(2, 50, 4), ANCHORS], "loc_pred="),
    Fault(OP, [SCORES, OFFSETS[:, :199], ANCHORS], "has 199 numbers for each image"),
    Fault(OP, [SCORES, OFFSETS[:, :196], ANCHORS], "expected"),
    Fault(OP, [SCORES, OFFSETS, ANCHORS[0]], "anchor="),
    Fault(OP, [SCORES, OFFSETS, ANCHORS[..., :3]], "anchor="),
    Fault(OP, [SCORES, OFFSETS, np.repeat(ANCHORS, 2, 0)], "anchor="),
    Fault(OP, [SCORES[..., 1:], OFFSETS, ANCHORS], "expected"),
    Fault(OP, [SCORES, OFFSETS[:1], ANCHORS], "expected", oracle="1.9.1 reads beyond the array"),
    Fault(OP, [SCORES, OFFSETS, ANCHORS], "has 3 numbers", {"variances": (1, 1, 1)}),
]
TestMultiBoxDetection = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize(
    "known, want",
    [("cls_prob", (2, 6, 6)), ("loc_pred", (2, 6, 6)), ("anchor", (0, 6, 6))],
)
def test_infers_both_ways(known, want):
    """Sizes that one input knows reach the others and the output."""
    shapes = {"cls_prob": (2, 3, 6), "loc_pred": (2, 24), "anchor": (1, 6, 4)}
    symbol = mx.sym.contrib.MultiBoxDetection(*map(mx.sym.Variable, shapes))
    _, outputs, _ = symbol.infer_shape_partial(**{known: shapes[known]})
    assert outputs == [want]
