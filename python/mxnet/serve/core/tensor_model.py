"""A network as a model that is served: tensors in, tensors out."""

import numpy as np

from ...log import logger
from ..errors import RequestError
from .queue import ALONE, key_of_rows
from .runners import NetworkRunner

__all__ = ["TensorModel"]


class TensorModel:
    """What a version serves where a model has no code of its own.

    Args:
        files (ModelFiles): Where it was loaded from; closed with the model.
        network (Network): The network.
        settings (ModelSettings): How it is run.

    Attributes:
        inputs, outputs (list of TensorInfo): What goes in and comes out.
        sizes (tuple of int): Batch sizes to fill up to, in order; () computes batches as they are.
        joins (bool): Whether requests are joined to batches; None until that was tried.
        labels (list of str): Names of the classes; None if there are none.
    """

    takes_tensors = True

    def __init__(self, files, network, settings):
        self.files, self.network, self.settings = files, network, settings
        self.inputs, self.outputs = network.inputs, network.outputs
        self.labels = files.labels
        self.sizes, self.joins = (), None
        if network.fixed_rows is not None:
            self.sizes, self.joins = (network.fixed_rows,), False
        elif settings.max_batch == 1:
            self.joins = False
        self.pictures = self._picture_reader()

    def _picture_reader(self):
        from ..._pictures import PictureReader, PixelSettings

        shape = self.inputs[0].shape if len(self.inputs) == 1 else None
        if shape is None or len(shape) != 4 or shape[1] not in (1, 3) or -1 in shape[1:]:
            return None
        return PictureReader(shape[1:], self.settings.pixels or PixelSettings())

    @property
    def max_rows(self):
        """Rows of a batch that is joined of several requests."""
        return self.sizes[-1] if self.joins else 1

    def make_runners(self, is_urgent=False):
        """Runners that have computed something.

        Args:
            is_urgent (bool): Whether only one row is computed now, and runners do all else between
                the first requests: they try whether rows may be joined, and compile other sizes.

        Raises:
            MXNetError: The network cannot be computed.
        """
        runners = [NetworkRunner(self) for _ in range(self.settings.workers)]
        for runner in runners:
            if self.settings.warm_up and self.network.is_known:
                runner.compute_zeros(1)
            while not is_urgent and runner.has_more:
                runner.prepare()
        return runners

    def try_joining(self, predictor, row_shapes):
        """Find out whether requests may be joined to batches and filled up.

        Args:
            predictor (Predictor): Who computes.
            row_shapes (dict of str to tuple of int): Shapes of rows of the inputs.
        """
        joins = self.network.rows_are_independent(predictor, row_shapes)
        self.sizes = self.settings.batch_sizes if joins else ()
        self.joins = joins  # last, because other runners look at it first
        if not joins:
            logger.warning(
                "%s: the answer for a row depends on the rows beside it; requests are computed "
                "one by one",
                self.files.name,
            )

    def zeros(self, rows):
        """Inputs of `rows` rows of zeros."""
        return {each.name: np.zeros((rows, *each.shape[1:]), each.dtype) for each in self.inputs}

    def check(self, inputs):
        """Inputs as the network wants them.

        Args:
            inputs (dict of str to numpy.ndarray): Arrays by the names of the inputs.

        Returns:
            tuple: The arrays in the order of the inputs and of their dtypes; how many rows they
            have; a key that is equal for requests which may share a batch, or `ALONE`.

        Raises:
            RequestError: A name, a dtype or a shape is wrong.
        """
        names = [each.name for each in self.inputs]
        for name in inputs:
            if name not in names:
                raise RequestError(400, f"input {name} is unknown; {', '.join(names)} is expected")
        arrays, shapes, rows = {}, [], None
        for info in self.inputs:
            if info.name not in inputs:
                raise RequestError(400, f"input {info.name} is missing")
            value = _fitting(info, inputs[info.name])
            if rows is not None and len(value) != rows:
                raise RequestError(
                    400, f"input {info.name} has {len(value)} rows; {rows} are expected"
                )
            rows = len(value)
            arrays[info.name] = value
            shapes.append(value.shape[1:])
        return arrays, rows, key_of_rows(shapes) if self.joins else ALONE

    def close(self):
        """Give back the files."""
        self.files.close()


def _fitting(info, value):
    if value.dtype != info.dtype:
        if value.dtype.kind not in "biuf" or (value.dtype.kind == "f" and info.dtype.kind != "f"):
            raise RequestError(
                400, f"input {info.name} holds {value.dtype}; {info.dtype} is expected"
            )
        with np.errstate(over="ignore"):
            value = value.astype(info.dtype)
    if info.shape is None:
        if value.ndim == 0:
            raise RequestError(400, f"input {info.name} is a number; a batch of rows is expected")
    elif len(value.shape) != len(info.shape) or any(
        wanted not in (-1, size) for wanted, size in zip(info.shape, value.shape)
    ):
        raise RequestError(
            400, f"input {info.name} has the shape {value.shape}; {info.shape} is expected"
        )
    if 0 in value.shape:
        raise RequestError(400, f"input {info.name} has the shape {value.shape}, which is empty")
    return value
