"""Matrix products."""

from ...dtypes import is_float
from ...registry import translates
from ...values import Size, broadcast_shapes
from ..tensor.shape import _product


@translates("MatMul")
def matmul(node, a, b):
    return multiply(node, a, b)


def multiply(node, a, b):
    """The product of matrices, of vectors, and of stacks of matrices that broadcast."""
    dtype = a.dtype
    if not is_float(dtype):
        wide = multiply(node, node.cast(a, "float64"), node.cast(b, "float64"))
        return node.cast(wide, dtype)
    if a.rank == 1 or b.rank == 1:
        left = node.expand_dims(a, 0) if a.rank == 1 else a
        right = node.expand_dims(b, 1) if b.rank == 1 else b
        result = multiply(node, left, right)
        shape = list(result.shape)
        if b.rank == 1:
            del shape[-1]
        if a.rank == 1:
            del shape[-1 if b.rank == 1 else -2]
        return node.reshape(result, shape)
    if b.rank == 2 and b.is_constant and not a.is_constant:
        weight, units = node.transpose(b, (1, 0)), b.shape[1]
        result = node.op(
            "FullyConnected", a, weight, num_hidden=units, no_bias=True, flatten=False
        ).like(dtype=dtype)
        node.reader.builder.products[result.symbol.name] = (a, weight, units)
        return result
    if a.rank == b.rank == 2:
        return node.op("dot", a, b).like(dtype=dtype)
    b, turned = _turned_back(node, b)
    lead = broadcast_shapes(a.shape[:-2], b.shape[:-2])
    count = _product(lead)
    left = node.broadcast_to(a, (*lead, *a.shape[-2:]))
    right = node.broadcast_to(b, (*lead, *b.shape[-2:]))
    left = node.reshape(left, (count, *a.shape[-2:]))
    right = node.reshape(right, (count, *b.shape[-2:]))
    result = node.op("batch_dot", left, right, transpose_b=turned).like(dtype=dtype)
    return node.reshape(result, (*lead, a.shape[-2], b.shape[-2 if turned else -1]))


def _turned_back(node, x):
    """A stack of matrices before its last two axes were exchanged, and whether they were."""
    found = None if x.symbol is None else node.reader.builder.turned.get(x.symbol.name)
    if found is None or found[1] != (*range(x.rank - 2), x.rank - 1, x.rank - 2):
        return x, False
    return found[0].like(dtype=x.dtype), True


@translates("Add")
def add(node, a, b):
    for product, bias in ((a, b), (b, a)):
        parts = None
        if product.symbol is not None and bias.is_constant:
            parts = node.reader.builder.products.get(product.symbol.name)
        if parts is not None and bias.shape == (parts[2],):
            x, weight, units = parts
            layer = node.op("FullyConnected", x, weight, bias, num_hidden=units, flatten=False)
            return layer.like(product.shape, product.dtype)
    return node.add(a, b)


@translates("Gemm")
def gemm(node, a, b, c=None):
    alpha, beta = node.attr("alpha", 1.0), node.attr("beta", 1.0)
    if node.attr("transA", 0):
        a = node.transpose(a, (1, 0))
    transposed = node.attr("transB", 0)
    weight = b if transposed else node.transpose(b, (1, 0))
    if not is_float(a.dtype):
        result = node.scale(multiply(node, a, node.transpose(weight, (1, 0))), alpha)
        return result if c is None else node.add(result, node.scale(c, beta))
    width = weight.shape[0]
    if b.is_constant and not isinstance(width, Size) and alpha == 1:
        bias = []
        if c is not None and c.is_constant and c.shape in ((width,), (1, width)) and beta == 1:
            bias, c = [node.reshape(c, (width,))], None
        result = node.op(
            "FullyConnected", a, weight, *bias, num_hidden=width, no_bias=not bias, flatten=False
        ).like(dtype=a.dtype)
    else:
        result = node.scale(multiply(node, a, node.transpose(weight, (1, 0))), alpha)
    return result if c is None else node.add(result, node.scale(c, beta))


@translates("Det")
def determinant(node, x):
    stacked = x if x.rank > 2 else node.expand_dims(x, 0)
    return node.op("_linalg_det", stacked).like(x.shape[:-2], x.dtype)
