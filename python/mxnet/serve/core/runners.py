"""Runners compute batches of jobs for a version of a model."""

import numpy as np

from ... import error
from ..errors import RequestError
from .network import Predictor

__all__ = ["NetworkRunner"]


class NetworkRunner:
    """Computes batches of tensors with a network, in the thread that calls.

    Args:
        network (Network): The network, which runners share.
        sizes (tuple of int): Batch sizes to fill up to.
    """

    def __init__(self, network, sizes):
        self._predictor = Predictor(network, sizes)

    def warm_up(self, inputs, rows):
        """Compile the graph for these inputs."""
        self._predictor.run_rows(inputs, rows)

    def run(self, jobs):
        """Compute a batch.

        Args:
            jobs (list of Job): Jobs whose payloads are dicts of arrays with equal shapes of rows.

        Returns:
            list: For each job its outputs as a list of arrays, or an exception.
        """
        try:
            if len(jobs) == 1:
                return [self._predictor.run_rows(jobs[0].payload, jobs[0].rows)]
            return self._run_joined(jobs)
        except error.MXNetError as cause:
            failure = RequestError(400, " ".join(str(cause).split()))
            return [failure] * len(jobs)

    def _run_joined(self, jobs):
        names = jobs[0].payload
        joined = {name: np.concatenate([job.payload[name] for job in jobs]) for name in names}
        outputs = self._predictor.run_rows(joined, sum(job.rows for job in jobs))
        answers, at = [], 0
        for job in jobs:
            answers.append([output[at : at + job.rows] for output in outputs])
            at += job.rows
        return answers

    def close(self):
        """Give back what was bound."""
        self._predictor = None
