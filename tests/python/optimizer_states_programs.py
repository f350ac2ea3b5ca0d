"""Optimizers that write their states and go on from them, run by the tests and by MXNet 1.9.1."""

import numpy as np

import mxnet as mx

OPTIMIZERS = {
    "sgd": {"momentum": 0.9},
    "nag": {"momentum": 0.9},
    "signum": {},
    "ftml": {},
    "lbsgd": {"momentum": 0.9},
    "lars": {"momentum": 0.9},
    "dcasgd": {"momentum": 0.0},
    "sgld": {},
    "adam": {},
    "adagrad": {},
    "rmsprop": {"centered": True},
    "adadelta": {},
    "ftrl": {},
    "adamax": {},
    "nadam": {},
    "lamb": {},
    "groupadagrad": {},
}


def updater(name):
    optimizer = mx.optimizer.create(
        name,
        learning_rate=0.1,
        param_idx2name={0: "w", 1: "b"},
        lr_scheduler=mx.lr_scheduler.FactorScheduler(2, 0.5),
        **OPTIMIZERS[name],
    )
    return mx.optimizer.get_updater(optimizer)


def go_on(with_states, steps):
    """Updates two parameters, and gives what they are then and how far the optimizer counts."""
    weights = [mx.nd.array([[1.5], [2], [3]]), mx.nd.ones((2, 1))]
    mx.random.seed(1)
    for _ in range(steps):
        for index, weight in enumerate(weights):
            with_states(index, weight * 0.1, weight)
    optimizer = with_states.optimizer
    counts = sorted(optimizer._index_update_count.items())
    values = [weight.asnumpy().ravel().tolist() for weight in weights]
    return [values, [list(pair) for pair in counts], float(optimizer.learning_rate)]


def written(name, dump_optimizer):
    """The states after three steps, as bytes."""
    made = updater(name)
    go_on(made, 3)
    return made.get_states(dump_optimizer=dump_optimizer)


def after(name, states):
    """What two steps from those states give."""
    read = updater(name)
    read.set_states(states)
    return go_on(read, 2)


def module(devices):
    """A module whose updates go through a store."""
    data = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="fc")
    made = mx.mod.Module(mx.sym.SoftmaxOutput(data, name="softmax"), context=devices)
    made.bind([("data", (4, 5))], [("softmax_label", (4,))])
    made.init_params(mx.init.One())
    made.init_optimizer(
        kvstore=mx.kv.create("local"),
        optimizer="adam",
        optimizer_params={"learning_rate": 0.1},
    )
    return made


def train(made, steps):
    data = mx.nd.array(np.sin(np.arange(20)).reshape(4, 5))
    label = mx.nd.array([0, 1, 2, 0])
    for _ in range(steps):
        made.forward_backward(mx.io.DataBatch([data], [label]))
        made.update()
    return made.get_params()[0]["fc_weight"].asnumpy().ravel().tolist()


def trainer():
    net = mx.gluon.nn.Dense(3, in_units=5, prefix="net_")
    net.initialize(mx.init.One())
    options = {"learning_rate": 0.1, "momentum": 0.9}
    return net, mx.gluon.Trainer(net.collect_params(), "sgd", options)


def train_block(net, made, steps):
    data = mx.nd.array(np.sin(np.arange(20)).reshape(4, 5))
    for _ in range(steps):
        with mx.autograd.record():
            loss = (net(data) ** 2).sum()
        loss.backward()
        made.step(4)
    return net.weight.data().asnumpy().ravel().tolist()
