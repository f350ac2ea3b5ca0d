"""Runners compute batches of jobs for a version of a model."""

from ... import error
from ..errors import RequestError
from .network import Predictor

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

    def run(self, jobs):
        """Compute a batch.

        Args:
            jobs (list of Job): Jobs whose payloads are dicts of arrays with equal shapes of rows.

        Returns:
            list: For each job its outputs as a list of arrays, or an exception.
        """
        first, sizes = jobs[0], self._model.sizes
        try:
            if len(jobs) == 1:
                outputs = self._predictor.run_rows([first.payload], first.rows, sizes)
                self._row_shapes = {name: value.shape[1:] for name, value in first.payload.items()}
                return [outputs]
            return self._run_joined(jobs, sizes)
        except error.MXNetError as cause:
            failure = RequestError(400, " ".join(str(cause).split()))
            return [failure] * len(jobs)

    def _run_joined(self, jobs, sizes):
        parts = [job.payload for job in jobs]
        outputs = self._predictor.run_rows(parts, sum(job.rows for job in jobs), sizes)
        answers, at = [], 0
        for job in jobs:
            answers.append([output[at : at + job.rows] for output in outputs])
            at += job.rows
        return answers

    def close(self):
        """Give back what was bound."""
        self._predictor = None
