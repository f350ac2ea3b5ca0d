"""Datasets of pictures in files."""

import gzip
import os
import struct
import tarfile
import warnings

import numpy as np

from .... import error, image, recordio
from .... import ndarray as nd
from ...._numpy_mode import is_np_array, of_mode
from ..dataset import Dataset, RecordFileDataset, _default_root, _DownloadedDataset

__all__ = [
    "MNIST",
    "FashionMNIST",
    "CIFAR10",
    "CIFAR100",
    "ImageFolderDataset",
    "ImageListDataset",
    "ImageRecordDataset",
]


def _read_idx(path):
    """The numbers in a file of the MNIST format."""
    try:
        with gzip.open(path, "rb") as stream:
            content = stream.read()
        kind, count = struct.unpack_from(">HBB", content)[1:]
        shape = struct.unpack_from(f">{count}I", content, 4)
        if kind != 8:
            raise error.ValueError(f"elements of kind {kind}")
        return np.frombuffer(content, np.uint8, offset=4 + 4 * count).reshape(shape)
    except (OSError, EOFError, ValueError, struct.error) as cause:
        raise error.ValueError(
            f"MNIST: file={path!r} is damaged ({cause}); expected gzip of numbers in the IDX format"
        ) from cause


class MNIST(_DownloadedDataset):
    """Handwritten digits: pictures of 28 x 28 x 1 bytes, and labels from 0 to 9.

    Args:
        root (str): Folder of the files; None is ``~/.mxnet/datasets/mnist``.
        train (bool): Whether to take the 60,000 pictures for training, or the 10,000 for tests.
        transform (function): Called with picture and label of each element.
    """

    _namespace = "mnist"

    def __init__(self, root=None, train=True, transform=None):
        self._train = train
        super().__init__(root or _default_root(self._namespace), transform)

    def _get_data(self):
        kind = "train" if self._train else "t10k"
        pictures = _read_idx(self._fetch(f"{kind}-images-idx3-ubyte.gz"))
        labels = _read_idx(self._fetch(f"{kind}-labels-idx1-ubyte.gz"))
        if pictures.ndim != 3 or labels.shape != pictures.shape[:1]:
            raise error.ValueError(
                f"{type(self).__name__}: pictures of shape {pictures.shape} have labels of shape "
                f"{labels.shape}; expected one label for each"
            )
        self._data = of_mode(nd.array(pictures[..., None], dtype="uint8"))
        self._label = _labels_of_mode(labels.astype(np.int32))


class FashionMNIST(MNIST):
    """Pictures of clothes in the format of `MNIST`; see there."""

    _namespace = "fashion-mnist"


class CIFAR10(_DownloadedDataset):
    """Pictures of 32 x 32 x 3 bytes of 10 kinds of things.

    Args:
        root (str): Folder of the binary files, or of the archive with them; None is
            ``~/.mxnet/datasets/cifar10``.
        train (bool): Whether to take the 50,000 pictures for training, or the 10,000 for tests.
        transform (function): Called with picture and label of each element.
    """

    _namespace = "cifar10"
    _archive = "cifar-10-binary.tar.gz"
    _folder = "cifar-10-batches-bin"
    _files = ([f"data_batch_{number}.bin" for number in range(1, 6)], ["test_batch.bin"])
    _label_bytes = 1

    def __init__(self, root=None, train=True, transform=None):
        self._train = train
        self._label_at = 0
        super().__init__(root or _default_root(self._namespace), transform)

    def _find(self, name):
        """The file `name` in the folder, or in one that archives have; None if it is not there."""
        for folder in ("", self._folder):
            path = os.path.join(self._root, folder, name)
            if os.path.exists(path):
                return path
        return None

    def _read_batch(self, path):
        content = np.fromfile(path, dtype=np.uint8)
        size = self._label_bytes + 3 * 32 * 32
        if content.size == 0 or content.size % size:
            raise error.ValueError(
                f"{type(self).__name__}: file={path!r} has {content.size} bytes; expected a "
                f"multiple of {size}"
            )
        rows = content.reshape(-1, size)
        pictures = rows[:, self._label_bytes :].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return pictures, rows[:, self._label_at].astype(np.int32)

    def _get_data(self):
        names = self._files[0 if self._train else 1]
        if any(self._find(name) is None for name in names):
            archive = self._fetch(self._archive)
            with tarfile.open(archive) as files:
                _extract(files, self._root)
        missing = [name for name in names if self._find(name) is None]
        if missing:
            raise error.ValueError(
                f"{type(self).__name__}: {missing[0]} is not in {self._root!r}; expected it there, "
                "or in the archive"
            )
        pictures, labels = zip(*(self._read_batch(self._find(name)) for name in names))
        self._data = of_mode(nd.array(np.concatenate(pictures), dtype="uint8"))
        self._label = _labels_of_mode(np.concatenate(labels))


def _labels_of_mode(labels):
    """Labels as arrays of `mx.np` where the thread works with these, as NumPy's elsewhere."""
    return nd.array(labels, dtype=labels.dtype).as_np_ndarray() if is_np_array() else labels


