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


def ftrl(w, g, z, n, lr, lamda1, wd=0, **scaling):
    g = scaled(g, **scaling)
    z = z + g - (np.sqrt(n + g * g) - np.sqrt(n)) * w / lr
    n = n + g * g
    w = (np.sign(z) * lamda1 - z) / ((1 + np.sqrt(n)) / lr + wd) * (np.abs(z) > lamda1)
    return w, z, n


def ftml(w, g, d, v, z, lr, t, wd=0, rescale_grad=1, clip_grad=-1):
    g = scaled(rescale_grad * g + wd * w, 1, clip_grad)
    v = 0.999 * v + 0.001 * g * g
    scale = (1 - 0.6**t) / lr * (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    z = 0.6 * z + 0.4 * g - (scale - 0.6 * d) * w
    return -z / scale, scale, v, z


CASES = [
    *cases("ftrl_update", [W, G, S, V], ftrl, lamda1=0.3),
    Case(
        "ftml_update",
        [W, G, V, V / 2, S],
        ftml,
        attrs={"lr": 0.1, "t": 3, "clip_grad": 0.3},
        grad=False,
        rtol=1e-4,
        atol=1e-5,
    ),
]
FAULTS = [Fault("ftml_update", [W, G, V, V, S], "ftml_update: t is missing", {"lr": 0.1})]
TestFtrl = operator_tests(CASES, FAULTS)
