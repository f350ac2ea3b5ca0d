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


def sgd(w, g, *copy, lr, wd=0, **scaling):
    w = (1 - lr * wd) * w - lr * scaled(g, **scaling)
    return [w] * (1 + len(copy))


def momentum_step(w, g, mom, *copy, lr, momentum, wd=0, **scaling):
    mom = momentum * mom - lr * (scaled(g, **scaling) + wd * w)
    return [w + mom, mom, *[w + mom] * len(copy)]


def nag(w, g, mom, *copy, lr, momentum, wd=0, **scaling):
    g, kept = scaled(g, **scaling), momentum * mom
    step = lr * (g + wd * w)
    after = w + momentum * (kept - step) - step
    # With a copy of the weight, 1.9.1 overwrites it before it computes the momentum.
    mom = kept - lr * (g + wd * (after if copy else w))
    return [after, mom, *[after] * len(copy)]


CASES = [
    *cases("sgd_update", [W, G], sgd),
    *cases("mp_sgd_update", [W, G, W], sgd),
    *cases("sgd_mom_update", [W, G, M], momentum_step, momentum=0.9),
    *cases("mp_sgd_mom_update", [W, G, M, W], momentum_step, momentum=0.9),
    *cases("nag_mom_update", [W, G, M], nag, momentum=0.9),
    *cases("mp_nag_mom_update", [W, G, M, W], nag, momentum=0.9),
]
FAULTS = [
    Fault("sgd_update", [W, G], "sgd_update: lr is missing"),
    Fault("sgd_update", [W, G[:5]], "sgd_update: grad=.* has the wrong shape", {"lr": 0.1}),
]
TestSgd = operator_tests(CASES, FAULTS)
