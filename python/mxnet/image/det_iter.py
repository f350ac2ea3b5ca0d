"""Batches of pictures with the boxes of their objects."""

import logging

import numpy as np

from .. import error as errors
from .. import io
from .create_augmenter import IMAGENET_MEAN, IMAGENET_STD
from .create_det_augmenter import CreateDetAugmenter
from .drawing import draw_boxes, show
from .image_iter import ImageIter

__all__ = ["ImageDetIter"]

_LOGGER = logging.getLogger("mxnet")


class ImageDetIter(ImageIter):
    """Reads, augments and batches pictures with the boxes of their objects.

    A label in a list or record is: how many numbers come before the objects (2 or more), how many
    numbers an object has (5 or more), others up to that count; then for each object its class,
    left, top, right, bottom, as parts of width and height, and others. In a batch it is
    `label_shape`: a row for each object, rows of -1 behind them.

    Args:
        batch_size, data_shape, path_imgrec, path_imglist, path_root, path_imgidx, shuffle,
            part_index, num_parts, part_handle, imglist, data_name, last_batch_handle: As in
            `ImageIter`.
        aug_list (list of DetAugmenter): What to do with each picture; by default
            `CreateDetAugmenter(data_shape, **kwargs)`.
        label_name (str): Name of the label.
        **kwargs: Arguments of `CreateDetAugmenter`.

    Attributes:
        label_shape (tuple of int): Most objects of a picture, and numbers of an object.

    Raises:
        ValueError: A label is none of this kind.

    Example:
        >>> label = [2, 5, 0, 0.1, 0.2, 0.5, 0.6]
        >>> batches = mx.image.ImageDetIter(1, (3, 300, 300), imglist=[[label, "cat.jpg"]])
        >>> next(batches).label[0].shape
        (1, 1, 5)
    """

    def __init__(
        self,
        batch_size,
        data_shape,
        path_imgrec=None,
        path_imglist=None,
        path_root=None,
        path_imgidx=None,
        shuffle=False,
        part_index=0,
        num_parts=1,
        aug_list=None,
        imglist=None,
        data_name="data",
        label_name="label",
        last_batch_handle="pad",
        part_handle="discard",
        **kwargs,
    ):
        super().__init__(
            batch_size=batch_size,
            data_shape=data_shape,
            path_imgrec=path_imgrec,
            path_imglist=path_imglist,
            path_root=path_root,
            path_imgidx=path_imgidx,
            shuffle=shuffle,
            part_index=part_index,
            num_parts=num_parts,
            aug_list=[],
            imglist=imglist,
            data_name=data_name,
            label_name=label_name,
            last_batch_handle=last_batch_handle,
            part_handle=part_handle,
        )
        self.auglist = CreateDetAugmenter(data_shape, **kwargs) if aug_list is None else aug_list
        self._set_label_shape(self._widest_label())

    def _set_label_shape(self, shape):
        self.label_shape = tuple(shape)
        name = self.provide_label[0].name
        self.provide_label = [io.DataDesc(name, (self.batch_size, *self.label_shape))]

    def _widest_label(self):
        """Label shape that every label fits into; all of them are read for it."""
        # Once more than needed, as in MXNet 1.9.1: it counts when pictures are shuffled.
        self.reset()
        count = width = 0
        while True:
            try:
                label = self._parse_label(self._next_entry()[0])
            except StopIteration:
                break
            count, width = max(count, len(label)), max(width, label.shape[1])
        self.reset()
        return count, width

    def _parse_label(self, label):
        """Objects of a label: those with an area, one in each row."""
        raw = np.ravel(label.asnumpy() if hasattr(label, "asnumpy") else label)
        head, width = (int(raw[0]), int(raw[1])) if raw.size >= 7 else (0, 0)
        if head < 2 or width < 5 or raw.size <= head or (raw.size - head) % width:
            raise errors.ValueError(
                f"{type(self).__name__}: a label is {raw.tolist()}; the count of numbers before "
                "the objects (2 or more), that of an object (5 or more) and as many numbers are "
                "expected"
            )
        objects = raw[head:].reshape(-1, width)
        objects = objects[(objects[:, 3] > objects[:, 1]) & (objects[:, 4] > objects[:, 2])]
        if not len(objects):
            raise errors.ValueError(
                f"{type(self).__name__}: a label is {raw.tolist()}, without an object; at least one"
                " with left < right and top < bottom is expected"
            )
        return objects

    def reshape(self, data_shape=None, label_shape=None):
        """Changes the shapes of what comes.

        Args:
            data_shape (tuple of int): As in `ImageIter`. The augmenters stay as they are: the last
                that resizes has to give this size.
            label_shape (tuple of int): Objects and numbers of an object; not fewer objects.
        """
        if data_shape is not None:
            self.check_data_shape(data_shape)
            self.data_shape = tuple(data_shape)
            name = self.provide_data[0].name
            self.provide_data = [io.DataDesc(name, (self.batch_size, *self.data_shape))]
        if label_shape is not None:
            self.check_label_shape(label_shape)
            self._set_label_shape(label_shape)

    def check_label_shape(self, label_shape):
        """Refuses label shapes into which the labels do not fit."""
        if len(label_shape) != 2:
            raise errors.ValueError(
                f"ImageDetIter: label_shape={label_shape} has {len(label_shape)} numbers; those of "
                "objects and of numbers of an object are expected"
            )
        if label_shape[0] < self.label_shape[0]:
            raise errors.ValueError(
                f"ImageDetIter: label_shape={label_shape} holds {label_shape[0]} objects; at least "
                f"{self.label_shape[0]} are expected"
            )
        if label_shape[1] != self.label_shape[1]:
            raise errors.ValueError(
                f"ImageDetIter: label_shape={label_shape} has {label_shape[1]} numbers of an "
                f"object; {self.label_shape[1]} are expected"
            )

    def sync_label_shape(self, it, verbose=False):
        """Gives this iterator and another the larger of their label shapes.

        Args:
            it (ImageDetIter): The other one, for instance that of validation pictures.
            verbose (bool): Whether to log the change.

        Returns:
            ImageDetIter: The other one.
        """
        if not isinstance(it, ImageDetIter):
            raise AssertionError(
                f"sync_label_shape: it is a {type(it).__name__}; an ImageDetIter is expected"
            )
        shape = (max(self.label_shape[0], it.label_shape[0]), self.label_shape[1])
        for each in (self, it):
            if verbose and each.label_shape != shape:
                _LOGGER.info("Label shape is changed from %s to %s", each.label_shape, shape)
            each.reshape(label_shape=shape)
        return it

    def augmentation_transform(self, data, label):
        """`data` and `label` after all augmenters."""
        for aug in self.auglist:
            data, label = aug(data, label)
        return data, label

    def _read_sample(self):
        picture, label = self._next_picture()
        picture, label = self.augmentation_transform(picture, self._parse_label(label))
        return self._as_sample(picture), label

    def _label_batch(self, labels):
        out = np.full(self.provide_label[0].shape, -1, dtype=np.float32)
        for row, label in zip(out, labels):
            if len(label) > len(row) or label.shape[1] > row.shape[1]:
                raise errors.ValueError(
                    f"ImageDetIter: a label has shape {label.shape}; one that fits into "
                    f"label_shape={self.label_shape} is expected"
                )
            row[: len(label), : label.shape[1]] = label
        return out

    def draw_next(
        self,
        color=None,
        thickness=2,
        mean=None,
        std=None,
        clip=True,
        waitKey=None,
        window_name="draw_next",
        id2labels=None,
    ):
        """Yields the pictures that come, with their boxes drawn. Needs the package cv2.

        Args:
            color (tuple of int): Red, green and blue of boxes; None for a random one for each.
            thickness (int): Of lines, in pixels.
            mean (numpy.ndarray or bool): What to add, if the augmenters subtracted it; True for
                that of ImageNet.
            std (numpy.ndarray or bool): What to multiply by before, likewise.
            clip (bool): Whether to cut colors off at 0 and 255.
            waitKey (int): Shows the picture in a window for that many milliseconds; 0 waits for a
                key.
            window_name (str): Title of the window.
            id2labels (dict): Names of classes, to be written at the boxes.

        Yields:
            numpy.ndarray: Shape (height, width, 3).
        """
        mean, std = _statistics(mean, IMAGENET_MEAN, "mean"), _statistics(std, IMAGENET_STD, "std")
        while True:
            try:
                picture, label = self._next_picture()
            except StopIteration:
                return
            picture, label = self.augmentation_transform(picture, self._parse_label(label))
            image = picture.asnumpy().astype(np.float32)
            image = image if std is None else image * std
            image = image if mean is None else image + mean
            image = image.clip(0, 255) if clip else image
            image = draw_boxes(image.astype(np.uint8), label, color, thickness, id2labels)
            if waitKey is not None:
                show(image, window_name, waitKey)
            yield image


def _statistics(value, default, name):
    if value is None or value is False:
        return None
    array = np.asarray(default if value is True else value, dtype=np.float32)
    if array.shape not in ((), (1,), (3,)):
        raise errors.ValueError(
            f"draw_next: {name} has shape {array.shape}; (1,) or (3,) is expected"
        )
    return array
