"""Attention in one operator gives what its parts give one after the other."""

import numpy as np
import pytest

import mxnet as mx
from mxnet.test_utils import environment

HEADS = 3


def run(symbol, arrays):
    """The result of prediction and the operators that ran."""
    executor = symbol.bind(mx.cpu(), dict(arrays), grad_req="null")
    result = executor.forward(is_train=False)[0].asnumpy()
    lines = executor.debug_str().splitlines()
    return result, [line.split(",")[0][3:] for line in lines if line.startswith("Op:")]


def check(symbol, arrays, tolerance=1e-5, operators=("_fused_attention",)):
    """Compares with the operators one by one; `operators` is what is left."""
    fused, ran = run(symbol, arrays)
    with environment("MXNET_SUBGRAPH_BACKEND", "NONE"):
        plain, parts = run(symbol, arrays)
    assert ran == list(operators)
    assert "_fused_attention" not in parts
    scale = np.abs(plain[np.isfinite(plain)]).max() if np.isfinite(plain).any() else 1
    np.testing.assert_allclose(fused, plain, rtol=tolerance, atol=tolerance * scale)
    return fused


def random(*shape, dtype="float32", seed=0):
    return mx.nd.array(np.random.RandomState(seed).normal(0, 1, shape), dtype=dtype)


def matrices(queries=5, keys=7, size=4, value_size=6, batch=2 * HEADS, dtype="float32"):
    return {
        "q": random(batch, queries, size, dtype=dtype, seed=1),
        "k": random(batch, keys, size, dtype=dtype, seed=2),
        "v": random(batch, keys, value_size, dtype=dtype, seed=3),
    }


def variables(*names):
    return [mx.sym.Variable(name) for name in names]


def weighted(weights, values):
    return mx.sym.batch_dot(weights, values)


def scores_of(q, k):
    return mx.sym.batch_dot(q, k, transpose_b=True)


@pytest.mark.parametrize("length, batch, size", [(1, 1, 1), (5, 2, 4), (49, 1, 17), (128, 2, 64)])
def test_interleaved_self_attention(length, batch, size):
    x = mx.sym.Variable("x")
    scores = mx.sym.contrib.interleaved_matmul_selfatt_qk(x, heads=HEADS)
    weights = mx.sym.Dropout(mx.sym.softmax(scores), p=0.5)
    symbol = mx.sym.contrib.interleaved_matmul_selfatt_valatt(x, weights, heads=HEADS)
    check(symbol, {"x": random(length, batch, HEADS * 3 * size)})


def test_interleaved_attention_of_a_decoder():
    q, kv = variables("q", "kv")
    scores = mx.sym.contrib.interleaved_matmul_encdec_qk(q, kv, heads=HEADS)
    symbol = mx.sym.contrib.interleaved_matmul_encdec_valatt(
        kv, mx.sym.softmax(scores), heads=HEADS
    )
    check(symbol, {"q": random(9, 2, HEADS * 5), "kv": random(11, 2, HEADS * 10, seed=1)})


SIZES = [(1, 1, 1, 1), (5, 7, 4, 6), (50, 33, 8, 17), (3, 500, 5, 4), (97, 1001, 16, 16)]


@pytest.mark.parametrize("queries, keys, size, value_size", SIZES)
def test_products_of_matrices(queries, keys, size, value_size):
    q, k, v = variables("q", "k", "v")
    symbol = weighted(mx.sym.softmax(scores_of(q * 0.3, k) / 1.7), v)
    check(symbol, matrices(queries, keys, size, value_size))


@pytest.mark.parametrize("dtype, tolerance", [("float64", 1e-13), ("float16", 4e-3)])
def test_other_dtypes(dtype, tolerance):
    q, k, v = variables("q", "k", "v")
    symbol = weighted(mx.sym.softmax(scores_of(q, k)), v)
    check(symbol, matrices(21, 30, 8, 9, dtype=dtype), tolerance)


def test_products_of_linear_algebra_and_temperature():
    q, k, v = variables("q", "k", "v")
    scores = mx.sym.linalg_gemm2(q, k, transpose_b=True, alpha=0.25)
    symbol = mx.sym.linalg_gemm2(mx.sym.softmax(scores, temperature=2.0), v)
    check(symbol, matrices())


def test_one_head_by_dot():
    q, k, v = variables("q", "k", "v")
    symbol = mx.sym.dot(mx.sym.softmax(mx.sym.dot(q, k, transpose_b=True)), v)
    arrays = {name: array[0] for name, array in matrices().items()}
    check(symbol, arrays)


