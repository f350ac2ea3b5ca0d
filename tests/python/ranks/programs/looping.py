"""Some seconds of ordinary training, in which rank 1 is slow: looping.py HOW."""

import sys
import time

import mxnet as mx
from mxnet import autograd, gluon

STEPS, BATCH = 60, 8


def slow_down(store):
    time.sleep(0.05 if store.rank == 1 else 0.01)


def by_module(store):
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=10, name="out")
    module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
    data, label = mx.nd.ones((STEPS * BATCH, 4)), mx.nd.zeros((STEPS * BATCH,))
    module.fit(
        mx.io.NDArrayIter(data, label, BATCH),
        num_epoch=1,
        kvstore=store,
        batch_end_callback=lambda _: slow_down(store),
    )


def by_trainer(store):
    net = gluon.nn.Dense(10)
    net.initialize()
    trainer = gluon.Trainer(net.collect_params(), "sgd", kvstore=store)
    for _ in range(STEPS):
        with autograd.record():
            loss = net(mx.nd.ones((BATCH, 4))).sum()
        slow_down(store)
        loss.backward()
        trainer.step(BATCH * store.num_workers)
        mx.nd.waitall()


def main(how):
    store = mx.kv.create("dist_sync")
    (by_module if how == "module" else by_trainer)(store)
    print("done", store.rank)


main(*sys.argv[1:])
