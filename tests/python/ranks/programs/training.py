"""Trains a network on this rank's part of every batch: training.py HOW OPTIMIZER FILE."""

import sys

import numpy as np

import mxnet as mx
from mxnet import autograd, gluon

BATCH, STEPS = 16, 12
RNG = np.random.RandomState(0)
IMAGES = RNG.randn(STEPS, BATCH, 1, 12, 12).astype("float32")
LABELS = RNG.randint(0, 10, (STEPS, BATCH)).astype("float32")
OPTIONS = {
    "sgd": {"learning_rate": 0.05, "momentum": 0.9},
    # Adam divides by the size of gradients, which may be as small as their rounding.
    "adam": {"learning_rate": 0.002, "epsilon": 1e-3},
}


def own(array, rank, ranks):
    """This rank's part of every batch."""
    return array.reshape((STEPS, ranks, BATCH // ranks, *array.shape[2:]))[:, rank]


def by_module(store, optimizer, images, labels):
    net = mx.sym.Convolution(mx.sym.var("data"), kernel=(5, 5), num_filter=8, name="conv")
    net = mx.sym.Flatten(mx.sym.Activation(net, act_type="tanh"))
    # Some 260,000 weights, which are cut into parts.
    net = mx.sym.FullyConnected(net, num_hidden=512, name="dense")
    net = mx.sym.FullyConnected(mx.sym.Activation(net, act_type="tanh"), num_hidden=10, name="out")
    module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
    shape = images.shape[1:]
    batches = mx.io.NDArrayIter(images.reshape(-1, *shape[1:]), labels.reshape(-1), shape[0])
    module.fit(
        batches,
        num_epoch=2,
        kvstore=store,
        optimizer=optimizer,
        optimizer_params=OPTIONS[optimizer],
        initializer=mx.init.Xavier(),
    )
    return {name: value.asnumpy() for name, value in module.get_params()[0].items()}


def by_sparse_trainer(store, optimizer, images, labels):
    """Row-sparse gradients: of a weight that one rank owns, and of one that is cut."""
    nets = [gluon.nn.Embedding(rows, 3, sparse_grad=True) for rows in (50, 60_000)]
    params = {}
    for number, net in enumerate(nets):
        net.initialize(mx.init.Xavier())
        params[str(number)] = net.weight
    trainer = gluon.Trainer(params, optimizer, OPTIONS[optimizer], kvstore=store)
    for x in images:
        numbers = mx.nd.array(np.abs(x.reshape(len(x), -1)[:, :10] * 9).astype(int))
        with autograd.record():
            loss = sum((net(numbers) ** 2).sum() for net in nets)
        loss.backward()
        trainer.step(BATCH)
    return {name: each.data().asnumpy() for name, each in params.items()}


def by_trainer(store, optimizer, images, labels, update_on_kvstore):
    net = gluon.nn.HybridSequential()
    net.add(gluon.nn.Dense(512, activation="tanh"), gluon.nn.Dense(512), gluon.nn.Dense(10))
    net.initialize(mx.init.Xavier())
    net.hybridize()
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    trainer = gluon.Trainer(
        net.collect_params(),
        optimizer,
        OPTIONS[optimizer],
        kvstore=store,
        update_on_kvstore=update_on_kvstore,
    )
    for x, y in zip(images, labels):
        with autograd.record():
            loss = loss_of(net(mx.nd.array(x)), mx.nd.array(y))
        loss.backward()
        trainer.step(BATCH)
    params = net.collect_params().values()
    return {str(number): each.data().asnumpy() for number, each in enumerate(params)}


def main(how, optimizer, path):
    store = mx.kv.create("dist_sync")
    rank, ranks = store.rank, store.num_workers
    # A module begins with the values of rank 0; a trainer takes them in its first step.
    seed = rank if how == "module" else 0
    mx.random.seed(seed)
    np.random.seed(seed)
    images, labels = own(IMAGES, rank, ranks), own(LABELS, rank, ranks)
    if how == "module":
        params = by_module(store, optimizer, images, labels)
    elif how == "sparse":
        params = by_sparse_trainer(store, optimizer, images, labels)
    else:
        on_store = how == "trainer_with_store"
        params = by_trainer(store, optimizer, images, labels, on_store)
    np.savez(f"{path}-{ranks}-{rank}.npz", **params)


main(*sys.argv[1:])
