"""Rows could not be asked for while recording, once a layer behind had run on another device; dense
weights with row-sparse gradients were updated on the store, where 1.9.1 updates each device."""

import pytest

import mxnet as mx
from mxnet import autograd, gluon

ROWS = mx.nd.arange(0, 4)


class Net(gluon.Block):
    """An embedding with a row-sparse weight, and a dense layer of unknown size behind it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        kinds = {"stype": "row_sparse", "grad_stype": "row_sparse"}
        self.table = self.params.get("table", shape=(4, 3), **kinds)
        self.dense = gluon.nn.Dense(2)

    def forward(self, x):
        weight = self.table.row_sparse_data(x)
        return self.dense(mx.nd.Embedding(x, weight, input_dim=4, output_dim=3, sparse_grad=True))


@pytest.mark.parametrize("devices", [[mx.cpu(1), mx.cpu(2)], [mx.cpu(1)]])
def test_rows_while_recording(devices):
    net = Net()
    net.initialize(mx.init.One(), ctx=devices)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1})
    parts = gluon.utils.split_and_load(mx.nd.array([[0, 2], [1, 2]]), devices)
    with autograd.record():
        outputs = [net(part) for part in parts]
    autograd.backward(outputs)
    trainer.step(1)
    rows = net.table.row_sparse_data(ROWS.as_in_context(devices[0])).asnumpy()
    assert rows[:, 0].tolist() == [-1, -1, -3, 1]
    assert (net.dense.weight.data(devices[-1]).asnumpy() == -1).all()


@pytest.mark.parametrize(
    "stype, grad_stype, wanted, expected",
    [
        ("default", "row_sparse", None, False),
        ("default", "row_sparse", True, True),
        ("default", "default", None, True),
        ("row_sparse", "row_sparse", None, True),
    ],
)
def test_who_updates(stype, grad_stype, wanted, expected):
    parameter = gluon.Parameter("x", shape=(4, 2), stype=stype, grad_stype=grad_stype)
    parameter.initialize(ctx=[mx.cpu(0), mx.cpu(1)], init="zeros")
    options = {"kvstore": "device", "update_on_kvstore": wanted}
    trainer = gluon.Trainer([parameter], "sgd", {"learning_rate": 0.5}, **options)
    dense = stype == "default"
    weights = parameter.list_data() if dense else parameter.list_row_sparse_data(ROWS)
    with autograd.record():
        heads = [weight + 1 for weight in weights]
    autograd.backward(heads)
    trainer.step(1)
    assert trainer._update_on_kvstore is expected
    after = parameter.data(mx.cpu(1)) if dense else parameter.row_sparse_data(ROWS)
    assert (after.asnumpy() == -1).all()