def _extract(files, folder):
    """Take plain files out of an archive, none of which may lie outside of `folder`."""
    for member in files.getmembers():
        target = os.path.realpath(os.path.join(folder, member.name))
        if member.isfile() and target.startswith(os.path.realpath(folder) + os.sep):
            files.extract(member, folder)


class CIFAR100(CIFAR10):
    """Pictures of 32 x 32 x 3 bytes of 100 kinds of things, in 20 groups.

    Args:
        root (str): See `CIFAR10`; None is ``~/.mxnet/datasets/cifar100``.
        fine_label (bool): Whether labels are kinds; else they are groups.
        train (bool): See `CIFAR10`.
        transform (function): See `CIFAR10`.
    """

    _namespace = "cifar100"
    _archive = "cifar-100-binary.tar.gz"
    _folder = "cifar-100-binary"
    _files = (["train.bin"], ["test.bin"])
    _label_bytes = 2

    def __init__(self, root=None, fine_label=False, train=True, transform=None):
        self._train = train
        self._label_at = 1 if fine_label else 0
        _DownloadedDataset.__init__(self, root or _default_root(self._namespace), transform)


class _PictureFiles(Dataset):
    """Base of datasets whose elements are read from files of their own.

    Args:
        flag (int): 1 for colours, 0 for shades of gray.
        transform (function): Called with picture and label of each element.
    """

    def __init__(self, flag, transform):
        self._flag = flag
        self._transform = transform
        self.items = []

    def __getitem__(self, idx):
        path, label = self.items[idx]
        picture = image.imread(path, self._flag)
        if self._transform is not None:
            return self._transform(picture, label)
        return picture, label

    def __len__(self):
        return len(self.items)


class ImageFolderDataset(_PictureFiles):
    """Pictures in folders, one for each class, whose names in order are the labels.

    Args:
        root (str): The folder of the folders.
        flag (int): 1 for colours, 0 for shades of gray.
        transform (function): Called with picture and label of each element.

    Attributes:
        synsets (list of str): Names of the folders; their places are the labels.
        items (list of tuple): File and label of each element.
    """

    _endings = (".jpg", ".jpeg", ".png")

    def __init__(self, root, flag=1, transform=None):
        super().__init__(flag, transform)
        self._root = os.path.expanduser(root)
        self.synsets = []
        for folder in sorted(os.listdir(self._root)):
            path = os.path.join(self._root, folder)
            if not os.path.isdir(path):
                warnings.warn(f"Ignoring {path}, which is not a directory.", stacklevel=2)
                continue
            label = len(self.synsets)
            self.synsets.append(folder)
            self._list_folder(path, label)

    def _list_folder(self, folder, label):
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            ending = os.path.splitext(name)[1]
            if ending.lower() in self._endings:
                self.items.append((path, label))
            else:
                warnings.warn(
                    f"Ignoring {path} of type {ending}. Only support {', '.join(self._endings)}",
                    stacklevel=3,
                )


class ImageListDataset(_PictureFiles):
    """Pictures in a list.

    Args:
        root (str): The folder of the files.
        imglist (str or list): File with lines of number, labels and path, divided by tabs; or a
            list of lists of labels and path.
        flag (int): 1 for colours, 0 for shades of gray.
        transform (function): Called with picture and label of each element.
    """

    def __init__(self, root=".", imglist=None, flag=1, transform=None):
        super().__init__(flag, transform)
        self._root = os.path.expanduser(root)
        rows = self._read(imglist) if isinstance(imglist, str) else imglist or []
        for *labels, path in rows:
            labels = np.array(labels, dtype=np.float32).reshape(-1)
            label = float(labels[0]) if len(labels) == 1 else labels
            self.items.append((os.path.join(self._root, path), label))

    def _read(self, name):
        with open(os.path.join(self._root, name)) as lines:
            for number, line in enumerate(lines, 1):
                parts = line.strip().split("\t")
                if parts == [""]:
                    continue
                if len(parts) < 3:
                    raise error.ValueError(
                        f"ImageListDataset: line {number} of {name!r} has {len(parts)} parts; "
                        "expected number, labels and path, divided by tabs"
                    )
                yield [*map(float, parts[1:-1]), parts[-1]]


class ImageRecordDataset(RecordFileDataset):
    """Pictures packed with their labels into a file of records.

    Args:
        filename (str): The file, ``name.rec``; its index is ``name.idx``.
        flag (int): 1 for colours, 0 for shades of gray.
        transform (function): Called with picture and label of each element.
    """

    def __init__(self, filename, flag=1, transform=None):
        super().__init__(filename)
        self._flag = flag
        self._transform = transform

    def __getitem__(self, idx):
        header, packed = recordio.unpack(super().__getitem__(idx))
        picture = image.imdecode(packed, self._flag)
        if self._transform is not None:
            return self._transform(picture, header.label)
        return picture, header.label
