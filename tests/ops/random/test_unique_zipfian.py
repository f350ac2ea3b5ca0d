import numpy as np
import pytest

import mxnet as mx

# Draws of MXNet 1.9.1: seed, range_max, shape, classes, trials.
DRAWN = [
    (1, 50, [[0, 9, 14, 47, 3, 5], [32, 27, 3, 7, 21, 9], [6, 10, 8, 1, 41, 2]], [7, 8, 6]),
    (1, 10**6, [[1, 3690, 13870, 845908, 0, 176], [224964, 122235, 191, 1308, 156, 144]], [6, 6]),
    (7, 7, [[5, 6, 1, 0, 2, 4], [1, 0, 4, 5, 3, 2], [0, 1, 4, 2, 3, 5]], [7, 15, 18]),
]


def draw(**attrs):
    return mx.nd._internal._sample_unique_zipfian(**attrs)


@pytest.mark.parametrize("seed, range_max, classes, trials", DRAWN)
def test_draws_what_1_9_1_draws(seed, range_max, classes, trials):
    mx.random.seed(seed)
    drawn, count = draw(range_max=range_max, shape=np.shape(classes))
    assert drawn.dtype == count.dtype == np.int64
    assert drawn.asnumpy().tolist() == classes
    assert count.asnumpy().tolist() == trials


def test_many_rows_share_streams():
    drawn, _ = draw(range_max=5, shape=(3000, 5))
    np.testing.assert_array_equal(np.sort(drawn.asnumpy()), np.tile(np.arange(5), (3000, 1)))


def test_symbol_has_its_shape():
    symbol = mx.sym._internal._sample_unique_zipfian(range_max=9, shape=(2, 3))
    assert symbol.infer_shape()[1] == [(2, 3), (2,)]
    classes, trials = symbol.bind(mx.cpu(), {}).forward()
    assert classes.shape == (2, 3) and (trials.asnumpy() >= 3).all()


@pytest.mark.parametrize(
    "attrs, match",
    [
        ({"range_max": 5}, "shape=.* expected two"),
        ({"range_max": 5, "shape": (3,)}, "shape=.* expected two"),
        ({"range_max": 2, "shape": (1, 3)}, "more classes than range_max=2"),
        ({"shape": (1, 3)}, "range_max is missing"),
    ],
)
def test_fault(attrs, match):
    with pytest.raises(ValueError, match=match):
        draw(**attrs)
