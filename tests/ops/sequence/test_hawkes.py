import numpy as np
from harness import Case, Fault, operator_tests

import mxnet as mx

OP = "_contrib_hawkesll"
R = np.random.default_rng(81)


def hawkes(lda, alpha, beta, state, lags, marks, valid_length, max_time):
    totals, states = [], []
    for i in range(len(lda)):
        now, last, level, total = 0.0, np.zeros(len(alpha)), state[i].copy(), 0.0
        for lag, k in zip(lags[i][: int(valid_length[i])], marks[i]):
            now += lag
            passed = now - last[k]
            decay = np.exp(-beta[k] * passed)
            total += np.log(lda[i, k] + alpha[k] * beta[k] * level[k] * decay)
            total -= lda[i, k] * passed + alpha[k] * level[k] * (1 - decay)
            level[k] = 1 + level[k] * decay
            last[k] = now
        decay = np.exp(-beta * (max_time[i] - last))
        total -= (lda[i] * (max_time[i] - last) + alpha * level * (1 - decay)).sum()
        totals.append(total)
        states.append(level * decay)
    return np.array(totals), np.array(states)


def gradient(*values):
    inputs, head = list(values[:8]), values[8]
    result = [None] * 8
    for i in range(3):
        result[i] = np.zeros(inputs[i].shape)
        for place in np.ndindex(inputs[i].shape):
            ends = []
            for step in (1e-6, -1e-6):
                moved = inputs[i].copy()
                moved[place] += step
                ends.append((hawkes(*inputs[:i], moved, *inputs[i + 1 :])[0] * head).sum())
            result[i][place] = (ends[0] - ends[1]) / 2e-6
    return result


def inputs(n, kinds, events):
    rates = R.uniform(0.1, 0.6, (n, kinds))
    excitement = [R.uniform(0, 0.5, kinds), R.uniform(0.5, 1.5, kinds), R.uniform(0, 1, (n, kinds))]
    lags = R.uniform(0, 1, (n, events))
    marks = R.integers(0, kinds, (n, events)).astype("int32")
    lengths = R.integers(0, events + 1, n).astype(float)
    return [rates, *excitement, lags, marks, lengths, lags.sum(1) + 1]


def case(*sizes, dtypes="float32", oracle=True):
    return Case(
        OP,
        inputs(*sizes),
        hawkes,
        dtypes=dtypes,
        rtol=1e-4,
        atol=1e-5,
        oracle=oracle,
        grad=False,  # differences of all elements of large arrays take too long; see below
    )


GIVEN = inputs(2, 3, 4)
ROUGH = "1.9.1 computes in float32"
CASES = [
    case(2, 3, 5),
    case(2, 3, 5, dtypes="float64", oracle=ROUGH),
    case(4, 1, 3),
    case(1, 2, 6),
    # More sequences than are taken together, and one that is longer than those.
    case(70, 3, 5),
    case(2, 4, 600),
]
FAULTS = [
    Fault(
        OP,
        [*GIVEN[:5], GIVEN[5] * 0 + 3, GIVEN[6] * 0 + 4, GIVEN[7]],
        r"marks\[0, 0\]=3 is no kind of event; expected 0 to 2",
        kind=IndexError,
        oracle="1.9.1 reads outside of the arrays",
    ),
    Fault(OP, [GIVEN[0], GIVEN[1][:2], *GIVEN[2:]], "_contrib_hawkesll: alpha="),
]
TestHawkes = operator_tests(CASES, FAULTS)


def test_gradients_of_rates_and_excitement():
    values = inputs(3, 2, 5)
    arrays = [mx.nd.array(a, dtype="int32" if i == 5 else "float64") for i, a in enumerate(values)]
    for array in arrays[:4]:
        array.attach_grad()
    with mx.autograd.record():
        total, _ = mx.nd.contrib.hawkesll(*arrays)
    head = np.array([1.0, 2.0, 3.0])
    total.backward(mx.nd.array(head, dtype="float64"))
    for array, wanted in zip(arrays, gradient(*values, head)[:3]):
        np.testing.assert_allclose(array.grad.asnumpy(), wanted, rtol=1e-5, atol=1e-6)
    assert not arrays[3].grad.asnumpy().any()
