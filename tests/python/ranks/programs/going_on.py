"""Trains with checkpoints: going_on.py HOW FOLDER FILE. HOW is trainer, module, or either with
":kill", where rank 1 kills itself in its first life, in the middle of an epoch."""

import os
import signal
import sys

import numpy as np

import mxnet as mx
from mxnet import autograd, gluon

EPOCHS, STEPS, BATCH = 4, 5, 6


def network():
    net = gluon.nn.HybridSequential()
    net.add(
        gluon.nn.Dense(400, in_units=400), gluon.nn.Dropout(0.5), gluon.nn.Dense(3, in_units=400)
    )
    return net


def symbol():
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=400, name="first")
    net = mx.sym.FullyConnected(mx.sym.Dropout(net), num_hidden=3, name="second")
    return mx.sym.SoftmaxOutput(net, name="softmax")


def by_trainer(checkpoint, may_die):
    net = network()
    net.initialize(mx.init.Xavier())
    trainer = gluon.Trainer(net.collect_params(), "adam", {}, kvstore="dist_sync")
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    done = checkpoint.load(net, trainer) or {"epoch": 0}
    for epoch in range(done["epoch"], EPOCHS):
        for step in range(STEPS):
            with autograd.record():
                x = mx.nd.random.uniform(shape=(BATCH, 400))
                loss = loss_of(net(x), mx.nd.zeros((BATCH,)))
            loss.backward()
            trainer.step(BATCH)
            may_die(epoch, step)
        checkpoint.save(net, trainer, epoch=epoch + 1)
    return {name: each.data().asnumpy() for name, each in net._collect_params_with_prefix().items()}


def by_module(checkpoint, may_die):
    module = mx.mod.Module(symbol())
    module.bind([("data", (BATCH, 400))], [("softmax_label", (BATCH,))])
    module.init_params(mx.init.Xavier())
    module.init_optimizer("dist_sync", "adam")
    done = checkpoint.load(module) or {"epoch": 0}
    for epoch in range(done["epoch"], EPOCHS):
        for step in range(STEPS):
            x = mx.nd.random.uniform(shape=(BATCH, 400))
            module.forward_backward(mx.io.DataBatch([x], [mx.nd.zeros((BATCH,))]))
            module.update()
            may_die(epoch, step)
        checkpoint.save(module, epoch=epoch + 1)
    return {name: each.asnumpy() for name, each in module.get_params()[0].items()}


def main(how, folder, file):
    how, _, kill = how.partition(":")
    store = mx.kv.create("dist_sync")
    mx.random.seed(store.rank)

    def may_die(epoch, step):
        first_life = os.environ.get("REMX_RESTARTS", "0") == "0"
        if kill and first_life and store.rank == 1 and (epoch, step) == (2, 3):
            os.kill(os.getpid(), signal.SIGKILL)

    checkpoint = mx.kvstore.JobCheckpoint(folder, keep=3)
    params = (by_trainer if how == "trainer" else by_module)(checkpoint, may_die)
    if store.rank == 0:
        np.savez(file, **params)


main(*sys.argv[1:])
