"""Norms whose statistics are those of each instance: of layers, instances and groups."""

from ...registry import translates


def _standardised(g, x, axes, eps, dtype):
    """(x - mean) / deviation over axes, the mean and the deviation."""
    mean = g.reduce("ReduceMean", x, axes, True)
    off = g.Sub(x, mean)
    variance = g.reduce("ReduceMean", g.Mul(off, off), axes, True)
    deviation = g.Sqrt(g.Add(variance, g.number(eps, dtype)))
    return g.Div(off, deviation), mean, deviation


@translates("LayerNorm")
def layer_norm(node, g):
    attrs, (x, gamma, beta) = node.attrs, node.inputs
    axis, dtype = node.axis(attrs.axis), node.dtype()
    if axis == node.rank() - 1 and g.opset >= 17 and not attrs.output_mean_var:
        return g.LayerNormalization(x, gamma, beta, axis=axis, epsilon=attrs.eps)
    normal, mean, deviation = _standardised(g, x, [axis], attrs.eps, dtype)
    behind = range(1, node.rank() - axis)
    if behind:
        gamma, beta = g.unsqueeze(gamma, *behind), g.unsqueeze(beta, *behind)
    found = g.Add(g.Mul(normal, gamma), beta)
    if not attrs.output_mean_var:
        return found
    if node.out_dims(1) != node.out_dims(0)[:axis] + (1,) + node.out_dims(0)[axis + 1 :]:
        mean, deviation = g.squeeze(mean, axis), g.squeeze(deviation, axis)
    return [found, mean, deviation]


@translates("InstanceNorm", kind="one")
def instance_norm(node, g):
    return g.InstanceNormalization(*node.inputs, epsilon=node.attrs.eps)


@translates("GroupNorm")
def group_norm(node, g):
    attrs, (x, gamma, beta) = node.attrs, node.inputs
    rows = g.Reshape(x, g.ints(0, attrs.num_groups, -1))
    normal, mean, deviation = _standardised(g, rows, [2], attrs.eps, node.dtype())
    found = g.Add(g.Mul(normal, g.unsqueeze(gamma, 1)), g.unsqueeze(beta, 1))
    found = g.Reshape(found, g.Shape(x))
    if not attrs.output_mean_var:
        return found
    return [found, g.squeeze(mean, 2), g.squeeze(deviation, 2)]


@translates("L2Normalization")
def l2_normalization(node, g):
    x, dtype, rank = node.inputs[0], node.dtype(), node.rank()
    axes = {"instance": range(1, rank), "channel": [1], "spatial": range(2, rank)}
    squares = g.reduce("ReduceSum", g.Mul(x, x), axes[node.attrs.mode], True)
    return g.Div(x, g.Sqrt(g.Add(squares, g.number(node.attrs.eps, dtype))))


@translates("LRN", kind="one")
def lrn(node, g):
    """Over channels; all other axes but the first are one place each."""
    attrs, x = node.attrs, node.inputs[0]
    flat = x if node.rank() == 4 else g.Reshape(x, g.ints(0, node.size(1), -1, 1))
    found = g.LRN(flat, alpha=attrs.alpha, beta=attrs.beta, bias=attrs.knorm, size=attrs.nsize)
    return found if node.rank() == 4 else g.Reshape(found, g.Shape(x))
