import numpy as np
import pytest

import mxnet as mx

R = np.random.default_rng(21)
SHAPES = [(5, 3), (7,)]
LRS, WDS = (0.1, 0.2), (0.01, 0.0)


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
