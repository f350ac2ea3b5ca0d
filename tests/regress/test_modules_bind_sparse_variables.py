"""mx.sym.sparse was missing, and Module bound dense arrays to variables with a storage kind."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd

ROWS, FEATURES = 8, 6
DATA = np.diag(np.arange(1, ROWS + 1, dtype="float32"))[:, :FEATURES]  # the last rows are empty
LABEL = np.arange(ROWS * 2, dtype="float32").reshape(ROWS, 2) / 10


def network(sparse):
    """A linear model of two outputs."""
    kinds = {"stype": "csr"} if sparse else {}
    row = mx.sym.Variable("data", **kinds)
    kinds = {"stype": "row_sparse"} if sparse else {}
    weight = mx.sym.Variable("w", shape=(FEATURES, 2), init=mx.init.Constant(0.5), **kinds)
    score = mx.sym.dot(row, weight)
    return mx.sym.LinearRegressionOutput(score, mx.sym.Variable("label"), name="out")


def trained(sparse, context=None, kvstore="local", optimizer="sgd", batch=4):
    """A module after two epochs."""
    data = nd.array(DATA).tostype("csr") if sparse else DATA
    iterator = mx.io.NDArrayIter(data, {"label": LABEL}, batch, last_batch_handle="discard")
    module = mx.mod.Module(network(sparse), label_names=["label"], context=context or mx.cpu())
    module.bind(iterator.provide_data, iterator.provide_label)
    module.init_params()
    module.init_optimizer(kvstore, optimizer, {"learning_rate": 0.05})
    for _ in range(2):
        iterator.reset()
        for each in iterator:
            module.forward_backward(each)
            module.update()
    return module, iterator


def test_symbols_of_sparse_operators():
    assert mx.sym.sparse.dot(mx.sym.Variable("x"), mx.sym.Variable("w")).list_arguments() == [
        "x",
        "w",
    ]
    assert "retain" in dir(mx.sym.sparse)


def test_arrays_have_the_kinds_of_their_variables():
    module, iterator = trained(sparse=True)
    bound = module._exec_group.execs[0]
    assert {name: array.stype for name, array in bound.arg_dict.items()} == {
        "data": "csr",
        "w": "row_sparse",
        "label": "default",
    }
    iterator.reset()
    module.forward_backward(next(iterator))
    # The gradient has the rows of the batch alone, which is what makes updates lazy.
    assert bound.grad_dict["w"].indices.asnumpy().tolist() == [0, 1, 2, 3]
    assert module.get_params()[0]["w"].stype == "row_sparse"


@pytest.mark.parametrize("optimizer", ["sgd", "adagrad"])
@pytest.mark.parametrize(
    "devices, kvstore", [(1, None), (1, "object"), (2, "local"), (2, "object")]
)
def test_updates_are_those_of_dense_arrays(optimizer, devices, kvstore):
    """On one device and on two, where a store adds up gradients of different rows."""
    context = [mx.cpu(i) for i in range(devices)]
    weights = []
    for sparse in (True, False):
        store = mx.kv.create("local") if kvstore == "object" else kvstore
        module, iterator = trained(sparse, context, store, optimizer)
        weights.append(module.get_params()[0]["w"].asnumpy())
        answers = module.predict(iterator).asnumpy()
        np.testing.assert_allclose(answers, DATA @ weights[-1], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(*weights, rtol=1e-5, atol=1e-6)
    assert not np.allclose(weights[0], 0.5)


def test_updates_by_each_device(monkeypatch):
    """The store adds gradients up, but each device has its own optimizer."""
    monkeypatch.setenv("MXNET_UPDATE_ON_KVSTORE", "0")
    devices = [mx.cpu(0), mx.cpu(1)]
    weights = [trained(sparse, devices)[0].get_params()[0]["w"].asnumpy() for sparse in (1, 0)]
    np.testing.assert_allclose(*weights, rtol=1e-5, atol=1e-6)


def test_lazy_updates_leave_other_rows():
    """Momentum moves a dense weight on; a row without a gradient stays."""
    module, _ = trained(sparse=True, optimizer=mx.optimizer.SGD(momentum=0.9, rescale_grad=0.25))
    before = module.get_params()[0]["w"].asnumpy().copy()
    batch = mx.io.DataBatch([nd.array(DATA[:4]).tostype("csr")], [nd.array(LABEL[:4])])
    module.forward_backward(batch)
    module.update()
    after = module.get_params()[0]["w"].asnumpy()
    assert (after[:4] != before[:4]).all()
    np.testing.assert_array_equal(after[4:], before[4:])


def test_other_batch_sizes_and_checkpoints(tmp_path):
    module, iterator = trained(sparse=True)
    weight = module.get_params()[0]["w"].asnumpy()
    module.forward(mx.io.DataBatch([nd.array(DATA).tostype("csr")]), is_train=False)
    np.testing.assert_allclose(module.get_outputs()[0].asnumpy(), DATA @ weight, rtol=1e-5)
    module.save_checkpoint(str(tmp_path / "net"), 1)
    loaded = mx.mod.Module.load(str(tmp_path / "net"), 1, label_names=["label"])
    loaded.bind(iterator.provide_data, for_training=False)
    kept = loaded._exec_group.execs[0].arg_dict["w"]
    assert kept.stype == "row_sparse"
    np.testing.assert_array_equal(kept.asnumpy(), weight)
    loaded.set_params({"w": nd.ones((FEATURES, 2))}, {})
    np.testing.assert_array_equal(loaded.get_params()[0]["w"].asnumpy(), np.ones((FEATURES, 2)))


def test_dense_batches_are_converted():
    """A csr variable takes dense batches, a dense one takes csr batches."""
    for sparse in (True, False):
        module, _ = trained(sparse)
        for value in (nd.array(DATA[:4]), nd.array(DATA[:4]).tostype("csr")):
            module.forward(mx.io.DataBatch([value]), is_train=False)
            expected = DATA[:4] @ module.get_params()[0]["w"].asnumpy()
            np.testing.assert_allclose(module.get_outputs()[0].asnumpy(), expected, rtol=1e-5)