def separate_heads(x):
    """(batch, length, heads * size) -> (batch * heads, length, size)"""
    x = mx.sym.transpose(mx.sym.reshape(x, (0, 0, HEADS, -1)), axes=(0, 2, 1, 3))
    return mx.sym.reshape(x, (-1, 0, 0), reverse=True)


def join_heads(x):
    x = mx.sym.reshape(x, (-1, HEADS, 0, 0), reverse=True)
    return mx.sym.reshape(mx.sym.transpose(x, axes=(0, 2, 1, 3)), (0, 0, -1))


def multi_head(mask=None, fill=-1e18, dropout=0.1):
    """Attention cells as GluonNLP and others write them."""
    q, k, v = (separate_heads(x) for x in variables("q", "k", "v"))
    scores = scores_of(mx.sym.contrib.div_sqrt_dim(q), k)
    if mask is not None:
        mask = mx.sym.broadcast_axis(mx.sym.expand_dims(mask, axis=1), axis=1, size=HEADS)
        mask = mx.sym.reshape(mask, (-1, 0, 0), reverse=True)
        scores = mx.sym.where(mask, scores, fill * mx.sym.ones_like(scores))
        weights = mx.sym.softmax(scores) * mask
    else:
        weights = mx.sym.softmax(scores)
    weights = mx.sym.reshape(weights, (-1, HEADS, 0, 0), reverse=True)
    weights = mx.sym.Dropout(weights, p=dropout) if dropout else weights
    weights = mx.sym.reshape(weights, (-1, 0, 0), reverse=True)
    return join_heads(weighted(weights, v))


def heads_arrays(batch=2, queries=5, keys=7, size=4):
    shapes = {"q": (batch, queries), "k": (batch, keys), "v": (batch, keys)}
    return {
        name: random(*shape, HEADS * size, seed=seed)
        for seed, (name, shape) in enumerate(shapes.items())
    }


@pytest.mark.parametrize("batch", [1, 2])
def test_reshapes_and_transposes_become_steps(batch):
    check(multi_head(), heads_arrays(batch, 50, 21))


@pytest.mark.parametrize("fill", [-1e4, -1e18, -np.inf])
def test_masked_weights(fill):
    """The second sample's mask lets nothing through."""
    mask = np.random.RandomState(5).uniform(size=(3, 5, 7)) > 0.4
    mask[1] = False
    mask[0, :, 0] = mask[2, :, 0] = True
    arrays = {**heads_arrays(3), "mask": mx.nd.array(mask)}
    result = check(multi_head(mx.sym.Variable("mask"), fill), arrays)
    assert np.isnan(result[1]).all() if fill == -np.inf else (result[1] == 0).all()


@pytest.mark.parametrize("shape", [(6, 5, 7), (6, 1, 7), (1, 1, 7), (1, 5, 7)])
@pytest.mark.parametrize("low", [-1e4, -1e18, -np.inf])
def test_masks_that_are_added(shape, low):
    q, k, v, mask = variables("q", "k", "v", "mask")
    scores = mx.sym.broadcast_add(scores_of(q, k) / 2.0, mask) * 0.5
    values = np.where(np.random.RandomState(4).uniform(size=shape) > 0.4, 0, low)
    values[0, -1] = low  # a query to which no key is left
    arrays = {**matrices(), "mask": mx.nd.array(values)}
    result = check(weighted(mx.sym.softmax(scores), v), arrays)
    assert np.isnan(result).any() == (low == -np.inf)


@pytest.mark.parametrize("dtype", ["int32", "float32"])
@pytest.mark.parametrize("broken", [False, True])
def test_lengths(dtype, broken):
    """Lengths of 0, and values that are no numbers where no key counts."""
    q, k, v, length = variables("q", "k", "v", "length")
    rows = mx.sym.broadcast_axis(mx.sym.expand_dims(length, axis=1), axis=1, size=5)
    weights = mx.sym.softmax(scores_of(q, k), length=rows, use_length=True)
    arrays = {**matrices(keys=30), "length": mx.nd.array([0, 30, 1, 7, 29, 16], dtype=dtype)}
    if broken:
        arrays["v"][2, 20, 1] = np.nan
        arrays["v"][3, 3, 2] = np.inf
    result = check(weighted(weights, v), arrays)
    assert (result[0] == 0).all() and np.isfinite(result).all() != broken


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["q", "k", "v"])
def test_what_is_not_finite(name, value):
    q, k, v = variables("q", "k", "v")
    arrays = matrices(queries=60, keys=1000)
    arrays[name][1, 2, 3] = value
    result = check(weighted(mx.sym.softmax(scores_of(q, k)), v), arrays)
    assert not np.isfinite(result[1]).all() and np.isfinite(result[0]).all()


