import numpy as np
import pytest
from harness import Case, operator_tests

from mxnet import nd

R = np.random.default_rng(20)
W, G, H = R.normal(size=(3, 30, 4))
H = np.abs(H)


def adagrad(w, g, h, lr, epsilon=1e-7, wd=0, rescale_grad=1, clip_gradient=-1):
    g = rescale_grad * g
    g = np.clip(g, -clip_gradient, clip_gradient) if clip_gradient >= 0 else g
    h = h + g * g
    return w - lr * (g / np.sqrt(h + epsilon) + wd * w), h


CASES = [
    Case(
        "_sparse_adagrad_update",
        [W, G, H],
        adagrad,
        attrs=attrs,
        grad=False,
        rtol=1e-4,
        atol=1e-5,
        oracle="takes sparse arrays only",
    )
    for attrs in ({"lr": 0.1}, {"lr": 0.1, "rescale_grad": 0.5, "clip_gradient": 0.3})
]

TestAdagrad = operator_tests(CASES)


@pytest.mark.parametrize("stype", ["default", "row_sparse"])
def test_rows_without_a_gradient_stay(stype):
    weight, history = (nd.array([[1, 2], [3, 4], [5, 6]]).tostype(stype) for _ in range(2))
    grad = nd.array([[0.5, 1], [0, 0], [-1, 2]]).tostype("row_sparse")
    nd.sparse.adagrad_update(weight, grad, history, out=weight, lr=0.1)
    assert weight.stype == stype
    want, sums = adagrad(
        *(
            a.astype("float64")
            for a in (
                np.array([[1, 2], [3, 4], [5, 6]]),
                grad.asnumpy(),
                np.array([[1, 2], [3, 4], [5, 6]]),
            )
        ),
        0.1,
    )
    np.testing.assert_allclose(weight.asnumpy(), want, rtol=1e-6)
    np.testing.assert_allclose(history.asnumpy(), sums, rtol=1e-6)
