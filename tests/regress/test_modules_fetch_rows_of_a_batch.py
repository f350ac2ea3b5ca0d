"""Module.prepare did nothing: every device got all rows of a weight that a store updates."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd


def test_rows_that_were_not_fetched_come_with_the_next_forward_pass():
    weight = mx.sym.Variable("w", shape=(6, 1), stype="row_sparse", init=mx.init.One())
    score = mx.sym.sparse.dot(mx.sym.Variable("data", stype="csr"), weight)
    score = mx.sym.LinearRegressionOutput(score, mx.sym.Variable("label"))
    module = mx.mod.Module(score, label_names=["label"])
    module.bind([mx.io.DataDesc("data", (1, 6))], [mx.io.DataDesc("label", (1, 1))])
    module.init_params()
    module.init_optimizer(mx.kv.create("local"), "sgd", {"learning_rate": 1.0})

    def batch(column):
        data = nd.sparse.csr_matrix(([1.0], [column], [0, 1]), shape=(1, 6))
        return mx.io.DataBatch([data], [nd.zeros((1, 1))])

    module.prepare(batch(1), lambda _: {"w": nd.array([1])})
    assert module._exec_group.execs[0].arg_dict["w"].indices.asnumpy().tolist() == [1]
    module.forward_backward(batch(1))
    module.update()
    answers = []
    for column in (1, 5):
        module.forward(batch(column), is_train=False)
        answers.append(float(module.get_outputs()[0].asscalar()))
    assert answers == [0.0, 1.0]
    with pytest.raises(ValueError, match="names 'x'"):
        module.prepare(batch(1), lambda _: {"x": nd.array([1])})
    with pytest.raises(TypeError, match="gave a list"):
        module.prepare(batch(1), lambda _: [nd.array([1])])
    np.testing.assert_array_equal(module.get_params()[0]["w"].asnumpy()[:, 0], [1, 0, 1, 1, 1, 1])
