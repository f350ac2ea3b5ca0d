import numpy as np
from harness import Case, Fault, operator_tests

OP = "_contrib_MultiBoxPrior"


def prior(data, sizes=(1,), ratios=(1,), clip=False, steps=(-1, -1), offsets=(0.5, 0.5)):
    height, width = data.shape[2:4]
    step_y, step_x = steps if steps[0] > 0 else (1 / height, 1 / width)
    shapes = [(size, ratios[0]) for size in sizes] + [(sizes[0], r) for r in ratios[1:]]
    boxes = []
    for y in (np.arange(height) + offsets[0]) * step_y:
        for x in (np.arange(width) + offsets[1]) * step_x:
            for size, ratio in shapes:
                w = size * height / width * np.sqrt(ratio) / 2
                h = size / np.sqrt(ratio) / 2
                boxes.append((x - w, y - h, x + w, y + h))
    boxes = np.array(boxes)[None]
    return np.clip(boxes, 0, 1) if clip else boxes


def case(shape, grad=False, **attrs):
    # The boxes do not depend on the values: the gradient, zero, is checked where asked for.
    dtypes = ("float32", "float64", "float16", "bfloat16") if not attrs else ("float32",)
    return Case(OP, [np.ones(shape)], prior, attrs, dtypes, grad=grad)


CASES = [
    case((2, 3, 2, 3), grad=True),
    case((1, 1, 4, 4), sizes=(0.5, 0.25), ratios=(2, 0.5, 3)),
    case((1, 1, 3, 5), sizes=(0.9,), clip=True),
    case((1, 2, 5, 2), sizes=(0.1, 0.141), ratios=(1, 2, 0.5), steps=(0.3, 0.2)),
    case((1, 2, 5, 2), sizes=(0.1,), steps=(0, 0), offsets=(0.1, 0.9)),
    case((1, 2, 3, 2, 2), sizes=(0.1,)),
]
X = np.ones((1, 2, 3, 4))
FAULTS = [
    Fault(OP, [X[0]], r"data=\(2, 3, 4\) has 3 axes; expected \(N, C, H, W\)"),
    Fault(OP, [X], "sizes=.* is empty", {"sizes": ()}),
    Fault(OP, [X], "ratios=.* is empty", {"ratios": ()}),
    Fault(OP, [X], "steps=.* has 1 numbers; expected 2", {"steps": (0.3,)}),
    Fault(OP, [X], "steps=.* gives one of y and x only", {"steps": (0.3, -1)}),
    Fault(OP, [X], "offsets=.* has 3 numbers", {"offsets": (0.3, 0.1, 0.2)}),
    Fault(OP, [np.ones((1, 2, 3, 4), "int32")], "int32", kind=TypeError),
]
TestMultiBoxPrior = operator_tests(CASES, FAULTS)
