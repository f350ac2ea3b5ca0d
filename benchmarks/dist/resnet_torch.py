"""The same as resnet.py with torch.distributed (gloo, DistributedDataParallel), for `torchrun` or mpirun.

Environment: OMPI_COMM_WORLD_RANK and OMPI_COMM_WORLD_SIZE, as mpirun sets them; without, one rank.
"""

import os
import sys
import time

import torch
import torch.distributed as dist
from torch import nn


class Block(nn.Module):
    """Two convolutions and a shortcut."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        return torch.relu(self.body(x) + self.shortcut(x))


def resnet():
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    layers += [nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for stage in range(4):
        for number in range(2):
            outputs = 64 << stage
            layers.append(Block(channels, outputs, 2 if stage and not number else 1))
            channels = outputs
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10)]
    return nn.Sequential(*layers)


def measure(steps, batch, apart=False):
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    rank = int(os.environ.get("OMPI_COMM_WORLD_RANK", "0"))
    ranks = int(os.environ.get("OMPI_COMM_WORLD_SIZE", "1"))
    torch.manual_seed(0)
    net = resnet()
    if ranks > 1:
        os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
        os.environ.setdefault("MASTER_PORT", "29731")
        dist.init_process_group("gloo", rank=rank, world_size=ranks)
        if not apart:
            net = nn.parallel.DistributedDataParallel(net)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    data, label = torch.rand(batch, 3, 32, 32), torch.zeros(batch, dtype=torch.long)
    times, processor = [], []
    for _ in range(steps):
        begin, busy = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(data), label).backward()
        optimizer.step()
        times.append(time.perf_counter() - begin)
        processor.append(time.process_time() - busy)
    if ranks > 1:
        dist.barrier()
    if rank == 0:
        wall, busy = (1000 * sorted(each[2:])[len(each[2:]) // 2] for each in (times, processor))
        print(
            f"torch ranks={ranks} ms_per_step={wall:.1f} "
            f"least_ms={1000 * min(times[2:]):.1f} processor_ms={busy:.1f}"
        )
    if ranks > 1:
        dist.destroy_process_group()


measure(int(sys.argv[1]), int(sys.argv[2]), "apart" in sys.argv[3:])
