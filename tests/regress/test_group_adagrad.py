"""The optimizer GroupAdaGrad of `mx.optimizer.contrib` was missing."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon, nd

WEIGHT = np.array([[1, 2], [3, 4], [5, 6]], dtype=np.float32)
GRAD = np.array([[1, 2], [3, -4], [0, 0]], dtype=np.float32)


def expected_after(steps, rate=0.1, scale=0.5, clip=None, eps=1e-5):
    weight, history = WEIGHT.astype(np.float64), np.zeros((3, 1))
    for _ in range(steps):
        grad = GRAD * scale if clip is None else np.clip(GRAD * scale, -clip, clip)
        history += (grad**2).mean(axis=1, keepdims=True)
        weight -= rate * grad / np.sqrt(history + eps)
    return weight, history


@pytest.mark.parametrize("clip", [None, 0.5])
@pytest.mark.parametrize("of_grad", ["default", "row_sparse"])
@pytest.mark.parametrize("of_weight", ["default", "row_sparse"])
def test_steps(of_weight, of_grad, clip):
    weight, grad = nd.array(WEIGHT).tostype(of_weight), nd.array(GRAD).tostype(of_grad)
    optimizer = mx.optimizer.create(
        "groupadagrad", learning_rate=0.1, rescale_grad=0.5, clip_gradient=clip
    )
    state = optimizer.create_state(0, weight)
    for _ in range(3):
        optimizer.update(0, weight, grad, state)
    assert weight.stype == state.stype == of_weight
    for found, expected in zip((weight, state), expected_after(3, clip=clip)):
        np.testing.assert_allclose(found.asnumpy(), expected, rtol=1e-5)


def test_embeddings_touch_their_rows_alone():
    table = gluon.nn.Embedding(5, 2, sparse_grad=True)
    table.initialize(mx.init.One())
    trainer = gluon.Trainer(table.collect_params(), "groupadagrad", {"learning_rate": 0.1})
    with autograd.record():
        loss = table(nd.array([1, 3, 1])).sum()
    loss.backward()
    trainer.step(1)
    changed = (table.weight.data().asnumpy() != 1).all(axis=1)
    assert changed.tolist() == [False, True, False, True, False]


def test_mistakes():
    optimizer = mx.optimizer.contrib.GroupAdaGrad(wd=0.1)
    with pytest.raises(AssertionError, match="wd=0.1 is not supported"):
        optimizer.update(0, nd.ones((2, 2)), nd.ones((2, 2)), nd.zeros((2, 1)))
    with pytest.raises(AssertionError, match="expected two axes"):
        optimizer.create_state(0, nd.ones(3))