def test_scores_that_are_all_minus_infinity_in_the_first_keys():
    q, k, v, mask = variables("q", "k", "v", "mask")
    values = np.zeros((6, 5, 1000))
    values[:, :, :900] = -np.inf
    arrays = {**matrices(keys=1000), "mask": mx.nd.array(values)}
    result = check(weighted(mx.sym.softmax(scores_of(q, k) + mask), v), arrays)
    assert np.isfinite(result).all()


def test_projections_in_one_array_are_read_where_they_lie():
    """(batch, length, 3 * heads * size), cut into queries, keys and values."""
    x = mx.sym.Variable("x")
    q, k, v = mx.sym.split(x, num_outputs=3, axis=2)
    symbol = join_heads(
        weighted(mx.sym.softmax(scores_of(*map(separate_heads, (q, k)))), separate_heads(v))
    )
    fused, ran = run(symbol, {"x": random(2, 9, 3 * HEADS * 4)})
    assert ran == ["_fused_attention"]


def test_weights_that_others_read_are_made():
    q, k, v = variables("q", "k", "v")
    weights = mx.sym.softmax(scores_of(q, k))
    symbol = mx.sym.Group([weighted(weights, v), weights])
    assert "_fused_attention" not in run(symbol, matrices())[1]


def train(symbol, arrays, constants=()):
    """Result and gradients of a step, and the operators that ran."""
    wanted = {name: "null" if name in constants else "write" for name in arrays}
    gradients = {name: mx.nd.zeros(a.shape, dtype=a.dtype) for name, a in arrays.items()}
    executor = symbol.bind(mx.cpu(), dict(arrays), args_grad=gradients, grad_req=wanted)
    result, *weights = executor.forward(is_train=True)
    head = random(*result.shape, dtype=result.dtype, seed=8)
    executor.backward([head, *map(mx.nd.zeros_like, weights)])
    return [result, *(gradients[n] for n in arrays if n not in constants)], executor.debug_str()


def check_training(symbol, arrays, constants=(), tolerance=1e-5):
    fused, plan = train(symbol, arrays, constants)
    assert plan.count("Op:_fused_attention") == plan.count("Op:_backward_fused_attention") == 1
    # Weights that are an output stay.
    internals = symbol.get_internals()
    (weights,) = [name for name in internals.list_outputs() if name.startswith("softmax")]
    whole = mx.sym.Group([symbol, internals[weights]])
    plain, plan = train(whole, arrays, constants)
    assert "_fused_attention" not in plan
    for actual, expected in zip(fused, plain):
        expected = expected.asnumpy()
        scale = np.nanmax(np.abs(expected))
        np.testing.assert_allclose(
            actual.asnumpy(), expected, rtol=tolerance, atol=tolerance * scale
        )


@pytest.mark.parametrize("length, batch, size", [(1, 1, 1), (49, 2, 17), (500, 1, 8)])
def test_training_of_self_attention(length, batch, size):
    x = mx.sym.Variable("x")
    scores = mx.sym.contrib.interleaved_matmul_selfatt_qk(x, heads=HEADS)
    symbol = mx.sym.contrib.interleaved_matmul_selfatt_valatt(
        x, mx.sym.softmax(scores), heads=HEADS
    )
    check_training(symbol, {"x": random(length, batch, HEADS * 3 * size)})


@pytest.mark.parametrize("dtype, tolerance", [("float64", 1e-12), ("float16", 2e-2)])
def test_training_in_other_dtypes(dtype, tolerance):
    q, k, v = variables("q", "k", "v")
    symbol = weighted(mx.sym.softmax(scores_of(q * 0.3, k)), v)
    check_training(symbol, matrices(21, 30, 8, 9, dtype=dtype), tolerance=tolerance)


def test_training_of_many_heads():
    check_training(multi_head(dropout=0), heads_arrays(2, 50, 21))


