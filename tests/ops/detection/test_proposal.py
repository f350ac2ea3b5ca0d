import numpy as np
import pytest
from harness import Case, Fault, operator_tests
from harness.case import Stored

import mxnet as mx

ONE, MANY = "_contrib_Proposal", "_contrib_MultiProposal"
R = np.random.default_rng(38)
SMALL = {
    "scales": (2, 4),
    "ratios": (0.5, 1, 2),
    "rpn_min_size": 0,
    "rpn_post_nms_top_n": 12,
    "output_score": True,
}
SCORES = R.permutation(2 * 12 * 6 * 8).reshape(2, 12, 6, 8) / 1000
OFFSETS = R.normal(size=(2, 24, 6, 8)) * 0.2
INFO = np.array([[96, 128, 1.5], [60.5, 90, 0.5]])


def case(key, op=MANY, inputs=(SCORES, OFFSETS, INFO), grad=False, **attrs):
    stored = Stored("proposal.npz", key)
    inputs = [x[:1] for x in inputs] if op == ONE else inputs
    return Case(op, inputs, stored, {**SMALL, **attrs}, grad=grad, name=key, atol=1e-5)


CASES = [
    case("plain"),
    case("one", ONE),
    case("no-score", ONE, output_score=False),
    case("anchors", inputs=(SCORES, OFFSETS * 0, INFO), threshold=1, rpn_post_nms_top_n=100),
    case("repeats", threshold=0.01, rpn_post_nms_top_n=40),
    case("best-few", rpn_pre_nms_top_n=10),
    case("all", rpn_pre_nms_top_n=-1, rpn_post_nms_top_n=50, threshold=0.3),
    case("small-last", rpn_min_size=40),
    case("corners", inputs=(SCORES, OFFSETS * 50, INFO), iou_loss=True),
    case("stride", feature_stride=24, inputs=(SCORES, OFFSETS, INFO * [1.4, 1.4, 1])),
    case("ties", inputs=(SCORES * 0, OFFSETS * 0, INFO)),
]
X = [SCORES[:1], OFFSETS[:1], INFO[:1]]


def fault(match, position, value, **kwargs):
    inputs = list(X)
    inputs[position] = value
    return Fault(ONE, inputs, match, SMALL, **kwargs)


FAULTS = [
    fault("cls_prob=", 0, SCORES[:1, :10]),
    fault("cls_prob=", 0, SCORES[0]),
    fault("bbox_pred=", 1, OFFSETS[:1, :20]),
    fault("expected", 1, OFFSETS[:1, :, :1]),
    fault("im_info=", 2, np.ones((1, 4))),
    fault("expected", 2, INFO, oracle="1.9.1 takes the first row"),
    fault(r"im_info=\(200, 128, 1\) is an image of more cells", 2, np.array([[200, 128, 1.0]])),
    Fault(
        ONE,
        X,
        "rpn_post_nms_top_n=-1",
        {**SMALL, "rpn_post_nms_top_n": -1},
        oracle="1.9.1 makes an array without a shape",
    ),
    Fault(ONE, X, "feature_stride", {**SMALL, "feature_stride": 0}, oracle="1.9.1 divides by it"),
]
TestProposal = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("op", [mx.nd.contrib.Proposal, mx.nd.contrib.MultiProposal])
def test_gradient_is_zero(op):
    inputs = [mx.nd.array(x) for x in X]
    for x in inputs:
        x.attach_grad()
    with mx.autograd.record():
        out = op(*inputs, **{**SMALL, "output_score": False})
    out.backward()
    assert not any(x.grad.asnumpy().any() for x in inputs)


def test_no_cell():
    """A feature map without cells has no boxes: rows are zeros."""
    shapes = (1, 12, 0, 8), (1, 24, 0, 8), (1, 3)
    inputs = [mx.nd.array(np.zeros(shape)) for shape in shapes]
    boxes, scores = mx.nd.contrib.Proposal(*inputs, **SMALL)
    assert boxes.shape == (12, 5) and not boxes.asnumpy().any() and not scores.asnumpy().any()
