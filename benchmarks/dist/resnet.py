"""Steps per second of ResNet-18 for pictures of 32x32 with `dist_sync`: resnet.py STEPS BATCH [apart].

Each rank computes a batch of its own; rank 0 prints the median time of a step, and the processor's
time of all its threads, which other work on the machine does not change much. With `apart` ranks
compute beside each other and exchange nothing.
"""

import sys
import time

import numpy as np

import mxnet as mx
from mxnet import autograd, gluon


def measure(steps, batch, apart=False):
    store = mx.kv.create("dist_sync")
    net = gluon.model_zoo.vision.get_resnet(1, 18, classes=10)
    mx.random.seed(0)
    net.initialize(mx.init.Xavier())
    net.hybridize(static_alloc=True, static_shape=True)
    data, label = mx.nd.random.uniform(shape=(batch, 3, 32, 32)), mx.nd.zeros((batch,))
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    net(data)
    alone = apart or store.num_workers == 1
    trainer = gluon.Trainer(
        net.collect_params(),
        "sgd",
        {"learning_rate": 0.01, "momentum": 0.9},
        kvstore=None if alone else store,
    )
    times, processor = [], []
    for _ in range(steps):
        begin, busy = time.perf_counter(), time.process_time()
        with autograd.record():
            loss = loss_of(net(data), label)
        loss.backward()
        trainer.step(batch * store.num_workers)
        mx.nd.waitall()
        times.append(time.perf_counter() - begin)
        processor.append(time.process_time() - busy)
    store.barrier()
    if store.rank == 0:
        wall, busy = (1000 * np.median(each[2:]) for each in (times, processor))
        print(
            f"remx ranks={store.num_workers} ms_per_step={wall:.1f} "
            f"least_ms={1000 * min(times[2:]):.1f} processor_ms={busy:.1f}"
        )


measure(int(sys.argv[1]), int(sys.argv[2]), "apart" in sys.argv[3:])
