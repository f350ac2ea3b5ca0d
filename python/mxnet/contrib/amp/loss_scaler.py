"""The factor that keeps small gradients of float16 from becoming zero."""

import logging

from ... import autograd
from ... import ndarray as nd

__all__ = ["LossScaler"]

_FIRST_SCALE = 2.0**16
_LARGEST_SCALE = 2.0**24
_STEPS_BETWEEN_RAISES = 2000


class LossScaler:
    """Halves the factor when gradients overflow, doubles it after many steps that went well.

    A new factor counts from the step after next on, as in MXNet 1.9.1.
    """

    def __init__(self):
        self._loss_scale = _FIRST_SCALE
        self._next_loss_scale = self._loss_scale
        self._max_loss_scale = _LARGEST_SCALE
        self._scale_seq_len = _STEPS_BETWEEN_RAISES
        self._unskipped = 0

    @property
    def loss_scale(self):
        """What losses are multiplied by (float)."""
        return self._loss_scale

    def has_overflow(self, params):
        """Whether a gradient is infinite or NaN, so that the step must be skipped.

        Args:
            params (list of Parameter): Those whose gradients count.

        Returns:
            bool: That; the factor is adapted.
        """
        is_overflow = not _all_finite(params)
        self._loss_scale = self._next_loss_scale
        if is_overflow:
            self._next_loss_scale = self._loss_scale / 2.0
            self._unskipped = 0
            logging.info("AMP: decreasing loss scale to %f", self._next_loss_scale)
        else:
            self._unskipped += 1
        if self._unskipped == self._scale_seq_len:
            self._unskipped = 0
            self._next_loss_scale = min(self._max_loss_scale, self._loss_scale * 2.0)
            logging.info("AMP: increasing loss scale to %f", self._next_loss_scale)
        return is_overflow


def _all_finite(params):
    """Asks each device once about all gradients there."""
    by_device = {}
    for parameter in params:
        if parameter.grad_req != "null":
            for gradient in parameter.list_grad():
                by_device.setdefault(gradient.context, []).append(gradient)
    with autograd.pause():
        answers = [
            nd.multi_all_finite(*gradients, num_arrays=len(gradients))
            for gradients in by_device.values()
        ]
    return all(answer.asscalar() for answer in answers)
