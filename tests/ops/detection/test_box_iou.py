import numpy as np
from harness import Case, Fault, operator_tests
from harness.boxes import random_boxes, rounded_boxes

OP = "_contrib_box_iou"
R = np.random.default_rng(34)


def corners(boxes):
    return np.concatenate(
        [boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2], -1
    )


def area(low, high):
    return np.where((high < low).any(-1), 0, np.prod(high - low, -1))


def iou(lhs, rhs, format="corner"):
    a, b = [x if format == "corner" else corners(x) for x in (lhs, rhs)]
    a, b = a.reshape(-1, 1, 4), b.reshape(1, -1, 4)
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])
    both = area(low, high)
    all_of = area(a[..., :2], a[..., 2:]) + area(b[..., :2], b[..., 2:]) - both
    ratio = np.divide(both, all_of, out=np.zeros_like(both), where=all_of > 0)
    return ratio.reshape(lhs.shape[:-1] + rhs.shape[:-1])


def zero(lhs, rhs, d_out, **_):
    """As 1.9.1: no gradient flows through an overlap."""
    return [np.zeros(lhs.shape), np.zeros(rhs.shape)]


def case(lhs, rhs, dtypes="float32", **attrs):
    return Case(OP, [lhs, rhs], iou, attrs, dtypes, grad_reference=zero)


A, B = random_boxes(R, 2, 3), random_boxes(R, 4)
CASES = [
    case(A, B, ("float32", "float64", "float16", "bfloat16")),
    case(A, B, format="center"),
    case(rounded_boxes(R, 9), rounded_boxes(R, 7)),
    case(A[..., ::-1], B),
    case(np.zeros((0, 4)), B),
]
FAULTS = [
    Fault(OP, [A[0, 0], B], "lhs=.* has 1 axes; expected at least 2"),
    Fault(OP, [A, B[:, :3]], "rhs=.* has 3 numbers in each row; expected 4"),
    Fault(OP, [A, B.astype("int32")], "int32", kind=TypeError),
]
TestBoxIou = operator_tests(CASES, FAULTS)
