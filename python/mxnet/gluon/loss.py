"""Losses: what training makes small. Each gives one number for each example of a batch."""

import math

from .. import _absent, error
from .block import HybridBlock

__all__ = [
    "Loss",
    "L2Loss",
    "L1Loss",
    "SigmoidBinaryCrossEntropyLoss",
    "SigmoidBCELoss",
    "SoftmaxCrossEntropyLoss",
    "SoftmaxCELoss",
    "KLDivLoss",
    "HuberLoss",
    "HingeLoss",
    "SquaredHingeLoss",
    "LogisticLoss",
    "TripletLoss",
    "PoissonNLLLoss",
    "CosineEmbeddingLoss",
    "SDMLLoss",
    "CTCLoss",
]

__getattr__ = _absent.getter(__name__)


def _apply_weighting(F, loss, weight=None, sample_weight=None):
    """A loss times a number and times a weight for each example."""
    if sample_weight is not None:
        loss = F.broadcast_mul(loss, sample_weight)
    if weight is not None:
        if isinstance(weight, bool) or not isinstance(weight, (int, float)):
            raise error.AssertionError(
                f"Loss: weight={weight!r} is of type {type(weight).__name__}; expected a number"
            )
        loss = loss * weight
    return loss


def _reshape_like(F, x, y):
    """`x` in the shape of `y`."""
    return F.reshape_like(x, y)


class Loss(HybridBlock):
    """Base of losses.

    Args:
        weight (float): Factor of the loss; None for none.
        batch_axis (int): The axis of the examples.
        **kwargs: See `Block`.
    """

    def __init__(self, weight, batch_axis, **kwargs):
        super().__init__(**kwargs)
        self._weight = weight
        self._batch_axis = batch_axis

    def __repr__(self):
        return f"{type(self).__name__}(batch_axis={self._batch_axis}, w={self._weight})"

    def _mean(self, F, loss):
        """The mean of each example."""
        return F.mean(loss, axis=self._batch_axis, exclude=True)


