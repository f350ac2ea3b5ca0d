"""Runners compute batches of jobs for a version of a model."""

import numpy as np

from ... import error
from ..errors import RequestError
from ..open_inference import datatype_of
from .network import Predictor
from .parts import PlainPart, row_shapes

__all__ = ["NetworkRunner"]


class NetworkRunner:
    """Computes batches of tensors with a network, in the thread that calls.

    Args:
        model (TensorModel): The model, which runners share.
    """

    def __init__(self, model):
        self._model, self._predictor = model, Predictor(model.network)
        self._row_shapes = None
        if model.network.is_known:
            self._row_shapes = {each.name: each.shape[1:] for each in model.inputs}
        self._warm = set()

    def compute_zeros(self, rows):
        """Compute rows of zeros, which compiles the graph for this size."""
        self._warm.add(rows)
        self._predictor.run_rows([self._model.zeros(rows)], rows, self._model.sizes)

    def _cold_sizes(self):
        if not (self._model.settings.warm_up and self._model.network.is_known):
            return ()
        return [size for size in self._model.sizes if size not in self._warm]

    @property
    def has_more(self):
        """Whether `prepare` has something to do."""
        is_untried = self._model.joins is None and self._row_shapes is not None
        return is_untried or bool(self._cold_sizes())

    def prepare(self):
        """Do one piece of what makes later batches quick.

        Raises:
            MXNetError: The network cannot be computed with such a batch.
        """
        if self._model.joins is None:
            self._model.try_joining(self._predictor, self._row_shapes)
        else:
            self.compute_zeros(self._cold_sizes()[0])

    def run(self, batch):
        """Compute a batch.

        Args:
            batch (Batch): Requests with equal shapes of rows; payloads of jobs are dicts of arrays.

        Returns:
            list: For each member its outputs, or an exception: a list of arrays for a job, of
            arrays with the protocol's names of their dtypes for plain requests.
        """
        parts = [job.payload for job in batch.jobs]
        if batch.plain is not None:
            parts.insert(0, PlainPart(batch.plain, self._model.inputs))
        try:
            outputs = self._predictor.run_rows(parts, batch.rows, self._model.sizes)
        except error.MXNetError as cause:
            failure = RequestError(400, " ".join(str(cause).split()))
            return [failure] * len(parts)
        self._row_shapes = row_shapes(parts[0])
        answers = [outputs] if len(parts) == 1 else _cut(outputs, batch.members)
        if batch.plain is not None:
            answers[0] = [
                (np.ascontiguousarray(each), datatype_of(each.dtype)) for each in answers[0]
            ]
        return answers

    def close(self):
        """Give back what was bound."""
        self._predictor = None


def _cut(outputs, members):
    """The rows of each member."""
    answers, at = [], 0
    for each in members:
        answers.append([output[at : at + each.rows] for output in outputs])
        at += each.rows
    return answers
