"""Batches of a Gluon loader as those of an iterator."""

import numpy as np

import mxnet as mx
from mxnet.contrib.io import DataLoaderIter
from mxnet.gluon.data import ArrayDataset, DataLoader


def batches(**options):
    rng = np.random.RandomState(0)
    dataset = ArrayDataset(rng.rand(10, 3), rng.randint(0, 2, 10))
    return DataLoaderIter(DataLoader(dataset, 4), **options), dataset


def test_batches_are_filled_up():
    loader, dataset = batches()
    assert loader.batch_size == 4 and loader.provide_data[0].shape == (4, 3)
    for _ in range(2):
        found = list(loader)
        assert [batch.pad for batch in found] == [0, 0, 2]
        last = found[2].data[0].asnumpy()
        np.testing.assert_allclose(last[:2], [dataset[8][0], dataset[9][0]], rtol=1e-6)
        assert (last[2:] == 0).all() and found[2].label[0].shape == (4,)
        loader.reset()


def test_all_batches_have_the_dtype():
    loader, _ = batches(dtype="float64", data_name="x", label_name="y")
    assert [desc.name for desc in loader.provide_data + loader.provide_label] == ["x", "y"]
    for batch in loader:
        assert batch.data[0].dtype == batch.label[0].dtype == np.float64


def test_a_module_trains():
    loader, _ = batches()
    output = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2)
    module = mx.mod.Module(mx.sym.SoftmaxOutput(output, name="softmax"))
    module.fit(loader, num_epoch=2)
    assert module.predict(loader).shape == (10, 2)
