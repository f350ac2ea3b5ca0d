"""Mistakes of users ended in errors of Python itself, or in nothing at all.

Each message names the argument, what was given and what is expected.
"""

import numpy as np
import pytest

import mxnet as mx


def network():
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="fc")
    return mx.sym.SoftmaxOutput(net, name="softmax")


def data(rows=8, **options):
    return mx.io.NDArrayIter(np.ones((rows, 4)), np.zeros(rows), 4, **options)


def fit(train=None, **options):
    mx.mod.Module(network()).fit(data() if train is None else train, **{"num_epoch": 1, **options})


def iterate(batch_size):
    next(mx.io.NDArrayIter(np.ones((20, 4)), np.zeros(20), batch_size))


def params(values):
    return {"arg_params": values, "aux_params": {}}


ARRAY = mx.nd.ones((8, 4))
CASES = [
    (
        lambda: fit(initializer="xavierr"),
        "initializer='xavierr' is not registered; one of .*xavier",
    ),
    (lambda: fit(initializer=3), "initializer is a int; an Initializer"),
    (lambda: fit(optimizer_params={"learning_rate": "0.1"}), "SGD: learning_rate='0.1' is a str"),
    (lambda: fit(optimizer_params={"momentum": "0.9"}), "SGD: momentum='0.9' is a str"),
    (lambda: fit(optimizer_params={"lr_scheduler": 0.1}), "SGD: lr_scheduler is a float"),
    (lambda: fit(optimizer_params=3), "optimizer_params is a int; a dict"),
    (lambda: fit(kvstore=3), "kvstore is a int; a name"),
    (lambda: mx.optimizer.Adam(wd="1"), "Adam: wd='1' is a str"),
    (lambda: mx.optimizer.SGD().set_learning_rate("1"), "SGD: learning_rate='1' is a str"),
    (lambda: fit(ARRAY), "Module.fit: train_data is a NDArray; a DataIter"),
    (lambda: fit(ARRAY.asnumpy()), "Module.fit: train_data is a ndarray; a DataIter"),
    (lambda: fit(eval_data=ARRAY), "Module.fit: eval_data is a NDArray; a DataIter"),
    (lambda: fit(num_epoch=1.5), "num_epoch=1.5 is a float; an int"),
    (lambda: fit(num_epoch="2"), "num_epoch='2' is a str; an int"),
    (lambda: fit(batch_end_callback=3), "batch_end_callback has a int; a function"),
    (lambda: fit(**params([ARRAY])), "arg_params is a list; a dict"),
    (lambda: fit(**params({"fc_weight": np.ones((3, 4))})), "has a ndarray as 'fc_weight'"),
    (lambda: mx.mod.Module(None), "Module: symbol is a NoneType; a Symbol"),
    (lambda: mx.mod.Module("net-symbol.json"), "Module: symbol is a str; a Symbol"),
    (lambda: mx.mod.Module(network(), context="cpu"), "context='cpu' is a str; a Context"),
    (lambda: mx.mod.Module(network(), context=[0, 1]), "context=0 is a int; a Context"),
    (lambda: iterate(10.0), "NDArrayIter: batch_size=10.0 is a float; an int"),
    (lambda: iterate("10"), "NDArrayIter: batch_size='10' is a str; an int"),
    (lambda: iterate(0), "NDArrayIter: batch_size=0 is too small"),
    (lambda: mx.io.NDArrayIter(np.float32(3)), "data is a NDArray that .* no dimension"),
    (lambda: mx.nd.array([[1, 2], [3]]), "array: source_array is a list that .* rectangular"),
    (lambda: mx.nd.array(["a"]), "array: source_array is a list that .* to float32"),
    (lambda: mx.model.load_checkpoint("absent", "1"), "epoch='1' is no whole number"),
    (lambda: mx.model.load_checkpoint("absent", 1.5), "epoch=1.5 is no whole number"),
]


@pytest.mark.parametrize("call, message", CASES)
def test_the_message_names_it(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_names_of_initializers_are_accepted():
    fit(initializer="xavier")


def test_own_optimizers_may_take_strings():
    @mx.optimizer.register
    class Named(mx.optimizer.SGD):
        """Has an argument that is a string."""

        def __init__(self, label="a", momentum=0.0, **options):
            super().__init__(momentum=momentum, **options)
            self.label = label

    try:
        assert mx.optimizer.create("named", label="b").label == "b"
        with pytest.raises(TypeError, match="Named: momentum='1'"):
            mx.optimizer.create("named", momentum="1")
    finally:
        del mx.optimizer.Optimizer.opt_registry["named"]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: fit(num_epoch=0), "num_epoch=0 is not above begin_epoch=0; no epoch"),
        (lambda: fit(num_epoch=2, begin_epoch=2), "num_epoch=2 is not above begin_epoch=2"),
        (lambda: mx.io.NDArrayIter(np.ones((0, 4))), "data has no row; an epoch has no batch"),
        (lambda: data(3, last_batch_handle="discard"), "3 rows fill no batch of 4"),
        (lambda: data(3, last_batch_handle="roll_over"), "3 rows fill no batch of 4"),
    ],
)
def test_what_does_nothing_says_so(call, message):
    with pytest.warns(UserWarning, match=message):
        call()


@pytest.mark.filterwarnings("ignore:NDArrayIter")
def test_an_epoch_without_batches_says_so():
    with pytest.warns(UserWarning, match="train_data gives no batch in epoch 0"):
        fit(data(3, last_batch_handle="discard"))


def test_an_empty_csv_file_is_refused(tmp_path):
    (tmp_path / "x.csv").write_text("")
    with pytest.raises(mx.MXNetError, match="CSVIter: data_csv='.*x.csv' has no row"):
        mx.io.CSVIter(data_csv=str(tmp_path / "x.csv"), data_shape=(2,), batch_size=2)