class L2Loss(Loss):
    """Half of the mean of the squared differences.

    Args:
        weight (float): Factor of the loss.
        batch_axis (int): The axis of the examples.

    Inputs:
        pred, label of the same number of elements, and sample_weight that broadcasts to them.
    """

    def __init__(self, weight=1.0, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        loss = F.square(_reshape_like(F, label, pred) - pred)
        return self._mean(F, _apply_weighting(F, loss, self._weight / 2, sample_weight))


class L1Loss(Loss):
    """The mean of the absolute differences; see `L2Loss` for the inputs."""

    def __init__(self, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        loss = F.abs(_reshape_like(F, label, pred) - pred)
        return self._mean(F, _apply_weighting(F, loss, self._weight, sample_weight))


class SigmoidBinaryCrossEntropyLoss(Loss):
    """Cross entropy of yes-or-no labels.

    Args:
        from_sigmoid (bool): Whether predictions are probabilities already.
        weight (float): Factor of the loss.
        batch_axis (int): The axis of the examples.

    Inputs:
        pred, label (0 to 1) of the same number of elements, sample_weight and pos_weight, the
        weight of positive labels, that broadcast to them.
    """

    def __init__(self, from_sigmoid=False, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._from_sigmoid = from_sigmoid

    def hybrid_forward(self, F, pred, label, sample_weight=None, pos_weight=None):
        label = _reshape_like(F, label, pred)
        of_probabilities = self._probabilities if self._from_sigmoid else self._logits
        loss = of_probabilities(F, pred, label, pos_weight)
        return self._mean(F, _apply_weighting(F, loss, self._weight, sample_weight))

    @staticmethod
    def _logits(F, pred, label, pos_weight):
        # log(1 + exp(-|x|)) does not overflow.
        soft = F.Activation(-F.abs(pred), act_type="softrelu")
        if pos_weight is None:
            return F.relu(pred) - pred * label + soft
        factor = 1 + F.broadcast_mul(pos_weight - 1, label)
        return pred - pred * label + factor * (soft + F.relu(-pred))

    @staticmethod
    def _probabilities(F, pred, label, pos_weight):
        tiny = 1e-12
        positive = F.log(pred + tiny) * label
        if pos_weight is not None:
            positive = F.broadcast_mul(positive, pos_weight)
        return -(positive + F.log(1.0 - pred + tiny) * (1.0 - label))


SigmoidBCELoss = SigmoidBinaryCrossEntropyLoss


class SoftmaxCrossEntropyLoss(Loss):
    """Cross entropy of classes.

    Args:
        axis (int): The axis of the classes.
        sparse_label (bool): Whether labels are numbers of classes; else they are probabilities.
        from_logits (bool): Whether predictions are logarithms of probabilities already.
        weight (float): Factor of the loss.
        batch_axis (int): The axis of the examples.

    Inputs:
        pred; label of its shape without `axis`, or of its shape without `sparse_label`;
        sample_weight that broadcasts to label, with `axis` kept.
    """

    def __init__(
        self,
        axis=-1,
        sparse_label=True,
        from_logits=False,
        weight=None,
        batch_axis=0,
        **kwargs,
    ):
        super().__init__(weight, batch_axis, **kwargs)
        self._axis = axis
        self._sparse_label = sparse_label
        self._from_logits = from_logits

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        if not self._from_logits:
            pred = F.log_softmax(pred, axis=self._axis)
        if self._sparse_label:
            loss = -F.pick(pred, label, axis=self._axis, keepdims=True)
        else:
            label = _reshape_like(F, label, pred)
            loss = -F.sum(pred * label, axis=self._axis, keepdims=True)
        return self._mean(F, _apply_weighting(F, loss, self._weight, sample_weight))


SoftmaxCELoss = SoftmaxCrossEntropyLoss


class KLDivLoss(Loss):
    """The Kullback-Leibler divergence of label from prediction.

    Args:
        from_logits (bool): Whether predictions are logarithms of probabilities already.
        axis (int): The axis of the classes.
        weight (float): Factor of the loss.
        batch_axis (int): The axis of the examples.
    """

    def __init__(self, from_logits=True, axis=-1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._from_logits = from_logits
        self._axis = axis

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        if not self._from_logits:
            pred = F.log_softmax(pred, axis=self._axis)
        loss = label * (F.log(label + 1e-12) - pred)
        loss = _apply_weighting(F, loss, self._weight, sample_weight)
        return F.sum(loss, axis=self._batch_axis, exclude=True)


class HuberLoss(Loss):
    """Quadratic for differences up to `rho`, and linear beyond.

    Args:
        rho (float): Where it changes.
        weight (float): Factor of the loss.
        batch_axis (int): The axis of the examples.
    """

    def __init__(self, rho=1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._rho = rho

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        loss = F.abs(_reshape_like(F, label, pred) - pred)
        loss = F.where(loss > self._rho, loss - 0.5 * self._rho, (0.5 / self._rho) * F.square(loss))
        return self._mean(F, _apply_weighting(F, loss, self._weight, sample_weight))


class HingeLoss(Loss):
    """How far predictions are from being right by `margin`; labels are -1 and 1.

    Args:
        margin (float): The margin.
        weight (float): Factor of the loss.
        batch_axis (int): The axis of the examples.
    """

    def __init__(self, margin=1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        loss = F.relu(self._margin - pred * _reshape_like(F, label, pred))
        return self._mean(F, _apply_weighting(F, loss, self._weight, sample_weight))


class SquaredHingeLoss(Loss):
    """The square of what `HingeLoss` takes the mean of.

    Args:
        margin (float): The margin.
        weight (float): Factor of the loss.
        batch_axis (int): The axis of the examples.
    """

    def __init__(self, margin=1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        loss = F.square(F.relu(self._margin - pred * _reshape_like(F, label, pred)))
        return self._mean(F, _apply_weighting(F, loss, self._weight, sample_weight))


class LogisticLoss(Loss):
    """``log(1 + exp(-pred * label))``.

    Args:
        weight (float): Factor of the loss.
        batch_axis (int): The axis of the examples.
        label_format (str): 'signed' for labels -1 and 1, 'binary' for 0 and 1.
    """

    def __init__(self, weight=None, batch_axis=0, label_format="signed", **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        if label_format not in ("signed", "binary"):
            raise error.ValueError(
                f"LogisticLoss: label_format={label_format!r} is not known; expected 'signed' or "
                "'binary'"
            )
        self._label_format = label_format

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        label = _reshape_like(F, label, pred)
        if self._label_format == "signed":
            label = (label + 1.0) / 2.0
        loss = F.relu(pred) - pred * label + F.Activation(-F.abs(pred), act_type="softrelu")
        return self._mean(F, _apply_weighting(F, loss, self._weight, sample_weight))


class TripletLoss(Loss):
    """How far a prediction is from being nearer to `positive` than to `negative` by `margin`.

    Args:
        margin (float): The margin.
        weight (float): Factor of the loss.
        batch_axis (int): The axis of the examples.
    """

    def __init__(self, margin=1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def hybrid_forward(self, F, pred, positive, negative):
        positive = _reshape_like(F, positive, pred)
        negative = _reshape_like(F, negative, pred)
        difference = F.square(positive - pred) - F.square(negative - pred)
        loss = F.sum(difference, axis=self._batch_axis, exclude=True)
        return _apply_weighting(F, F.relu(loss + self._margin), self._weight)


class PoissonNLLLoss(Loss):
    """The negative logarithm of the likelihood of counts, the mean over all.

    Args:
        weight (float): Factor of the loss.
        from_logits (bool): Whether predictions are logarithms of rates.
        batch_axis (int): The axis of the examples.
        compute_full (bool): Whether the part that does not depend on the predictions is added, by
            Stirling's formula.
    """

    def __init__(self, weight=None, from_logits=True, batch_axis=0, compute_full=False, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._from_logits = from_logits
        self._compute_full = compute_full

    def hybrid_forward(self, F, pred, target, sample_weight=None, epsilon=1e-08):
        target = _reshape_like(F, target, pred)
        if self._from_logits:
            loss = F.exp(pred) - target * pred
        else:
            loss = pred - target * F.log(pred + epsilon)
        if self._compute_full:
            stirling = target * F.log(target) - target + 0.5 * F.log(2 * target * math.pi)
            loss = loss + F.where(target > 1, stirling, F.zeros_like(target))
        return F.mean(_apply_weighting(F, loss, self._weight, sample_weight))


class CosineEmbeddingLoss(Loss):
    """``1 - cos`` of vectors with label 1, ``max(0, cos - margin)`` of those with label -1.

    Args:
        weight (float): Factor of the loss.
        batch_axis (int): The axis of the examples.
        margin (float): The margin.
    """

    def __init__(self, weight=None, batch_axis=0, margin=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def hybrid_forward(self, F, input1, input2, label, sample_weight=None):
        input1 = _reshape_like(F, input1, input2)
        cosine = self._cosine(F, input1, input2)
        label = F.reshape(label, (-1, 1))
        apart = F.broadcast_maximum(F.zeros_like(cosine), cosine - self._margin)
        loss = (label == 1) * (1 - cosine) + (label == -1) * apart
        return _apply_weighting(F, loss, self._weight, sample_weight)

    @staticmethod
    def _cosine(F, x, y):
        product = F.sum(x * y, axis=-1).reshape((-1, 1))
        lengths = (F.norm(x, axis=-1) * F.norm(y, axis=-1)).reshape((-1, 1))
        return product / F.broadcast_maximum(lengths, F.ones_like(lengths) * 1e-12)


class SDMLLoss(Loss):
    """Smoothed deep metric learning: row i of one batch belongs to row i of the other.

    Args:
        smoothing_parameter (float): Share of probability given to the other rows.
        weight (float): Factor of the loss.
        batch_axis (int): The axis of the examples.
    """

    def __init__(self, smoothing_parameter=0.3, weight=1.0, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self.kl_loss = KLDivLoss(from_logits=True)
        self.smoothing_parameter = smoothing_parameter

    def _distances(self, F, x, y):
        """Squared distances of all pairs of rows."""
        difference = F.expand_dims(x, 1)
        return F.sum(F.square(F.broadcast_sub(difference, F.expand_dims(y, 0))), axis=2)

    def _labels(self, F, distances):
        """Probabilities: most for the pair, the rest shared by the others."""
        size = F.sum(F.slice_axis(F.ones_like(distances), axis=1, begin=0, end=1))
        ones = F.ones_like(distances)
        # The diagonal, by position and not by number, so that it works for symbols.
        rows = F.broadcast_like(F.expand_dims(F.contrib.arange_like(distances, axis=0), 1), ones)
        columns = F.broadcast_like(F.expand_dims(F.contrib.arange_like(distances, axis=1), 0), ones)
        pairs = F._internal._equal(rows, columns)  # as numbers, also with arrays of mx.np
        others = self.smoothing_parameter / (size - 1)
        return pairs * (1 - self.smoothing_parameter) + F.broadcast_mul(1 - pairs, others)

    def hybrid_forward(self, F, x1, x2):
        distances = self._distances(F, x1, x2)
        logits = F.log_softmax(-distances, axis=1)
        return self.kl_loss(logits, self._labels(F, distances))


class CTCLoss(Loss):
    """Connectionist temporal classification (Graves et al. 2006), for labels without places.

    The last class stands for "no label here".

    Args:
        layout (str): Axes of the predictions: "NTC" or "TNC" (examples, steps, classes).
        label_layout (str): Axes of the labels: "NT" or "TN".
        weight (float): Factor of the loss.
        **kwargs: See `Block`.

    Inputs:
        pred, scores before softmax; label, class numbers, padded with -1; pred_lengths and
        label_lengths, each (examples,), where predictions or labels end before the array does; and
        sample_weight.

    Raises:
        AssertionError: A layout is none of these.
    """

    def __init__(self, layout="NTC", label_layout="NT", weight=None, **kwargs):
        for name, value, known in (
            ("layout", layout, ("NTC", "TNC")),
            ("label_layout", label_layout, ("NT", "TN")),
        ):
            if value not in known:
                raise error.AssertionError(
                    f"CTCLoss: {name}={value!r} is unknown; expected {known[0]!r} or {known[1]!r}"
                )
        super().__init__(weight, label_layout.find("N"), **kwargs)
        self._layout = layout
        self._label_layout = label_layout

    def hybrid_forward(
        self, F, pred, label, pred_lengths=None, label_lengths=None, sample_weight=None
    ):
        if self._layout == "NTC":
            pred = F.swapaxes(pred, 0, 1)
        if self._batch_axis == 1:
            label = F.swapaxes(label, 0, 1)
        loss = F.CTCLoss(
            pred,
            label,
            pred_lengths,
            label_lengths,
            use_data_lengths=pred_lengths is not None,
            use_label_lengths=label_lengths is not None,
            blank_label="last",
        )
        return _apply_weighting(F, loss, self._weight, sample_weight)
