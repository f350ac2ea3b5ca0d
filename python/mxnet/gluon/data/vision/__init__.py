"""Datasets of pictures, and what is done to pictures before a network sees them."""

from .... import _absent
from . import transforms
from .datasets import CIFAR10, CIFAR100, MNIST, FashionMNIST, ImageFolderDataset, ImageListDataset

__all__ = [
    "MNIST",
    "FashionMNIST",
    "CIFAR10",
    "CIFAR100",
    "ImageFolderDataset",
    "ImageListDataset",
]

__getattr__ = _absent.getter(__name__)
