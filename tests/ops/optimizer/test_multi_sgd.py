import numpy as np
import pytest
from harness import Case, operator_tests

import mxnet as mx

R = np.random.default_rng(21)
SHAPES = [(5, 3), (7,)]
LRS, WDS = (0.1, 0.2), (0.01, 0.0)


def multi(has_momentum, mixed, preloaded):
    """The reference of one of the operators: weights, then the states of each."""
    size = 2 + has_momentum + mixed

    def update(*arrays, num_weights, lrs=None, wds=None, momentum=0, clip_gradient, rescale_grad):
        if preloaded:
            *arrays, lrs, wds = arrays
        weights, states = [], []
        for i in range(num_weights):
            w, g, *rest = arrays[i * size : (i + 1) * size]
            w = rest[-1] if mixed else w
            g = np.clip(rescale_grad * g, -clip_gradient, clip_gradient)
            step = -lrs[i] * (g + wds[i] * w)
            if has_momentum:
                step = momentum * rest[0] + step
                states.append(step)
            weights.append(w + step)
            states += [w + step] * mixed
        return weights + states

    return update


def case(has_momentum, mixed, preloaded):
    name = f"multi_{'mp_' * mixed}sgd_{'mom_' * has_momentum}update"
    inputs = [R.normal(size=s) for s in SHAPES for _ in range(2 + has_momentum + mixed)]
    attrs = {"num_weights": 2, "clip_gradient": 0.3, "rescale_grad": 0.5}
    attrs.update({"momentum": 0.9} if has_momentum else {})
    if preloaded:
        inputs += [np.array(LRS), np.array(WDS)]
    else:
        attrs.update(lrs=LRS, wds=WDS)
    reference = multi(has_momentum, mixed, preloaded)
    name = "preloaded_" * preloaded + name
    options = {"grad": False, "rtol": 1e-4, "atol": 1e-5, "oracle": "1.9.1 asks for `out`"}
    return Case(name, inputs, reference, attrs, **options)


CASES = [case(m, x, p) for m in (False, True) for x in (False, True) for p in (False, True)]
TestMultiSgd = operator_tests(CASES)


def arrays():
    return [[R.normal(size=s).astype("float32") for s in SHAPES] for _ in range(3)]


@pytest.mark.parametrize("preloaded", [False, True])
@pytest.mark.parametrize("momentum", [None, 0.9])
def test_every_weight_is_updated_as_alone(preloaded, momentum):
    weights, grads, moms = ([mx.nd.array(a) for a in group] for group in arrays())
    expected = [w.copy() for w in weights]
    states = [m.copy() for m in moms]
    groups = [weights, grads] + ([moms] if momentum else [])
    extra = {"momentum": momentum} if momentum else {}
    name = "multi_sgd_mom_update" if momentum else "multi_sgd_update"
    given = [a for group in zip(*groups) for a in group]
    if preloaded:
        given += [mx.nd.array(LRS), mx.nd.array(WDS)]
        function = getattr(mx.nd, "preloaded_" + name)
        function(*given, out=weights, num_weights=2, **extra)
    else:
        getattr(mx.nd, name)(*given, out=weights, num_weights=2, lrs=LRS, wds=WDS, **extra)
    for w, g, m, lr, wd in zip(expected, grads, states, LRS, WDS):
        if momentum:
            mx.nd.sgd_mom_update(w, g, m, out=w, lr=lr, wd=wd, momentum=momentum)
        else:
            mx.nd.sgd_update(w, g, out=w, lr=lr, wd=wd)
    for got, want in zip(weights, expected):
        np.testing.assert_allclose(got.asnumpy(), want.asnumpy(), rtol=1e-6, atol=1e-7)


def test_counts_must_agree():
    w = mx.nd.ones((2,))
    with pytest.raises(mx.base.MXNetError, match="expected num_weights=1"):
        mx.nd.multi_sgd_update(w, w, out=w, num_weights=1, lrs=(0.1, 0.2), wds=(0.0,))
