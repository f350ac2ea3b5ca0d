"""Programs of MXNet 1.9.1 that catch its errors let ours through: they were of another class.

The class in each row is the one that 1.9.1 raises. Ours has to be of it, and an `MXNetError`, too.
"""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, error, gluon, nd, sym
from mxnet.gluon import nn, rnn


def network():
    return sym.SoftmaxOutput(
        sym.FullyConnected(sym.Variable("data"), num_hidden=2, name="fc"), name="softmax"
    )


def module(bound=False, initialized=False):
    made = mx.mod.Module(network())
    if bound or initialized:
        made.bind([("data", (2, 2))], [("softmax_label", (2,))])
    if initialized:
        made.init_params()
    return made


def executor():
    return sym.FullyConnected(sym.Variable("a"), num_hidden=2).simple_bind(mx.cpu(), a=(1, 2))


def store(name="local", **values):
    made = mx.kv.create(name)
    for key, value in values.items():
        made.init(key, value)
    return made


def twice():
    class Same(autograd.Function):
        def forward(self, x):
            return x

    same = Same()
    same(same(nd.ones(2)))


def number_as_gradient():
    class Wrong(autograd.Function):
        def forward(self, x):
            return x * 2

        def backward(self, dy):
            return 3

    x = nd.ones(2)
    x.attach_grad()
    with autograd.record():
        y = Wrong()(x)
    y.backward()


def call_base_of_a_modifier():
    cell = mx.rnn.LSTMCell(2)
    mx.rnn.ZoneoutCell(cell)
    cell.begin_state()


def two_directions():
    return mx.rnn.BidirectionalCell(mx.rnn.LSTMCell(2), mx.rnn.LSTMCell(2))


def read_while_writing(tmp_path):
    mx.recordio.MXRecordIO(str(tmp_path / "x.rec"), "w").read()


def load_other_names(tmp_path):
    nd.save(str(tmp_path / "x.params"), {"foo:fc_weight": nd.ones((2, 2))})
    module(initialized=True).load_params(str(tmp_path / "x.params"))


def save_states_nowhere(tmp_path):
    made = module(initialized=True)
    made.init_optimizer()
    made.save_optimizer_states(str(tmp_path / "missing" / "x.states"))


BATCH = mx.io.DataBatch([nd.ones((2, 2))], [nd.ones(2)])
ARRAY, SYMBOL = nd.ones((2, 3)), sym.Variable("a")
ROWS = nd.ones((2, 2)).tostype("row_sparse")

ASSERTIONS = [
    # Arguments of operators
    lambda: nd.Activation("a", act_type="relu"),
    lambda: nd.Activation(np.ones(2), act_type="relu"),
    lambda: nd.concat([ARRAY, ARRAY], dim=0),
    lambda: ARRAY.take([0]),
    lambda: nd.dot(ARRAY, 1),
    lambda: sym.FullyConnected(ARRAY, num_hidden=2),
    lambda: sym.Concat([SYMBOL, SYMBOL]),
    lambda: gluon.loss.L2Loss()(nd.ones(2), np.ones(2)),
    lambda: nd.random.uniform(nd.zeros(1), 1),
    # Arrays and the tape
    lambda: ARRAY.reshape(),
    lambda: nd.concatenate([]),
    lambda: nd.concatenate([nd.ones((2, 1)), nd.ones((3, 2))], axis=1),
    lambda: nd.from_dlpack("a"),
    lambda: nd.from_dlpack(None),
    lambda: mx.nd.sparse.array(ARRAY),
    lambda: nd.contrib.foreach(lambda a, b: (a, b), 1, 2),
    lambda: autograd.grad(ARRAY, []),
    lambda: autograd.backward([ARRAY], [ARRAY, ARRAY]),
    lambda: autograd.get_symbol("a"),
    twice,
    lambda: SYMBOL.optimize_for(None),
    lambda: SYMBOL.optimize_for("x", "y"),
    # Modules out of turn, and their arguments
    lambda: module().data_shapes,
    lambda: module().get_params(),
    lambda: module().init_params(),
    lambda: module().forward(BATCH),
    lambda: module().predict(mx.io.NDArrayIter(np.ones((2, 2)))),
    lambda: module(bound=True).forward(BATCH),
    lambda: module(bound=True).init_optimizer(),
    lambda: module(initialized=True).update(),
    lambda: module(initialized=True).get_input_grads(),
    lambda: module(initialized=True).save_optimizer_states("x"),
    lambda: module(initialized=True).set_states(),
    lambda: module(initialized=True).fit(mx.io.NDArrayIter(np.ones((2, 2)), np.ones(2))),
    lambda: module(initialized=True).score(mx.io.NDArrayIter(np.ones((2, 2))), "foo"),
    lambda: module().bind([("data", (2, 2))], [("softmax_label", (3,))]),
    lambda: module().bind([("data", (2, 2))], inputs_need_grad=True, for_training=False),
    lambda: mx.mod.BucketingModule(lambda key: None),
    lambda: mx.mod.BucketingModule.load("x", 0),
    lambda: mx.mod.SequentialModule().add(module(), foo=1),
    lambda: mx.mod.SequentialModule().bind([("data", (2, 2))]),
    lambda: mx.mod.PythonLossModule(data_names=("a", "b")),
    lambda: mx.model.FeedForward(1),
    # Names in registries
    lambda: mx.metric.create("foo"),
    lambda: mx.metric.create(1),
    lambda: mx.init.create("foo"),
    lambda: nn.Dense(2, in_units=2).initialize("foo"),
    lambda: mx.optimizer.register(1),
    lambda: mx.kv.KVStoreBase.register(1),
    # Metrics, optimizers, schedulers, initializers
    lambda: mx.metric.TopKAccuracy(1),
    lambda: mx.metric.CrossEntropy().update([nd.ones(2)], [nd.ones((3, 2))]),
    lambda: mx.optimizer.SGD(param_idx2name=1),
    lambda: mx.lr_scheduler.MultiFactorScheduler((1, 2)),
    lambda: mx.lr_scheduler.PolyScheduler("a"),
    lambda: mx.lr_scheduler.FactorScheduler(2, warmup_steps=1.5),
    lambda: mx.init.Mixed(["a"], []),
    lambda: mx.init.Load({"w": nd.ones(2)})("w", nd.ones(3)),
    # Data
    lambda: mx.io.NDArrayIter([]),
    lambda: mx.io.DataBatch(1),
    lambda: mx.io.PrefetchingIter([]),
    lambda: mx.image.imresize(1, 2, 2),
    read_while_writing,
    # Stores
    lambda: store().init([1, 2], [nd.ones(2)]),
    lambda: store().init(1.5, nd.ones(2)),
    lambda: store(a=nd.ones(2)).push("a", 1),
    lambda: store(a=ROWS).row_sparse_pull("a"),
    lambda: store().save_optimizer_states("x"),
    lambda: store("device").set_gradient_compression("2bit"),
    # Cells
    lambda: rnn.LSTMCell(2).unroll(2, None),
    lambda: mx.rnn.LSTMCell(2).unroll(2, None),
    lambda: mx.rnn.LSTMCell(2).unroll(2, [SYMBOL]),
    lambda: mx.rnn.ZoneoutCell(two_directions()),
    lambda: mx.rnn.DropoutCell("a"),
    lambda: mx.rnn.encode_sentences([["a"]], vocab={}),
    call_base_of_a_modifier,
    # The rest
    lambda: mx.profiler.dumps(format="foo"),
    lambda: mx.test_utils.rand_ndarray((2, 2), "foo"),
    lambda: mx.contrib.text.vocab.Vocabulary(1),
]

