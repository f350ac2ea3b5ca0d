import numpy as np
from harness import Case, Fault, operator_tests

X = np.random.default_rng(23).normal(size=(4, 3))
LABEL = np.array([0.0, 2, 1, 1])


def softmax_cross_entropy(x, label):
    logarithms = x - np.log(np.exp(x).sum(-1, keepdims=True))
    return np.array([-logarithms[np.arange(len(x)), label.astype(int)].sum()])


CASES = [
    Case(
        "softmax_cross_entropy",
        [X, LABEL],
        softmax_cross_entropy,
        dtypes=["float32", "float64"],
        grad=(0,),
        second=True,
    ),
]
FAULTS = [
    Fault("softmax_cross_entropy", [X, np.ones(3)], r"label=\(3,\)"),
    Fault("softmax_cross_entropy", [X[None], LABEL], r"data=\(1, 4, 3\) has 3 axes"),
]
TestSoftmaxCrossEntropy = operator_tests(CASES, FAULTS)
