"""Training keeps no memory: batches of changing shapes, and epochs of a DataLoader with workers.

The long forms are in benchmarks/data/memory.py.
"""

import subprocess
import sys
import textwrap

import pytest

PROGRAM = """
import numpy as np
import mxnet as mx
from mxnet import autograd, gluon

def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

net = gluon.nn.HybridSequential()
net.add(gluon.nn.Conv2D(8, 3, padding=1), gluon.nn.BatchNorm(), gluon.nn.Dropout(0.3))
net.add(gluon.nn.GlobalAvgPool2D(), gluon.nn.Dense(4))
net.initialize()
net.hybridize()
trainer = gluon.Trainer(net.collect_params(), "adam")

def step(data, label):
    with autograd.record():
        loss = gluon.loss.SoftmaxCrossEntropyLoss()(net(data), label)
    loss.backward()
    trainer.step(data.shape[0])
    mx.nd.waitall()
"""
# More shapes than a cached operator keeps programs for, so that each pass compiles all anew.
SHAPES = """
def one_pass():
    for i in range(12):
        step(mx.nd.ones((8, 3, 40 + i, 40)), mx.nd.zeros(8))

passes, most = (3, 4), 4
"""
EPOCHS = """
dataset = gluon.data.ArrayDataset(np.ones((40, 3, 32, 32), np.float32), np.zeros(40))
loader = gluon.data.DataLoader(dataset, 7, shuffle=True, num_workers=2)

def one_pass():
    for data, label in loader:
        step(data, label)

passes, most = (20, 30), 4
"""
MEASURE = """
for _ in range(passes[0]):
    one_pass()
before = resident()
for _ in range(passes[1]):
    one_pass()
grown = resident() - before
assert grown < most, f"{grown} MB"
"""


@pytest.mark.parametrize("kind", [SHAPES, EPOCHS], ids=["shapes", "epochs"])
def test_later_passes_add_nothing(kind):
    program = textwrap.dedent(PROGRAM + kind + MEASURE)
    done = subprocess.run(
        [sys.executable, "-c", program], stderr=subprocess.PIPE, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