OTHERS = [
    (KeyError, lambda: mx.Context("foo")),
    (KeyError, lambda: ARRAY.attach_grad("foo")),
    (KeyError, lambda: ARRAY.attach_grad(None)),
    (KeyError, lambda: mx.random.seed(1, ctx="foo")),
    (KeyError, lambda: SYMBOL.bind(mx.cpu(), [ARRAY], grad_req="foo")),
    (RuntimeError, lambda: SYMBOL.simple_bind(mx.cpu(), a=(1,), grad_req="foo")),
    (RuntimeError, lambda: nd.linspace(0, 1, -1)),
    (RuntimeError, lambda: nd.load_frombuffer("abc")),
    (RuntimeError, lambda: mx.profiler.set_config(foo=1)),
    (RuntimeError, number_as_gradient),
    (TypeError, lambda: nd.add("a", "b")),
    (TypeError, lambda: nd.maximum(ARRAY, None)),
    (TypeError, lambda: nd.random.randint(nd.zeros(1), nd.ones(1))),
    (TypeError, lambda: SYMBOL.bind(mx.cpu(), [np.ones(1)])),
    (TypeError, lambda: SYMBOL.bind(mx.cpu(), None)),
    (TypeError, lambda: executor().backward("a")),
    (TypeError, lambda: executor().backward([1])),
    (TypeError, lambda: mx.metric.register(1)),
    (TypeError, lambda: mx.optimizer.get_updater(mx.optimizer.SGD()).set_states("abc")),
    (TypeError, lambda: store().set_optimizer("sgd")),
    (ValueError, lambda: nd.contrib.while_loop(bool, lambda x: (x, x), [], max_iterations=2)),
    (ValueError, load_other_names),
    (FileNotFoundError, save_states_nowhere),
]


def run(call, tmp_path):
    call(*([tmp_path] if call.__code__.co_argcount else []))


@pytest.mark.parametrize("call", ASSERTIONS)
def test_assertions(call, tmp_path):
    with pytest.raises(AssertionError) as caught:
        run(call, tmp_path)
    assert isinstance(caught.value, mx.MXNetError) and str(caught.value)


@pytest.mark.parametrize("kind, call", OTHERS)
def test_others(kind, call, tmp_path):
    with pytest.raises(kind) as caught:
        run(call, tmp_path)
    assert isinstance(caught.value, mx.MXNetError) and str(caught.value)


def test_errors_keep_what_they_were():
    with pytest.raises(ValueError, match="^metric='foo' is not registered; one of "):
        mx.metric.create("foo")
    with pytest.raises(TypeError, match="^Activation: data=a is of type str; expected an NDArray"):
        nd.Activation("a", act_type="relu")
    # A KeyError puts its message into quotes.
    with pytest.raises(ValueError, match="^Context: device_type=foo is not known"):
        mx.Context("foo")
    assert str(error.UnknownNameError("x=1 is wrong")) == "x=1 is wrong"
