import numpy as np
from harness import ALL, Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(16)
X = R.normal(size=(2, 3, 4))
PAIRS = np.array([[0, 1, 1], [2, 0, -1]], "int32")
DISTINCT = np.array([[0, 1, 1], [2, 0, 1]])


def gather(x, indices):
    return x[tuple(indices.astype(int))]


def scatter(data, indices, shape):
    result = np.zeros(shape)
    result[tuple(indices.astype(int))] = data
    return result


def accumulate(data, indices, shape):
    result = np.zeros(shape)
    np.add.at(result, tuple(indices.astype(int)), data)
    return result


def scatter_set(x, data, indices, shape):
    result = x.copy()
    result[tuple(indices.astype(int))] = data
    return result


CASES = [
    Case("gather_nd", [X, PAIRS], gather, dtypes=ALL, second=True),
    Case("gather_nd", [X, np.array([[0], [1], [2]])], gather),
    Case("gather_nd", [X, np.array([[[0, 1]], [[1, 2]]])], gather),
    Case("gather_nd", [X, np.array([[1, 1, 0]])], gather),
    Case("scatter_nd", [X[0, :, 0], DISTINCT], scatter, attrs={"shape": (2, 3)}, second=True),
    Case("scatter_nd", [X[0], DISTINCT], scatter, attrs={"shape": (2, 3, 4)}, dtypes=ALL),
    Case(
        "_backward_gather_nd",
        [X[0], np.array([[0, 1, 1], [2, 0, 0]])],
        accumulate,
        attrs={"shape": (2, 3, 4)},
        dtypes=("float32", "float16", "float64"),
        second=True,
        oracle="1.9.1 has no gradient of it; results agree",
    ),
    Case(
        "_scatter_set_nd",
        [X, X[0] + 9, DISTINCT],
        scatter_set,
        attrs={"shape": (2, 3, 4)},
        second=True,
        oracle="1.9.1 writes over lhs only",
    ),
]
FAULTS = [
    Fault("gather_nd", [X, np.array([[0, 9], [0, 0]])], "indices=9 is out of", kind=IndexError),
    Fault("gather_nd", [X, np.array([0, 1])], "has 1 dimensions"),
    Fault("gather_nd", [X, np.zeros((4, 2))], "names 4 axes; expected at most 3"),
    Fault("scatter_nd", [X[0], DISTINCT], "data=.* has the wrong shape", {"shape": (2, 3, 5)}),
    Fault(
        "scatter_nd",
        [X[0, :2, 0], np.array([[0, 7], [2, 0]])],
        "indices=7",
        {"shape": (2, 3)},
        IndexError,
        oracle="1.9.1 writes elsewhere",
    ),
]
TestGatherNd = operator_tests(CASES, FAULTS)


def test_large_scatter_nd_with_places_of_their_own():
    """Enlarged cases repeat places, which leaves open the value that stays."""
    shape = (500, 7, 60)
    places = np.random.default_rng(3).permutation(np.prod(shape))[:150_000]
    indices = np.stack(np.unravel_index(places, shape)).astype("int32")
    data = mx.nd.array(np.arange(1, 150_001))
    data.attach_grad()
    with mx.autograd.record():
        result = mx.nd.scatter_nd(data, mx.nd.array(indices, dtype="int32"), shape=shape)
    np.testing.assert_array_equal(result.asnumpy(), scatter(data.asnumpy(), indices, shape))
    heads = mx.nd.arange(np.prod(shape)).reshape(shape)
    result.backward(heads)
    np.testing.assert_array_equal(data.grad.asnumpy(), places)
