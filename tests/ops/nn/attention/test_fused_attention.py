"""_fused_attention beside NumPy. What the graph compiler makes of it: test_fuse_attention.py."""

import numpy as np
import pytest

import mxnet as mx

BATCH, HEADS, QUERIES, KEYS, SIZE = 2, 3, 5, 7, 4


def random(*shape, seed=0):
    return np.random.RandomState(seed).normal(0, 1, shape).astype("float32")


def softmax(scores):
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def view(tensor, rows, columns, heads_first=True):
    """Of (batch, heads, rows, columns), or (batch, rows, heads, columns)."""
    head, row = (rows * columns, columns) if heads_first else (columns, HEADS * columns)
    return tensor, 0, HEADS * rows * columns, head, row, 1


def attention(*inputs, heads_first=True, **more):
    q, k = view(0, QUERIES, SIZE, heads_first), view(1, KEYS, SIZE, heads_first)
    return mx.nd._internal._fused_attention(
        *map(mx.nd.array, inputs),
        num_args=len(inputs),
        batch=BATCH,
        heads=HEADS,
        queries=QUERIES,
        keys=KEYS,
        size=SIZE,
        value_size=SIZE,
        query_view=q,
        key_view=k,
        value_view=(2, *k[1:]),
        out_view=q,
        out_shape=inputs[0].shape,
        scale=0.5,
        **more,
    ).asnumpy()


def operands(heads_first=True):
    arrays = [random(BATCH, HEADS, n, SIZE, seed=i) for i, n in enumerate((QUERIES, KEYS, KEYS))]
    return arrays if heads_first else [a.transpose(0, 2, 1, 3).copy() for a in arrays]


def expected(q, k, v, change=lambda scores: scores):
    return softmax(change(0.5 * q @ k.swapaxes(-1, -2))) @ v


@pytest.mark.parametrize("heads_first", [True, False])
def test_views(heads_first):
    result = attention(*operands(heads_first), heads_first=heads_first)
    result = result if heads_first else result.transpose(0, 2, 1, 3)
    np.testing.assert_allclose(result, expected(*operands()), rtol=1e-5, atol=1e-6)


def test_mask_that_is_added():
    mask = random(BATCH, KEYS, seed=9)
    place = (3, 0, KEYS, 0, 0, 1)
    result = attention(*operands(), mask, mask="add", mask_view=place, mask_factor=2.0)
    wanted = expected(*operands(), lambda scores: scores + 2 * mask[:, None, None])
    np.testing.assert_allclose(result, wanted, rtol=1e-5, atol=1e-6)


def test_mask_that_chooses():
    mask = random(QUERIES, KEYS, seed=9) > -0.5
    more = {"mask": "where", "mask_view": (3, 0, 0, 0, KEYS, 1), "fill": -3.0}
    result = attention(*operands(), mask, mask_weights=True, **more)
    weights = softmax(np.where(mask, 0.5 * operands()[0] @ operands()[1].swapaxes(2, 3), -3)) * mask
    np.testing.assert_allclose(result, weights @ operands()[2], rtol=1e-5, atol=1e-6)


def test_lengths():
    lengths = np.array([3, 0], "int32")
    result = attention(*operands(), lengths, length_view=(3, 0, 1, 0, 0, 0))
    q, k, v = (array[0] for array in operands())
    np.testing.assert_allclose(result[0], expected(q, k[:, :3], v[:, :3]), rtol=1e-5, atol=1e-6)
    assert (result[1] == 0).all()


BAD = [
    ({"value_view": (2, 1, 84, 28, 4, 1)}, "value_view=.* leaves its array"),
    ({"key_view": (1, 0, 84, 28, -4, 1)}, "key_view=.* leaves its array"),
    ({"query_view": (3, 0, 60, 20, 4, 1)}, "names input 3; expected one below 3"),
    ({"out_shape": (2, 3, 5, 3)}, "out_view=.* leaves its array"),
    ({"query_view": (0, 0)}, "query_view=.* is not a view; expected 6 numbers"),
    ({"key_view": (1, 2**62, 2**62, 28, 4, 1)}, "64 bits cannot hold"),
]


@pytest.mark.parametrize("more, message", BAD)
def test_views_are_checked(more, message):
    call = {
        "query_view": view(0, QUERIES, SIZE),
        "key_view": view(1, KEYS, SIZE),
        "value_view": view(2, KEYS, SIZE),
        "out_view": view(0, QUERIES, SIZE),
        "out_shape": (BATCH, HEADS, QUERIES, SIZE),
        **more,
    }
    sizes = {"batch": BATCH, "heads": HEADS, "queries": QUERIES, "keys": KEYS}
    with pytest.raises(ValueError, match=message):
        mx.nd._internal._fused_attention(
            *map(mx.nd.array, operands()), num_args=3, size=SIZE, value_size=SIZE, **sizes, **call
        )
