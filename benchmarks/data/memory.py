"""Memory of long Gluon trainings: batches of ever other shapes, epochs of a small DataLoader.

    PYTHON memory.py shapes [STEPS]
    PYTHON memory.py epochs [EPOCHS] [WORKERS]

Prints the resident memory after each tenth and, last, how much the later half added.
"""

import sys

import numpy as np

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn


def resident_mb():
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def network():
    net = nn.HybridSequential()
    net.add(nn.Conv2D(8, 3, padding=1), nn.BatchNorm(), nn.Activation("relu"))
    net.add(nn.Dropout(0.3), nn.GlobalAvgPool2D(), nn.Dense(4))
    net.initialize(mx.init.Xavier())
    net.hybridize()
    return net, gluon.Trainer(net.collect_params(), "adam")


def step(net, trainer, data, label):
    with autograd.record():
        loss = gluon.loss.SoftmaxCrossEntropyLoss()(net(data), label)
    loss.backward()
    trainer.step(data.shape[0])
    return float(loss.mean().asscalar())


def shapes(steps):
    """One step for each number from 0 on, of a batch and a picture of drawn sizes."""
    net, trainer = network()
    numbers = np.random.RandomState(0)
    for _ in range(steps):
        rows, height, width = numbers.randint(1, 9), numbers.randint(4, 40), numbers.randint(4, 40)
        data = mx.nd.array(numbers.uniform(size=(rows, 3, height, width)))
        step(net, trainer, data, mx.nd.array(numbers.randint(0, 4, rows)))
        yield


def epochs(count, workers=2):
    net, trainer = network()
    numbers = np.random.RandomState(0)
    data = numbers.uniform(size=(24, 3, 8, 8)).astype("float32")
    dataset = gluon.data.ArrayDataset(data, numbers.randint(0, 4, 24).astype("float32"))
    loader = gluon.data.DataLoader(dataset, 7, shuffle=True, num_workers=workers)
    for _ in range(count):
        for batch, label in loader:
            step(net, trainer, batch, label)
        yield


def growth(rounds, count):
    """Runs `count` rounds; gives the memory after each tenth, in MB."""
    found = []
    for i, _ in enumerate(rounds):
        if (i + 1) % max(count // 10, 1) == 0:
            found.append(resident_mb())
    return found


def main():
    kind, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    if kind == "shapes":
        found = growth(shapes(count), count)
    else:
        found = growth(epochs(count, int(sys.argv[3]) if len(sys.argv) > 3 else 2), count)
    for i, megabytes in enumerate(found):
        print(f"{(i + 1) * count // 10:6} {kind}: {megabytes:.1f} MB")
    print(f"later half: {found[-1] - found[len(found) // 2 - 1]:+.1f} MB")


if __name__ == "__main__":
    main()
