"""CTCLoss was missing, and with it gluon.loss.CTCLoss. The numbers are those of MXNet 1.9.1."""

import json

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon

PRED = np.random.RandomState(3).uniform(-1, 1, (2, 20, 4)).astype("float32")
LABEL = np.array([[1, 0, -1, -1], [2, 1, 1, -1]], "float32")


@pytest.mark.parametrize("label_layout", ["NT", "TN"])
@pytest.mark.parametrize("layout", ["NTC", "TNC"])
def test_layouts_and_lengths(layout, label_layout):
    pred = mx.nd.array(PRED if layout == "NTC" else PRED.swapaxes(0, 1))
    label = mx.nd.array(LABEL if label_layout == "NT" else LABEL.T)
    loss = gluon.loss.CTCLoss(layout=layout, label_layout=label_layout)
    steps, counts = mx.nd.array([18, 15]), mx.nd.array([2, 3])
    for given, wanted in (
        ((), [17.83947, 18.531649]),
        ((None, counts), [17.83947, 18.531649]),
        ((steps, counts), [15.619396, 11.666205]),
    ):
        np.testing.assert_allclose(loss(pred, label, *given).asnumpy(), wanted, rtol=1e-6)


def test_hybrid_network_trains():
    net, loss = gluon.nn.Dense(4, flatten=False), gluon.loss.CTCLoss()
    net.initialize(mx.init.Xavier())
    net.hybridize()
    loss.hybridize()
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.1})
    means = []
    for _ in range(30):
        with autograd.record():
            value = loss(net(mx.nd.array(PRED)), mx.nd.array(LABEL))
        value.backward()
        trainer.step(2)
        means.append(float(value.mean().asscalar()))
    assert means[-1] < 0.6 * means[0]


def test_lengths_count_in_their_order_in_symbols():
    names = ["data", "label", "lengths"]
    variables = map(mx.sym.var, names)
    loss = mx.sym.CTCLoss(*variables, use_label_lengths=True, name="ctc")
    assert loss.list_arguments() == names
    left_out = mx.sym.CTCLoss(mx.sym.var("data"), use_label_lengths=True, name="ctc")
    assert left_out.list_arguments() == ["data", "ctc_label", "ctc_label_lengths"]


def test_files_count_the_output_that_holds_a_gradient():
    text = mx.sym.CTCLoss(mx.sym.var("data"), mx.sym.var("label"), name="ctc").tojson()
    assert json.loads(text)["node_row_ptr"] == [0, 1, 2, 4]


def test_unknown_layout():
    with pytest.raises(AssertionError, match="layout='NCT' is unknown; expected 'NTC' or 'TNC'"):
        gluon.loss.CTCLoss(layout="NCT")
