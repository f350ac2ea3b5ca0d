"""What is done with each batch."""

from .... import autograd
from ...utils import split_and_load

__all__ = ["BatchProcessor"]


def _divide(batch, contexts, batch_axis):
    """Data and labels of a batch, as lists with an array for each device."""
    data, label = batch[0], batch[1]
    return (
        split_and_load(data, contexts, batch_axis, even_split=False),
        split_and_load(label, contexts, batch_axis, even_split=False),
    )


class BatchProcessor:
    """Predicts and differentiates; a subclass can do it in another way."""

    def evaluate_batch(self, estimator, val_batch, batch_axis=0):
        """Predict a batch.

        Args:
            estimator (Estimator): Has the network and the loss.
            val_batch (list): Data and labels.
            batch_axis (int): The axis of the examples.

        Returns:
            tuple of list: Data, labels, predictions and losses, one for each device.
        """
        data, label = _divide(val_batch, estimator.context, batch_axis)
        pred = [estimator.val_net(x) for x in data]
        loss = [estimator.val_loss(y, truth) for y, truth in zip(pred, label)]
        return data, label, pred, loss

    def fit_batch(self, estimator, train_batch, batch_axis=0):
        """Predict a batch and compute the gradients; see `evaluate_batch`."""
        data, label = _divide(train_batch, estimator.context, batch_axis)
        with autograd.record():
            pred = [estimator.net(x) for x in data]
            loss = [estimator.loss(y, truth) for y, truth in zip(pred, label)]
        autograd.backward(loss)
        return data, label, pred, loss
