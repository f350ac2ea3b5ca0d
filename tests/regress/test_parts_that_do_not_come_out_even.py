"""nd.split_v2 cut two rows into three parts, of which the last was empty; NDArrayIter filled up CSR
batches, which 1.9.1 refuses; attributes that are no strings ended in an error without a name."""

import numpy as np
import pytest

import mxnet as mx


def test_parts_of_unequal_size():
    data = mx.nd.arange(6).reshape((2, 3))
    assert [part.shape for part in mx.nd.split_v2(data, 3, 1)] == [(2, 1)] * 3
    for parts in (0, 3, 4):
        with pytest.raises(ValueError, match=f"indices_or_sections={parts} does not divide the 2"):
            mx.nd.split_v2(data, parts, 0)


def test_csr_batches_are_whole():
    data = mx.nd.sparse.csr_matrix(np.eye(5, 3))
    for handle in ("pad", "roll_over"):
        with pytest.raises(NotImplementedError, match="data is csr with last_batch_handle"):
            mx.io.NDArrayIter(data, np.arange(5), 2, last_batch_handle=handle)
    batches = list(mx.io.NDArrayIter({"x": data}, np.arange(5), 2, last_batch_handle="discard"))
    assert [batch.data[0].stype for batch in batches] == ["csr"] * 2


@pytest.mark.parametrize("attributes", [{"a": 3}, {"a": None}])
def test_attributes_of_variables(attributes):
    with pytest.raises(ValueError, match="attribute a=.* expected a string"):
        mx.sym.var("v", attr=attributes)
