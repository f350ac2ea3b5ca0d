"""Counts of the predictions of two classes, and the scores that follow from them."""

import math

import numpy as np

from .. import error
from .base import as_numpy

__all__ = ["BinaryCounts"]


class BinaryCounts:
    """How often each of two classes was predicted for each of two classes.

    It counts twice: since `local_reset_stats`, and, under names that begin with ``global_``, since
    `reset_stats`.

    Args:
        owner (str): Whose counts these are, for messages.
    """

    def __init__(self, owner="BinaryCounts"):
        self._owner = owner
        self.reset_stats()

    def update_binary_stats(self, label, pred):
        """Count a batch.

        Args:
            label (NDArray): Classes, 0 or 1, of shape (rows,).
            pred (NDArray): Scores of shape (rows, 2).

        Raises:
            ValueError: The shapes do not fit, or there are more than two classes.
        """
        label, pred = as_numpy(label), as_numpy(pred)
        if pred.ndim < 2 or label.size != len(pred):
            raise error.ValueError(
                f"{self._owner}: predictions of shape {pred.shape} and labels of shape "
                f"{label.shape} do not fit; (rows, 2) and (rows,) are expected"
            )
        label = label.astype(np.int32).ravel()
        if len(np.unique(label)) > 2:
            raise error.ValueError(
                f"{self._owner}: the labels have {len(np.unique(label))} classes; at most 2 are "
                "expected"
            )
        places = 2 * (label == 1) + (pred.argmax(axis=1) == 1)
        table = np.bincount(places, minlength=4).reshape(2, 2)
        self._table = self._table + table
        self._global_table = self._global_table + table

    def local_reset_stats(self):
        """Forget what was counted, but for what the names with ``global_`` tell."""
        self._table = np.zeros((2, 2), np.int64)

    def reset_stats(self):
        """Forget everything."""
        self.local_reset_stats()
        self._global_table = self._table

    def matthewscc(self, use_global=False):
        """Matthews' correlation of label and prediction; empty rows and columns count as 1."""
        table = self._global_table if use_global else self._table
        (tn, fp), (fn, tp) = table.astype(np.float64).tolist()
        scale = math.prod(side or 1.0 for side in (tp + fp, tp + fn, tn + fp, tn + fn))
        return (tp * tn - fp * fn) / math.sqrt(scale)


def _share(hits, *others):
    """Hits among all; 0 where there are none."""
    return float(hits / (hits + sum(others))) if hits else 0.0


# What each name tells of a table of counts, indexed by label and prediction.
_SCORES = {
    "true_positives": lambda table: table[1, 1],
    "false_negatives": lambda table: table[1, 0],
    "false_positives": lambda table: table[0, 1],
    "true_negatives": lambda table: table[0, 0],
    "total_examples": lambda table: int(table.sum()),
    "precision": lambda table: _share(table[1, 1], table[0, 1]),
    "recall": lambda table: _share(table[1, 1], table[1, 0]),
    "fscore": lambda table: _share(2 * table[1, 1], table[0, 1], table[1, 0]),
}

for _name, _score in _SCORES.items():
    setattr(BinaryCounts, _name, property(lambda self, score=_score: score(self._table)))
    setattr(
        BinaryCounts,
        f"global_{_name}",
        property(lambda self, score=_score: score(self._global_table)),
    )
