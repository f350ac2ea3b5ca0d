"""Losses and metrics with arrays of mx.np. Each line is a snippet."""

_LOSSES = """
gluon.loss.L2Loss()(x, d.astype('float32'))
gluon.loss.L2Loss(weight=2.0)(x, y[:2, :2], np.array([[1.0], [2.0]]))
gluon.loss.L2Loss(batch_axis=1)(x, y[:2, :2])
gluon.loss.L1Loss()(x, d.astype('float32'))
gluon.loss.L1Loss(weight=0.5)(z, z * 2)
gluon.loss.SigmoidBinaryCrossEntropyLoss()(x - 2, np.array([[1, 0], [1, 0]]))
gluon.loss.SigmoidBCELoss()(x - 2, np.array([[1, 0], [1, 0]]), np.array([[1.0], [3.0]]))
gluon.loss.SigmoidBCELoss()(x - 2, np.array([[1, 0], [1, 0]]), None, np.array([[2.0, 3.0]]))
gluon.loss.SigmoidBCELoss(from_sigmoid=True)(x / 5, np.array([[1, 0], [1, 0]]))
gluon.loss.SigmoidBCELoss(from_sigmoid=True)(x / 5, np.array([[1, 0], [1, 0]]), None, np.array([[2.0, 3.0]]))
gluon.loss.SoftmaxCrossEntropyLoss()(x, np.array([0, 1]))
gluon.loss.SoftmaxCELoss()(y, np.array([3, 0, 1]), np.array([[0.5], [2.0], [1.0]]))
gluon.loss.SoftmaxCELoss(axis=1)(z, np.array([[0, 1, 2, 0], [2, 1, 0, 1]]))
gluon.loss.SoftmaxCELoss(sparse_label=False)(x, np.array([[0.5, 0.5], [0, 1]]))
gluon.loss.SoftmaxCELoss(from_logits=True)(-x, np.array([0, 1]))
gluon.loss.SoftmaxCELoss(weight=3.0)(x, np.array([0, 1], dtype='int32'))
""".strip().splitlines()


def _hybridized(snippet):
    loss, arguments = snippet.split(")(", 1)
    return f"n = {loss}); n.hybridize(); n({arguments}"


def _gradients(snippet):
    """The gradients of the first argument, which becomes one that records."""
    loss, arguments = snippet.split(")(", 1)
    names = [name for name in "xydz" if arguments.startswith(name)]
    if not names:
        return []
    name = names[0]
    begin = f"{name} = {name}.astype('float32'); {name}.attach_grad(); ag.set_recording(True)"
    body = f"l = {loss})({arguments}; ag.set_recording(False); l.backward(); {name}.grad"
    return [f"{begin}; {body}"]


_METRICS = """
m = mx.metric.TopKAccuracy(2); m.update([np.array([1, 2])], [np.array([[0.3, 0.6, 0.1], [0.5, 0.3, 0.2]])]); float(m.get()[1])
m = mx.metric.F1(); m.update([np.array([1, 0])], [np.array([[0.3, 0.7], [0.2, 0.8]])]); float(m.get()[1])
m = mx.metric.MCC(); m.update([np.array([1, 0])], [np.array([[0.3, 0.7], [0.6, 0.4]])]); float(m.get()[1])
m = mx.metric.MAE(); m.update([v], [v + 1]); float(m.get()[1])
m = mx.metric.MSE(); m.update([v], [v * 2]); float(m.get()[1])
m = mx.metric.RMSE(); m.update([v], [v * 2]); float(m.get()[1])
m = mx.metric.CrossEntropy(); m.update([np.array([1, 0])], [np.array([[0.3, 0.7], [0.2, 0.8]])]); float(m.get()[1])
m = mx.metric.NegativeLogLikelihood(); m.update([np.array([1, 0])], [np.array([[0.3, 0.7], [0.2, 0.8]])]); float(m.get()[1])
m = mx.metric.PearsonCorrelation(); m.update([v], [np.array([1.0, 0.5, 2.0])]); float(m.get()[1])
m = mx.metric.PCC(); m.update([np.array([1, 0])], [np.array([[0.3, 0.7], [0.2, 0.8]])]); float(m.get()[1])
m = mx.metric.CustomMetric(lambda l, p: float((l - p).sum())); m.update([v], [v * 2]); float(m.get()[1])
""".strip().splitlines()

SNIPPETS = [
    *_LOSSES,
    *map(_hybridized, _LOSSES),
    *(snippet for loss in _LOSSES for snippet in _gradients(loss)),
    *_METRICS,
]
