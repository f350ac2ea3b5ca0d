import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(20)
W, G, M, S = R.normal(size=(4, 30, 4))
V = np.abs(R.normal(size=(30, 4))) + 5
KW = {"lr": 0.1, "wd": 0.01, "rescale_grad": 0.5, "clip_gradient": 0.3}


def scaled(g, rescale_grad=1, clip_gradient=-1):
    g = rescale_grad * g
    return np.clip(g, -clip_gradient, clip_gradient) if clip_gradient >= 0 else g


def cases(op, inputs, reference, **extra):
    for given in (KW, {"lr": 0.1, "wd": 0.01}, {"lr": 0.1}):
        yield Case(
            op, inputs, reference, attrs={**given, **extra}, grad=False, rtol=1e-4, atol=1e-5
        )


def rmsprop(w, g, n, lr, wd=0, rescale_grad=1, clip_gradient=-1, clip_weights=-1):
    g = scaled(rescale_grad * g + wd * w, 1, clip_gradient)
    n = 0.05 * g * g + 0.95 * n
    return scaled(w - lr * g / np.sqrt(n + 1e-8), 1, clip_weights), n


def alex(w, g, n, mean, delta, lr, wd=0, rescale_grad=1, clip_gradient=-1):
    g = scaled(rescale_grad * g + wd * w, 1, clip_gradient)
    n, mean = 0.05 * g * g + 0.95 * n, 0.05 * g + 0.95 * mean
    delta = 0.9 * delta - lr * g / np.sqrt(n - mean * mean + 1e-8)
    return w + delta, n, mean, delta


CASES = [
    *cases("rmsprop_update", [W, G, V], rmsprop),
    *cases("rmsprop_update", [W, G, V], rmsprop, clip_weights=0.5),
    *cases("rmspropalex_update", [W, G, V + 5, M / 9, S], alex),
]
FAULTS = [Fault("rmsprop_update", [W, G, V], "rmsprop_update: lr is missing")]
TestRmsprop = operator_tests(CASES, FAULTS)