def test_training_with_a_mask():
    mask = np.random.RandomState(5).uniform(size=(3, 5, 7)) > 0.4
    mask[1] = False
    arrays = {**heads_arrays(3), "mask": mx.nd.array(mask)}
    check_training(multi_head(mx.sym.Variable("mask"), dropout=0), arrays, ["mask"])


def test_training_with_a_mask_that_is_added_and_lengths():
    q, k, v, mask, length = variables("q", "k", "v", "mask", "length")
    scores = mx.sym.broadcast_add(scores_of(q, k), mask)
    rows = mx.sym.broadcast_axis(mx.sym.expand_dims(length, axis=1), axis=1, size=5)
    symbol = weighted(mx.sym.softmax(scores, length=rows, use_length=True), v)
    arrays = {**matrices(), "mask": random(6, 1, 7, seed=9)}
    arrays["length"] = mx.nd.array([0, 7, 1, 3, 6, 2], dtype="int32")
    check_training(symbol, arrays, ["mask", "length"])


def test_masks_that_are_learned_keep_their_gradients():
    q, k, v, mask = variables("q", "k", "v", "mask")
    symbol = weighted(mx.sym.softmax(scores_of(q, k) + mask), v)
    gradients, plan = train(symbol, {**matrices(), "mask": random(6, 5, 7, seed=9)})
    assert "_fused_attention" not in plan and np.abs(gradients[-1].asnumpy()).max() > 0


def test_dropout_keeps_training_as_it_is():
    q, k, v = variables("q", "k", "v")
    symbol = weighted(mx.sym.Dropout(mx.sym.softmax(scores_of(q, k)), p=0.5), v)
    assert "_fused_attention" not in train(symbol, matrices())[1]


def test_second_derivatives_of_cached_attention():
    """They are taken of the operators that the graph was written in."""
    x = mx.sym.Variable("x")
    scores = mx.sym.contrib.interleaved_matmul_selfatt_qk(x, heads=HEADS)
    symbol = mx.sym.contrib.interleaved_matmul_selfatt_valatt(
        mx.sym.Dropout(x, p=0.5), mx.sym.softmax(scores), heads=HEADS
    )

    def second(call):
        value = random(5, 2, HEADS * 6)
        value.attach_grad()
        mx.random.seed(3)
        with mx.autograd.record():
            first = mx.autograd.grad(call(value), [value], create_graph=True, retain_graph=True)[0]
            total = (first * first).sum()
        total.backward()
        return value.grad.asnumpy()

    def plainly(x):
        scores = mx.nd.contrib.interleaved_matmul_selfatt_qk(x, heads=HEADS)
        return mx.nd.contrib.interleaved_matmul_selfatt_valatt(
            mx.nd.Dropout(x, p=0.5), mx.nd.softmax(scores), heads=HEADS
        )

    cached = mx.nd.CachedOp(symbol)
    np.testing.assert_allclose(second(cached), second(plainly), rtol=1e-4, atol=1e-6)


GELUS = {
    "as GluonNLP writes it": lambda x: x * 0.5 * (1.0 + mx.sym.erf(x / np.sqrt(2))),
    "half in front": lambda x: 0.5 * x * (1 + mx.sym.erf(x * 0.70710678)),
    "half behind": lambda x: (mx.sym.erf(x / 1.4142135623) + 1) * x / 2,
}


@pytest.mark.parametrize("name", sorted(GELUS))
def test_gelu_that_is_written_out(name):
    dense = mx.sym.FullyConnected(mx.sym.Variable("x"), num_hidden=70, flatten=False, name="fc")
    arrays = {"x": random(3, 11, 40), "fc_weight": random(70, 40), "fc_bias": random(70)}
    symbol = GELUS[name](dense)
    fused, ran = run(symbol, arrays)
    assert [op for op in ran if op != "_reorder"] == ["_fused_fully_connected"]
    with environment("MXNET_SUBGRAPH_BACKEND", "NONE"):
        plain, _ = run(symbol, arrays)
    np.testing.assert_allclose(fused, plain, rtol=1e-4, atol=1e-4)


def test_what_is_not_gelu_stays():
    x = mx.sym.Variable("x")
    for symbol in (0.5 * x * (1 + mx.sym.erf(x)), x * (1 + mx.sym.erf(x / np.sqrt(2)))):
        fused, _ = run(symbol, {"x": random(50)})
        with environment("MXNET_SUBGRAPH_BACKEND", "NONE"):
            np.testing.assert_allclose(fused, run(symbol, {"x": random(50)})[0], rtol=1e-5)
