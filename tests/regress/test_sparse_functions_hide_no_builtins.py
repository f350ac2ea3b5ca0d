"""Once `mx.nd.sparse.slice` had been used, it stood for `slice` in the code of sparse arrays."""

import numpy as np

import mxnet as mx


def test_arrays_are_assigned_and_cut_after_the_functions_were_used():
    rows = mx.nd.array([[0, 1], [2, 0], [3, 4]]).tostype("csr")
    assert mx.nd.sparse.slice(rows, begin=(1,), end=(2,)).asnumpy().tolist() == [[2, 0]]
    for name in ("max", "min", "sum", "abs", "round"):
        assert getattr(mx.nd.sparse, name)(rows) is not None
    np.testing.assert_array_equal(rows[1].asnumpy(), [[2, 0]])
    np.testing.assert_array_equal(rows[1:3].asnumpy(), [[2, 0], [3, 4]])
    rows[:] = mx.nd.ones((3, 2))
    assert rows.stype == "csr" and rows.asnumpy().tolist() == [[1, 1]] * 3
    made = mx.nd.sparse.csr_matrix(([1, 2], ([0, 1], [1, 0])), shape=(2, 2))
    assert made.asnumpy().tolist() == [[0, 1], [2, 0]]
