"""Optimizers: parameters and states after six updates of three parameters."""

import numpy as np

from .digest import digest

NAMES = {0: "a_weight", 1: "a_bias", 2: "b_gamma"}
SHAPES = [(3, 4), (4,), (2, 2)]
PLAIN = [{}, {"wd": 0.1}, {"wd": 0.05, "rescale_grad": 0.3, "clip_gradient": 0.4}]
OWN = {
    "SGD": [{}, {"momentum": 0.9}],
    "NAG": [{}, {"momentum": 0.9}],
    "Signum": [{}, {"momentum": 0.0}, {"wd_lh": 0.1}],
    "SGLD": [{}],
    "DCASGD": [{}, {"lamda": 0.5}],
    "Adam": [{}, {"beta1": 0.5, "epsilon": 1e-3}],
    "Adamax": [{}],
    "Nadam": [{}],
    "FTML": [{}],
    "LAMB": [{}, {"bias_correction": False}, {"upper_bound": 1.0}],
    "AdaGrad": [{}],
    "RMSProp": [{}, {"centered": True}, {"clip_weights": 0.5}],
    "AdaDelta": [{}],
    "Ftrl": [{}, {"lamda1": 0.3, "beta": 0.2}],
    "LARS": [{"momentum": 0.9}, {"eta": 0.1, "eps": 0.3}],
    "LBSGD": [
        {"momentum": 0.9, "batch_scale": 2},
        {"warmup_strategy": "lars"},
        {"warmup_strategy": "power2", "batch_scale": 3, "updates_per_epoch": 2},
    ],
    "Test": [{}],
}


def _flat(state):
    if state is None:
        return []
    if isinstance(state, (list, tuple)):
        return [array for each in state for array in _flat(each)]
    return [state]


def _updated(mx, optimizer, dtype="float32", together=False):
    rng = np.random.RandomState(3)
    mx.random.seed(11)
    updater = mx.optimizer.get_updater(optimizer)
    weights = [mx.nd.array(rng.randn(*shape), dtype=dtype) for shape in SHAPES]
    for _ in range(6):
        grads = [mx.nd.array(rng.randn(*shape) * 2, dtype=dtype) for shape in SHAPES]
        if together:
            updater([0, 1, 2], grads, weights)
        else:
            for index in range(3):
                updater(index, grads[index], weights[index])
    states = [array for index in range(3) for array in _flat(updater.states[index])]
    return digest(weights + states) + [optimizer.num_update]


def _run(name, own, together=False):
    def run(mx):
        results = []
        for plain in PLAIN:
            options = {**own, **plain, "param_idx2name": NAMES}
            results.append(_updated(mx, mx.optimizer.create(name, **options), together=together))
        return results

    return run


def _scheduled(mx):
    schedule = mx.lr_scheduler.FactorScheduler(2, 0.5, base_lr=0.3)
    return _updated(mx, mx.optimizer.SGD(momentum=0.9, lr_scheduler=schedule))


def _half(mx):
    options = {"momentum": 0.9, "multi_precision": True, "param_idx2name": NAMES}
    return [
        _updated(mx, mx.optimizer.create(name, **options), "float16", together)
        for name, together in (("sgd", False), ("sgd", True), ("nag", False))
    ]


def _multipliers(mx):
    weight = mx.sym.Variable("a_weight", lr_mult=3.0, wd_mult=0.25)
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), weight, num_hidden=2, name="a")
    names = dict(enumerate(["a_weight", "a_bias", "b_gamma", "b_beta", "c", "d_parameters"]))
    optimizer = mx.optimizer.SGD(param_idx2name=names, wd=0.1, sym=symbol)
    results = [[optimizer._get_lr(i) for i in names], [optimizer._get_wd(i) for i in names]]
    optimizer.set_lr_mult({"a_weight": 5.0, 3: 7.0})
    optimizer.set_wd_mult({"a_bias": 9.0})
    results += [[optimizer._get_lr(i) for i in names], [optimizer._get_wd(i) for i in names]]
    return results


CASES = {
    **{
        f"{name}{number or ''}": _run(name, own)
        for name, owns in OWN.items()
        for number, own in enumerate(owns)
    },
    "SGD_together": _run("sgd", {"momentum": 0.9}, True),
    "SGD_plain_together": _run("sgd", {}, True),
    "scheduled": _scheduled,
    "half_precision": _half,
    "multipliers": _multipliers,
}
