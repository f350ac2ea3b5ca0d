"""Products of matrices."""

from ..registry import translates


def swapped(g, value, rank):
    """The value with its last two axes exchanged."""
    return g.Transpose(value, perm=[*range(rank - 2), rank - 1, rank - 2])


def _matrix(node, g, i, first, turned):
    """An operand of dot as a matrix, whose columns (or rows: `first`) are what is summed over."""
    x, rank = node.inputs[i], node.rank(i)
    summed = 0 if first else rank - 1
    if rank == 2:
        return g.Transpose(x, perm=[1, 0]) if turned else x
    size = node.size(summed, i)
    flat = g.Reshape(x, g.ints(size, -1) if summed == 0 else g.ints(-1, size))
    return g.Transpose(flat, perm=[1, 0]) if turned else flat


@translates("dot", ignores=("forward_stype",))
def dot(node, g):
    """Sums over the last axis of lhs and the first one of rhs, or the other ones if turned."""
    attrs = node.attrs
    a = _matrix(node, g, 0, attrs.transpose_a, attrs.transpose_a)
    b = _matrix(node, g, 1, not attrs.transpose_b, attrs.transpose_b)
    if node.rank(0) == 1:
        a = g.Reshape(node.inputs[0], g.ints(1, -1))
    if node.rank(1) == 1:
        b = g.Reshape(node.inputs[1], g.ints(-1, 1))
    found = g.MatMul(a, b)
    if node.rank(0) == node.rank(1) == 2:
        return found
    if node.out_dims().count(None) > 1:
        node.refuse("needs all sizes but one", "export it with dynamic=False")
    return g.reshape(found, node.out_dims())


@translates("batch_dot", ignores=("forward_stype",))
def batch_dot(node, g):
    a, b = node.inputs
    if node.attrs.transpose_a:
        a = swapped(g, a, node.rank(0))
    if node.attrs.transpose_b:
        b = swapped(g, b, node.rank(1))
    return g.MatMul(a, b)


@translates("khatri_rao")
def khatri_rao(node, g):
    found = node.inputs[0]
    for other in node.inputs[1:]:
        product = g.Mul(g.unsqueeze(found, 1), g.unsqueeze(other, 0))
        found = g.Reshape(product, g.ints(-1, node.size(1)))
    return found
