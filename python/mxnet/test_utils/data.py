"""Small data sets that test programs download, and what they download with.

A file that is there is used as it is.
"""

import bz2
import os
import urllib.request
import zipfile

import numpy as np

from .. import error, io
from ..io.file_iters import read_idx
from ..log import logger

__all__ = [
    "download",
    "download_model",
    "get_mnist",
    "get_mnist_pkl",
    "get_mnist_ubyte",
    "get_mnist_iterator",
    "get_cifar10",
    "get_zip_data",
    "get_bz2_data",
    "get_im2rec_path",
]

_DATA = "http://data.mxnet.io/"
_MNIST_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def download(url, fname=None, dirname=None, overwrite=False, retries=5):
    """Download a file, unless it is there.

    Args:
        url (str): Where it comes from.
        fname (str): Name of the file; the last part of `url` if not given.
        dirname (str): Folder to put it into, made if it is not there.
        overwrite (bool): Whether to download it if it is there.
        retries (int): Attempts.

    Returns:
        str: Name of the file, with the folder.

    Raises:
        OSError: No attempt succeeded.
    """
    if retries < 1:
        raise error.ValueError(f"download: retries={retries} is too small; at least 1 is expected")
    fname = url.split("/")[-1] if fname is None else fname
    if dirname:
        os.makedirs(dirname, exist_ok=True)
        fname = os.path.join(dirname, fname)
    if os.path.exists(fname) and not overwrite:
        logger.info("%s exists, skipping download", fname)
        return fname
    for left in range(retries - 1, -1, -1):
        try:
            with urllib.request.urlopen(url) as source, open(f"{fname}.part", "wb") as target:
                while block := source.read(1 << 20):
                    target.write(block)
            os.replace(f"{fname}.part", fname)
            logger.info("downloaded %s into %s", url, fname)
            return fname
        except OSError as failure:
            if left == 0:
                raise
            logger.warning("download of %s failed (%s), %d attempts left", url, failure, left)


def download_model(model_name, dst_dir="./", meta_info=None):
    """Download a network and its parameters.

    Args:
        model_name (str): Name of the model.
        dst_dir (str): Folder to put it into.
        meta_info (dict): URLs of ``symbol`` and ``params`` by name of the model.

    Returns:
        tuple: Prefix of the files and number of the epoch, for `mx.model.load_checkpoint`; None
        and 0 if `meta_info` does not have the model.
    """
    if model_name not in (meta_info or {}):
        return None, 0
    prefix = os.path.join(dst_dir, model_name)
    entry = meta_info[model_name]
    download(entry["symbol"], f"{model_name}-symbol.json", dst_dir)
    download(entry["params"], f"{model_name}-0000.params", dst_dir)
    return prefix, 0


def _idx(path, dims):
    return read_idx(path, 2048 + dims, dims, "get_mnist")


def get_mnist():
    """The MNIST digits, from files in the working folder, downloaded if they are not there.

    Returns:
        dict of str to numpy.ndarray: ``train_data`` and ``test_data``, float32 from 0 to 1 of
        shape (rows, 1, 28, 28), and ``train_label`` and ``test_label``.
    """
    paths = [download(f"{_DATA}data/mnist/{name}.gz") for name in _MNIST_FILES]
    images = [_idx(path, 3).reshape(-1, 1, 28, 28).astype(np.float32) / 255 for path in paths[::2]]
    labels = [_idx(path, 1).astype(np.int8) for path in paths[1::2]]
    return {
        "train_data": images[0],
        "train_label": labels[0],
        "test_data": images[1],
        "test_label": labels[1],
    }


def get_mnist_pkl():
    """Download the MNIST digits as a pickle into the folder ``data``."""
    if not os.path.exists(os.path.join("data", "mnist.pkl.gz")):
        download("http://deeplearning.net/data/mnist/mnist.pkl.gz", dirname="data")


def _unpack(folder, url, archive, wanted):
    """Download and unpack an archive unless all wanted files are there."""
    if all(os.path.exists(os.path.join(folder, name)) for name in wanted):
        return
    with zipfile.ZipFile(download(url, fname=archive, dirname=folder)) as content:
        content.extractall(folder)


def get_mnist_ubyte():
    """The MNIST digits as idx files in the folder ``data``, downloaded if they are not there."""
    _unpack("data", f"{_DATA}mxnet/data/mnist.zip", "mnist.zip", _MNIST_FILES)


def get_cifar10():
    """CIFAR-10 as record files in the folder ``data``, downloaded if they are not there."""
    wanted = [os.path.join("cifar", name) for name in ("train.rec", "test.rec")]
    _unpack("data", f"{_DATA}mxnet/data/cifar10.zip", "cifar10.zip", wanted)


def get_mnist_iterator(batch_size, input_shape, num_parts=1, part_index=0):
    """Iterators over the MNIST digits for training and testing.

    Args:
        batch_size (int): Rows in a batch.
        input_shape (tuple of int): Shape of one digit; with one dimension rows are flat.
        num_parts (int): In how many parts the data is divided.
        part_index (int): Which part to read.
    """
    get_mnist_ubyte()
    train, test = (
        io.MNISTIter(
            image=os.path.join("data", _MNIST_FILES[first]),
            label=os.path.join("data", _MNIST_FILES[first + 1]),
            data_shape=input_shape,
            batch_size=batch_size,
            shuffle=first == 0,
            flat=len(input_shape) != 3,
            num_parts=num_parts,
            part_index=part_index,
        )
        for first in (0, 2)
    )
    return train, test


def get_zip_data(data_dir, url, data_origin_name):
    """Download a zip archive into a folder and unpack it, unless it is there."""
    archive = os.path.join(data_dir, data_origin_name)
    if not os.path.exists(archive):
        download(url, data_origin_name, data_dir)
        with zipfile.ZipFile(archive) as content:
            content.extractall(path=data_dir)


def get_bz2_data(data_dir, data_name, url, data_origin_name):
    """Download a file packed by bzip2 into a folder and unpack it to `data_name`, unless it is
    there."""
    target = os.path.join(data_dir, data_name)
    if os.path.exists(target):
        return
    archive = download(url, data_origin_name, data_dir)
    with bz2.BZ2File(archive, "rb") as source, open(target, "wb") as content:
        content.writelines(source)
    os.remove(archive)


def get_im2rec_path(home_env="MXNET_HOME"):
    """Path of the program that makes record files, for ``python PATH``.

    Args:
        home_env (str): Variable of the environment with a folder; a file tools/im2rec.py in it is
            taken instead of the package's own.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    own = os.path.join(package, "tools", "im2rec.py")
    theirs = os.path.join(os.environ.get(home_env, package), "tools", "im2rec.py")
    return theirs if os.path.isfile(theirs) else own
