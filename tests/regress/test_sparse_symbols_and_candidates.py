"""`mx.sym.sparse` and `rand_zipfian` of both `contrib` namespaces were missing."""

import numpy as np
import pytest

import mxnet as mx

# What MXNet 1.9.1 gives for three of 1000 classes after mx.random.seed(1).
SAMPLED = [0, 59, 116]


def test_sparse_operators_of_symbols():
    import mxnet.symbol.sparse as sparse

    assert mx.sym.sparse is sparse and "dot" in dir(sparse)
    data = mx.sym.Variable("data", stype="csr")
    product = sparse.dot(data, mx.sym.Variable("weight"), name="product")
    assert product.tojson() == mx.sym.dot(data, mx.sym.Variable("weight"), name="product").tojson()
    rows = mx.nd.array([[0, 1], [2, 0]]).tostype("csr")
    out = product.eval(data=rows, weight=mx.nd.ones((2, 1)))[0]
    np.testing.assert_array_equal(out.asnumpy(), [[1], [2]])
    kept = sparse.retain(mx.sym.Variable("table"), mx.sym.Variable("rows"))
    table = mx.nd.ones((3, 2)).tostype("row_sparse")
    out = kept.eval(table=table, rows=mx.nd.array([2]))[0]
    np.testing.assert_array_equal(out.asnumpy(), [[0, 0], [0, 0], [1, 1]])


def expected_counts(classes):
    classes = np.asarray(classes, dtype=np.float64)
    return 3 * np.log((classes + 2) / (classes + 1)) / np.log(1001)


def check(sampled, true_counts, sampled_counts):
    assert sampled.dtype == np.int64 and true_counts.dtype == np.float64
    assert sampled.asnumpy().tolist() == SAMPLED
    np.testing.assert_allclose(true_counts.asnumpy(), expected_counts([3, 100]))
    np.testing.assert_allclose(sampled_counts.asnumpy(), expected_counts(SAMPLED))


def test_candidates():
    mx.random.seed(1)
    check(*mx.nd.contrib.rand_zipfian(mx.nd.array([3, 100]), 3, 1000))


def test_candidates_of_symbols():
    group = mx.sym.Group(list(mx.sym.contrib.rand_zipfian(mx.sym.Variable("true"), 3, 1000)))
    mx.random.seed(1)
    check(*group.eval(true=mx.nd.array([3, 100])))


@pytest.mark.parametrize("options", [{"num_sampled": 0}, {"range_max": 0}])
def test_no_candidates(options):
    options = {"num_sampled": 3, "range_max": 10, **options}
    with pytest.raises(ValueError, match=f"rand_zipfian: {min(options, key=options.get)}=0"):
        mx.nd.contrib.rand_zipfian(mx.nd.array([3]), **options)
