import numpy as np
import pytest
from harness import Case, Fault, operator_tests
from harness.boxes import random_boxes, rounded_boxes
from harness.case import Stored

import mxnet as mx

OP = "_contrib_MultiBoxTarget"
R = np.random.default_rng(31)


def labels(anchors, images, objects, places):
    """Objects near some of the anchors; `places` are taken in each image, the rest is -1."""
    near = anchors[0, R.integers(0, anchors.shape[1], (images, objects))]
    near = near + R.uniform(-0.03, 0.03, near.shape)
    result = np.concatenate([R.integers(0, 3, (images, objects, 1)), near], -1)
    for image, taken in enumerate(places):
        result[image, taken:] = -1
    return result


ANCHORS = random_boxes(R, 1, 60)
LABELS = labels(ANCHORS, 3, 6, (6, 2, 0))
FULL = labels(ANCHORS, 3, 6, ())
SCORES = R.normal(size=(3, 4, 60))
# Equal overlaps everywhere, anchors and objects without area, equal scores.
GRID = rounded_boxes(R, 1, 40)
ON_GRID = np.concatenate([R.integers(0, 3, (2, 8, 1)), rounded_boxes(R, 2, 8)], -1)
EQUAL = np.zeros((2, 4, 40))


def case(key, inputs=(ANCHORS, LABELS, SCORES), **attrs):
    stored = Stored("multibox_target.npz", key)
    return Case(OP, inputs, stored, attrs, grad=False, name=key, rtol=1e-4, atol=1e-5)


CASES = [
    case("plain"),
    case("best-only", overlap_threshold=0),
    case("low-threshold", overlap_threshold=0.1, variances=(1, 0.5, 0.2, 2)),
    case("mining", negative_mining_ratio=3),
    case("mining-fraction", negative_mining_ratio=0.7, ignore_label=9),
    case("mining-near", negative_mining_ratio=1, negative_mining_thresh=0.1),
    case("mining-all", negative_mining_ratio=1000, negative_mining_thresh=1.5),
    case("mining-best-only", negative_mining_ratio=2, overlap_threshold=-1),
    case("minimum", negative_mining_ratio=0.5, minimum_negative_samples=20),
    case("ties", (GRID, ON_GRID, EQUAL), overlap_threshold=0.3),
    case("ties-mining", (GRID, ON_GRID, EQUAL), overlap_threshold=0.3, negative_mining_ratio=1),
    case("more-columns", (ANCHORS, np.concatenate([LABELS, LABELS], 2), SCORES)),
    case("no-overlap", (ANCHORS, FULL + [0, 2, 2, 2, 2], SCORES), negative_mining_ratio=3),
    case("negative-class", (ANCHORS, FULL - [5, 0, 0, 0, 0], SCORES)),
]
BAD = LABELS.copy()
BAD[0, 0, 0] = -1
FAULTS = [
    Fault(OP, [ANCHORS[0], LABELS, SCORES], "anchor=.*expected"),
    Fault(OP, [np.repeat(ANCHORS, 2, 0), LABELS, SCORES], r"anchor=\(2, 60, 4\)"),
    Fault(OP, [ANCHORS, LABELS[..., :4], SCORES], "label=.* has 4 columns; expected at least 5"),
    Fault(OP, [ANCHORS, LABELS[0], SCORES], "label="),
    Fault(OP, [ANCHORS, LABELS, SCORES[..., 1:]], "expected"),
    Fault(OP, [ANCHORS, LABELS, SCORES[:1]], "expected", oracle="1.9.1 reads beyond the array"),
    Fault(OP, [ANCHORS, LABELS, SCORES], "has 3 numbers", {"variances": (1, 1, 1)}),
    Fault(OP, [ANCHORS, BAD, SCORES], "has a box but no class"),
    Fault(
        OP,
        [ANCHORS, LABELS, SCORES],
        "negative_mining_thresh=-0.5 is out of range",
        {"negative_mining_ratio": 1, "negative_mining_thresh": -0.5},
    ),
]
TestMultiBoxTarget = operator_tests(CASES, FAULTS)


def test_takes_the_negatives_that_there_are():
    """Fewer candidates than wanted: 1.9.1 stops with an error, here all of them are taken."""
    inputs = [mx.nd.array(x) for x in (ANCHORS, LABELS, SCORES)]
    attrs = {"negative_mining_ratio": 1000, "negative_mining_thresh": 0.01}
    target = mx.nd.contrib.MultiBoxTarget(*inputs, **attrs)[2].asnumpy()
    assert 0 < (target[0] == 0).sum() < (target[0] <= 0).sum()


@pytest.mark.parametrize("known", ["anchor", "label", "cls_pred"])
def test_infers_both_ways(known):
    """Sizes that one input knows reach the others and the outputs."""
    shapes = {"anchor": (1, 6, 4), "label": (2, 3, 5), "cls_pred": (2, 4, 6)}
    symbol = mx.sym.contrib.MultiBoxTarget(*map(mx.sym.Variable, shapes))
    _, outputs, _ = symbol.infer_shape_partial(**{known: shapes[known]})
    images, anchors = known != "anchor" and 2 or 0, known != "label" and 6 or 0
    assert outputs == [(images, 4 * anchors), (images, 4 * anchors), (images, anchors)]
