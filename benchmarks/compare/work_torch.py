"""Eager operations and a LeNet training step in PyTorch, the peer for imperative work.

usage: python work_torch.py eager RUNS | train_lenet RUNS
"""

from __future__ import annotations

import os
import sys

import torch
from timing import median_ms, per_call_us, report
from torch import nn

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))


def eager(runs):
    runs = int(runs)
    a, b = torch.ones(10, 10), torch.ones(10, 10)
    calls = {
        "a + b": lambda: a + b,
        "dot": lambda: a @ b,
        "FullyConnected": lambda: nn.functional.linear(a, b),
        "softmax": lambda: torch.softmax(a, -1),
        "reshape": lambda: a.reshape(5, 20),
        "zeros": lambda: torch.zeros(10, 10),
        "asnumpy": lambda: a.numpy().copy(),
    }
    for name, call in calls.items():
        report(f"eager {name} 10x10", "us", per_call_us(call, runs))
    leaf = torch.ones(10, 10, requires_grad=True)

    def record_and_backward(function):
        leaf.grad = None
        function().backward()

    recorded = {"2": lambda: (leaf * leaf).sum(), "3": lambda: (leaf * b + leaf).sum()}
    for operators, function in recorded.items():
        value = per_call_us(
            lambda function=function: record_and_backward(function), max(1, runs // 3)
        )
        report(f"eager record {operators} operators, backward", "us", value)
    x = torch.ones(4096, 4096)
    value = median_ms(lambda: x * 2 + 1, max(1, runs // 300))
    report("eager x * 2 + 1, 16.7 million", "ms", value)


def train_lenet(runs):
    net = nn.Sequential(
        *(nn.Conv2d(1, 20, 5), nn.Tanh(), nn.MaxPool2d(2, 2)),
        *(nn.Conv2d(20, 50, 5), nn.Tanh(), nn.MaxPool2d(2, 2)),
        *(nn.Flatten(), nn.Linear(800, 500), nn.Tanh(), nn.Linear(500, 10)),
    )
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    data, label = torch.rand(64, 1, 28, 28), torch.randint(0, 10, (64,))

    def step():
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(data), label).backward()
        optimizer.step()

    report("train", "ms", median_ms(step, int(runs), warmup=5))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
