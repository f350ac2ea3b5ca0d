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


def signsgd(w, g, lr, wd=0, **scaling):
    return (1 - lr * wd) * w - lr * np.sign(g)


def signum(w, g, mom, lr, momentum, wd_lh, wd=0, **scaling):
    mom = momentum * mom - (1 - momentum) * (scaled(g, **scaling) + wd * w)
    return (1 - lr * wd_lh) * w + lr * np.sign(mom), mom


CASES = [
    *cases("signsgd_update", [W, G], signsgd),
    *cases("signum_update", [W, G, M], signum, momentum=0.9, wd_lh=0.02),
]
FAULTS = [Fault("signsgd_update", [W, G], "signsgd_update: lr is missing")]
TestSignum = operator_tests(CASES, FAULTS)
