"""Where the largest and smallest elements are."""

from ..registry import translates


def _place(node, g, kind, axis, keepdims):
    x = node.inputs[0]
    if axis is None:
        found = g.add(kind, [g.Reshape(x, g.ints(-1))], axis=0, keepdims=1)
        if keepdims:
            found = g.Reshape(found, g.ints(*[1] * node.rank()))
    else:
        found = g.add(kind, [x], axis=node.axis(axis), keepdims=int(keepdims))
        if node.rank() == 1 and not keepdims:
            found = g.Reshape(found, g.ints(1))
    return g.cast(found, node.out_dtype())


@translates("argmax")
def argmax(node, g):
    return _place(node, g, "ArgMax", node.attrs.axis, node.attrs.keepdims)


@translates("argmin")
def argmin(node, g):
    return _place(node, g, "ArgMin", node.attrs.axis, node.attrs.keepdims)


@translates("argmax_channel")
def argmax_channel(node, g):
    return _place(node, g, "ArgMax", 1, False)
