import numpy as np
from harness import Case, Fault, operator_tests

LRS, WDS = np.array([0.1, 0.2, 0.3]), np.array([0.01, 0.02, 0.0])
WEIGHTS, GRADS = np.array([4.0, 9.0, 0.0]), np.array([1.0, 16.0, 1.0])


def multi_lars(lrs, weights, grads, wds, eta, eps, rescale_grad=1):
    w, g = np.sqrt(weights), rescale_grad * np.sqrt(grads)
    return np.where((w > 0) & (g > 0), lrs * eta * w / (g + wds * w + eps), lrs)


ATTRS = {"eta": 0.5, "eps": 1e-3, "rescale_grad": 0.5}
CASES = [Case("multi_lars", [LRS, WEIGHTS, GRADS, WDS], multi_lars, attrs=ATTRS, grad=False)]
FAULTS = [Fault("multi_lars", [LRS, WEIGHTS, GRADS, WDS], "multi_lars: eta is missing")]
TestLars = operator_tests(CASES, FAULTS)
