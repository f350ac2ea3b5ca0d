import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(41)


def mean(x):
    return x.mean(axis=tuple(axis for axis in range(x.ndim) if axis != 1))


def moved(x, average, momentum=0.9, **_):
    momentum = float(np.float32(momentum))
    return momentum * average + (1 - momentum) * mean(x)


def gradient(average, x, d, sparseness_target=0.1, penalty=0.001):
    target = float(np.float32(sparseness_target))
    slope = penalty * (-target / average + (1 - target) / (1 - average))
    return d + slope.reshape([-1 if axis == 1 else 1 for axis in range(x.ndim)])


def training(x, average, **attrs):
    return [x, moved(x, average, **attrs)]


def training_gradient(x, average, d, momentum=0.9, **attrs):
    return [gradient(moved(x, average, momentum), x, d, **attrs), None]


def prediction_gradient(x, average, d, momentum=0.9, **attrs):
    return [gradient(average, x, d, **attrs), None]


def case(shape, train, **attrs):
    return Case(
        "IdentityAttachKLSparseReg",
        [R.uniform(0.1, 0.9, size=shape), R.uniform(0.2, 0.8, size=shape[1])],
        training if train else lambda x, average, **_: [x, average],
        attrs,
        ["float32", "float64"],
        train=train,
        grad=(0,),
        grad_reference=training_gradient if train else prediction_gradient,
        symbol=train,
        second=False,
    )


OPTIONS = {"sparseness_target": 0.2, "penalty": 0.5, "momentum": 0.8}
CASES = [
    case(shape, train, **attrs)
    for shape in [(4, 3), (1, 5), (2, 3, 4), (2, 3, 2, 2)]
    for train in (True, False)
    for attrs in ({}, OPTIONS)
]


def move(value, average, momentum=0.9, **_):
    new = float(np.float32(momentum)) * average + (1 - float(np.float32(momentum))) * value
    return [new, new]


CASES += [
    Case(
        "_move_average",
        [R.normal(size=5), R.normal(size=5)],
        move,
        attrs,
        ["float32", "float64"],
        train=True,
        grad=(),
    )
    for attrs in ({}, {"momentum": 0.25})
]
X = np.ones((4, 3))
FAULTS = [
    Fault("IdentityAttachKLSparseReg", [X, np.ones(4)], r"moving_avg=\(4,\)"),
    Fault("IdentityAttachKLSparseReg", [np.ones(3), np.ones(3)], "has 1 axes"),
    Fault(
        "IdentityAttachKLSparseReg",
        [X, np.ones(3)],
        "sparseness_target=1.5",
        {"sparseness_target": 1.5},
    ),
]
TestKlSparseReg = operator_tests(CASES, FAULTS)
