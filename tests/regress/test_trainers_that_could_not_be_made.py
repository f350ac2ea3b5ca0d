"""A Trainer whose constructor raised stayed behind in its parameters, which then could not be
initialized; a store that is none was taken for no store."""

import pytest

import mxnet as mx
from mxnet import gluon


def test_parameters_of_a_trainer_that_could_not_be_made():
    parameter = gluon.Parameter("w", shape=(2,))
    with pytest.raises(mx.MXNetError, match="has not been initialized"):
        gluon.Trainer([parameter], "sgd")
    parameter.initialize(init="ones")
    assert parameter.data().asnumpy().tolist() == [1, 1]
    parameter.set_data(mx.nd.zeros(2))
    assert parameter.data().asnumpy().tolist() == [0, 0]


def test_a_sparse_parameter_gets_another_trainer():
    parameter = gluon.Parameter("w", shape=(2, 3), stype="row_sparse", grad_stype="row_sparse")
    parameter.initialize(init="ones")
    with pytest.raises(ValueError, match="no_such"):
        gluon.Trainer([parameter], "no_such")
    gluon.Trainer([parameter], "sgd")
    assert parameter.row_sparse_data(mx.nd.array([1])).asnumpy()[1].tolist() == [1, 1, 1]


def test_a_store_that_is_none():
    parameter = gluon.Parameter("w", shape=(2,))
    parameter.initialize()
    trainer = gluon.Trainer([parameter], "sgd", kvstore=3)
    with pytest.raises(TypeError, match="kvstore=3 is a int"):
        trainer.step(1)
