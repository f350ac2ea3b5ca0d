"""What loaders.py measures of PyTorch with torchvision.

PYTHON work_torch.py KIND FOLDER WORKERS
"""

import sys
import time

import torch
from torch.utils.data import DataLoader, TensorDataset

BATCH = 32
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def folder_loader(folder, workers):
    from torchvision import datasets, transforms

    steps = [transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip()]
    steps += [transforms.ToTensor(), transforms.Normalize(MEAN, DEVIATION)]
    dataset = datasets.ImageFolder(folder, transforms.Compose(steps))
    return DataLoader(dataset, BATCH, shuffle=True, num_workers=workers, persistent_workers=True)


def pictures_per_second(loader):
    """Of the second epoch: the first one starts workers."""
    for _ in loader:
        pass
    begin = time.perf_counter()
    count = sum(data.shape[0] for data, _ in loader)
    return count / (time.perf_counter() - begin)


def first_batches_per_second(workers):
    data = torch.ones(64, 8)
    begin = time.perf_counter()
    loader = DataLoader(
        TensorDataset(data, data), 8, num_workers=workers, multiprocessing_context="spawn"
    )
    next(iter(loader))
    return 1 / (time.perf_counter() - begin)


def main():
    kind, folder, workers = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if kind == "first":
        print(first_batches_per_second(workers))
    else:
        print(pictures_per_second(folder_loader(folder, workers)))


if __name__ == "__main__":
    main()
