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


def adam(w, g, mean, var, lr, wd=0, rescale_grad=1, clip_gradient=-1):
    g = scaled(rescale_grad * g + wd * w, 1, clip_gradient)
    mean, var = 0.9 * mean + 0.1 * g, 0.999 * var + 0.001 * g * g
    return w - lr * mean / (np.sqrt(var) + 1e-8), mean, var


def adamw(w, g, mean, var, *rest, lr, eta, wd=0, clip_gradient=-1):
    g = scaled(g, rest[-1], clip_gradient)
    mean, var = 0.9 * mean + 0.1 * g, 0.999 * var + 0.001 * g * g
    w = w - eta * (lr * mean / (np.sqrt(var) + 1e-8) + wd * w)
    return [w, mean, var, *[w] * (len(rest) - 1)]


def multi_adamw(*arrays, num_weights, lrs, wds, etas, clip_gradient):
    *arrays, factor = arrays
    size, weights, states = len(arrays) // num_weights, [], []
    for i in range(num_weights):
        w, g, mean, var, *copy = arrays[i * size : (i + 1) * size]
        rates = {"lr": lrs[i], "wd": wds[i], "eta": etas[i], "clip_gradient": clip_gradient}
        w, *rest = adamw(w, g, mean, var, *copy, factor, **rates)
        weights.append(w)
        states += rest
    return weights + states


FACTOR = np.array([0.5])
ADAMW = {"lr": 0.1, "wd": 0.01, "eta": 0.3, "clip_gradient": 0.3}
SEVERAL = {"num_weights": 2, "lrs": (0.1, 0.2), "wds": (0.01, 0), "etas": (0.3, 1)}
CASES = [
    *(
        Case(
            f"_multi_{mixed}adamw_update",
            [*[W, G, M, V, *copy], *(a[:7] for a in (W, S, M, V, *copy)), FACTOR],
            multi_adamw,
            attrs={**SEVERAL, "clip_gradient": 0.3},
            grad=False,
            rtol=1e-4,
            atol=1e-5,
            oracle="1.9.1 takes the states as variables of no symbol",
        )
        for mixed, copy in (("", []), ("mp_", [W]))
    ),
    *cases("adam_update", [W, G, M, V], adam),
    Case("_adamw_update", [W, G, M, V, FACTOR], adamw, attrs=ADAMW, grad=False, rtol=1e-4),
    Case("_mp_adamw_update", [W, G, M, V, W, FACTOR], adamw, attrs=ADAMW, grad=False, rtol=1e-4),
    Case(
        "_adamw_update",
        [W, G, M, V, np.array([np.nan])],
        lambda w, g, mean, var, *_, **__: [w, mean, var],
        attrs=ADAMW,
        grad=False,
        oracle="1.9.1 leaves a result without `out` as it was",
    ),
]
FAULTS = [Fault("adam_update", [W, G, M, V], "adam_update: lr is missing")]
TestAdam = operator_tests(CASES, FAULTS)
