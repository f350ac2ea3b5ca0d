"""Dense layers."""

from ..registry import translates


@translates("FullyConnected", kind="one", ignores=("no_bias", "num_hidden"))
def fully_connected(node, g):
    data, weight, *bias = node.inputs
    if node.attrs.flatten or node.rank() == 2:
        data = data if node.rank() == 2 else g.Flatten(data, axis=1)
        return g.Gemm(data, weight, *bias, transB=1)
    found = g.MatMul(data, g.Transpose(weight, perm=[1, 0]))
    return g.Add(found, bias[0]) if bias else found
