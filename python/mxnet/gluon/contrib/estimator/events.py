"""Events of a training loop; a handler derives from those that it wants to be told of."""

__all__ = [
    "EventHandler",
    "TrainBegin",
    "TrainEnd",
    "EpochBegin",
    "EpochEnd",
    "BatchBegin",
    "BatchEnd",
]


class EventHandler:
    """Base of events. Handlers with a smaller `priority` come first; without one it is 0."""


class TrainBegin(EventHandler):
    """Training begins."""

    def train_begin(self, estimator, *args, **kwargs):
        """Called once, before the first epoch."""


class TrainEnd(EventHandler):
    """Training ends."""

    def train_end(self, estimator, *args, **kwargs):
        """Called once, after the last epoch."""


class EpochBegin(EventHandler):
    """An epoch begins."""

    def epoch_begin(self, estimator, *args, **kwargs):
        """Called before the first batch."""


class EpochEnd(EventHandler):
    """An epoch ends."""

    def epoch_end(self, estimator, *args, **kwargs):
        """Called after the last batch; training ends if it returns True."""
        return False


class BatchBegin(EventHandler):
    """A batch begins."""

    def batch_begin(self, estimator, *args, **kwargs):
        """Called with the ``batch``."""


class BatchEnd(EventHandler):
    """A batch ends."""

    def batch_end(self, estimator, *args, **kwargs):
        """Called with ``batch``, ``pred``, ``label`` and ``loss``; the epoch ends if it returns
        True."""
        return False
