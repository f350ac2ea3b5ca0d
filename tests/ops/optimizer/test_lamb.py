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


def phase1(w, g, mean, var, *copy, t, wd, bias_correction=True, **scaling):
    g = scaled(g, **scaling)
    mean, var = 0.9 * mean + 0.1 * g, 0.999 * var + 0.001 * g * g
    right1, right2 = (1 - 0.9**t, 1 - 0.999**t) if bias_correction else (1, 1)
    step = mean / right1 / (np.sqrt(var / right2) + 1e-6) + wd * w
    return step, mean, var


def phase2(w, g, r1, r2, lr, lower_bound=-1, upper_bound=-1):
    r1 = np.maximum(r1, lower_bound) if lower_bound >= 0 else r1
    r1 = np.minimum(r1, upper_bound) if upper_bound >= 0 else r1
    return w - lr * (r1 / r2 if r1 * r2 else 1) * g


def mixed_phase2(w, g, r1, r2, copy, **attrs):
    w = phase2(copy, g, r1, r2, **attrs)
    return w, w


def multi_lamb(*arrays, num_tensors, learning_rates, wds, step_count, **scaling):
    size, weights, states = len(arrays) // num_tensors, [], []
    for i in range(num_tensors):
        w, g, mean, var, *copy = arrays[i * size : (i + 1) * size]
        step, mean, var = phase1(w, g, mean, var, t=step_count[i], wd=wds[i], **scaling)
        norms = np.linalg.norm(w), np.linalg.norm(step)
        w = phase2(w, step, *norms, lr=learning_rates[i])
        weights.append(w)
        states += [mean, var, *[w] * len(copy)]
    return weights + states


NORMS = [(2.0, 3.0), (0.0, 3.0), (2.0, 0.0)]
FIRST = {"t": 3, "wd": 0.01, "rescale_grad": 0.5, "clip_gradient": 0.3}
CASES = [
    Case(
        "mp_lamb_update_phase2",
        [W, G, np.array([2.0]), np.array([3.0]), M],
        mixed_phase2,
        attrs={"lr": 0.1},
        grad=False,
        oracle="1.9.1 leaves the copy in float32 as it was",
    ),
    *(
        Case(
            f"_multi_{mixed}lamb_update",
            [*[W, G, M, V, *copy], *(a[:7] for a in (W, M, G, V, *copy))],
            multi_lamb,
            attrs={
                "num_tensors": 2,
                "learning_rates": (0.1, 0.2),
                "wds": (0.01, 0.02),
                "step_count": (3, 1),
                "rescale_grad": 0.5,
                "clip_gradient": 0.3,
            },
            grad=False,
            rtol=1e-4,
            atol=1e-5,
            oracle="1.9.1 takes the states as variables of no symbol",
        )
        for mixed, copy in (("", []), ("mp_", [W]))
    ),
    *(
        Case(
            op,
            inputs,
            phase1,
            attrs={**FIRST, "bias_correction": b},
            grad=False,
            rtol=1e-4,
            atol=1e-5,
        )
        for op, inputs in (
            ("lamb_update_phase1", [W, G, M, V]),
            ("mp_lamb_update_phase1", [W, G, M, V, W]),
        )
        for b in (True, False)
    ),
    *(
        Case(
            "lamb_update_phase2",
            [W, G, np.array([a]), np.array([b])],
            phase2,
            attrs={"lr": 0.1, **bounds},
            grad=False,
        )
        for a, b in NORMS
        for bounds in ({}, {"lower_bound": 0.5, "upper_bound": 1.5})
    ),
]
FAULTS = [Fault("lamb_update_phase1", [W, G, M, V], "lamb_update_phase1: t is missing", {"wd": 0})]
TestLamb = operator_tests(CASES, FAULTS)
